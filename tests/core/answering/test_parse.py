"""A model's answer becomes claims whatever its form; nothing that acts is left in it."""

from __future__ import annotations

import pytest

from core.answering.parse import parse


@pytest.mark.parametrize(
    "raw",
    [
        "- Net sales were $5 million [1].\n- Costs fell [2][3].",
        "1. Net sales were $5 million. [1]\n2. Costs fell [2, 3]",
        "Here is the answer:\n**Net sales were $5 million** [1]. Costs fell [2][3].",
        '```json\n{"claims": [{"text": "Net sales were $5 million", "citations": [1]}, '
        '{"text": "Costs fell", "citations": [2, 3]}]}\n```',
        "<think>secret [9]</think>- Net sales were $5 million 【1】\n- Costs fell (sources 2, 3)",
    ],
)
def test_bullets_lists_prose_json_and_reasoning_are_read_alike(raw: str) -> None:
    claims, missing = parse(raw)
    assert [c.text.rstrip(".") for c in claims] == ["Net sales were $5 million", "Costs fell"]
    assert [c.citations for c in claims] == [(1,), (2, 3)]
    assert missing == []


def test_what_a_model_lacks_is_missing_and_no_claim() -> None:
    assert parse("INSUFFICIENT: the revenue of 1884") == ([], ["the revenue of 1884"])


def test_links_images_and_markup_never_reach_a_claim() -> None:
    claims, _ = parse(
        "- See [the report](https://evil.example/x) ![p](http://evil.example/i.png) <b>now</b> www.evil.example [1]"
    )
    assert "evil" not in claims[0].text and "<" not in claims[0].text


def test_a_judgement_rests_on_the_claims_that_cite_its_numbers() -> None:
    claims, _ = parse("- Costs fell [2].\n- Judgement: Acme is getting leaner [2].")
    assert claims[1].kind == "judgement" and claims[1].based_on == (0,)


def test_the_tail_of_a_cut_sentence_is_no_claim_and_a_short_name_is() -> None:
    assert parse("technology. [1]")[0] == []
    assert [c.text for c in parse("Rochester, Minnesota [1]")[0]] == ["Rochester, Minnesota"]
    assert [c.text for c in parse("10.4% [2]")[0]] == ["10.4%"]
