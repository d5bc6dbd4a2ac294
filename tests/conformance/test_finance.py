"""The finance vertical passes what every vertical passes."""

from __future__ import annotations

from tests.conformance.vertical import VerticalConformance


class TestFinance(VerticalConformance):
    name = "finance"
    module = "verticals.finance"
    markdown = """# Harrowgate Valves plc: annual review 2023

## Business

Harrowgate Valves plc makes control valves for water utilities. It sells them in eleven countries.

## Principal risks

A single foundry in Sheffield casts two thirds of the company's valve bodies, and its closure would stop deliveries.

## Employees

The company trained forty apprentices during the year.
"""
    pages = (
        "Harrowgate Valves plc. Letter to shareholders. The board met nine times during the year.",
        "Legal proceedings. A former distributor in Lisbon has sued the company over the ending of its contract.",
        "Properties. The company rents its head office in Harrogate and owns the land of its foundry.",
    )
    question = "Which foundry casts most of the valve bodies of Harrowgate Valves?"
    words = "A single foundry in Sheffield"
    page_question = "Who has sued Harrowgate Valves over the ending of its contract?"
    page_words = "A former distributor in Lisbon"
    absent = "What was the revenue of the Ottoman Railway Company in 1884?"
