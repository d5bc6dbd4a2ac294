"""The education vertical passes what every vertical passes."""

from __future__ import annotations

from tests.conformance.vertical import VerticalConformance


class TestEducation(VerticalConformance):
    name = "education"
    module = "verticals.education"
    markdown = """# Levers and pulleys

## The law of the lever

A lever is in balance when force times arm is the same on both sides of the fulcrum.

## Pulleys

A fixed pulley changes the direction of a force and leaves its size as it is.

## Exercises

1. A child sits two metres from the fulcrum of a seesaw. Where must her brother sit?
"""
    pages = (
        "Lesson one. Friction acts against the motion of a body on a surface.",
        "Lesson two. The period of a pendulum depends on its length and not on the mass of its bob.",
        "Lesson three. Work is done when a force moves its point of application.",
    )
    question = "When is a lever in balance?"
    words = "force times arm is the same on both sides"
    page_question = "What does the period of a pendulum depend on?"
    page_words = "depends on its length and not on the mass"
    absent = "Who signed the treaty of Tordesillas for the Portuguese crown?"
