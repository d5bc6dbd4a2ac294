"""The healthcare vertical passes what every vertical passes."""

from __future__ import annotations

from tests.conformance.vertical import VerticalConformance


class TestHealthcare(VerticalConformance):
    name = "healthcare"
    module = "verticals.healthcare"
    markdown = """# Ferolux tablets: prescribing information

## Indications and usage

Ferolux is indicated for iron deficiency in adults who cannot take oral iron salts.

## Contraindications

Ferolux is contraindicated in patients with haemochromatosis.

## Adverse reactions

Dark stools were reported by one patient in ten.
"""
    pages = (
        "Ward guideline. Hand hygiene is done before and after each contact with a patient.",
        "Catheters. An unused urinary catheter is removed on the day on which it is found.",
        "Waste. Sharps go into the yellow container and never into a bag.",
    )
    question = "In which patients is Ferolux contraindicated?"
    words = "contraindicated in patients with haemochromatosis"
    page_question = "When is an unused urinary catheter removed?"
    page_words = "removed on the day on which it is found"
    absent = "What is the half-life of zoledronic acid in the bones of horses?"
