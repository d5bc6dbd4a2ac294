"""Printed labels are matched to standard lines. `gold_wording.tsv` was written by hand from the wording of US annual
reports of all sectors, before the patterns were tried on it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from verticals.finance.statements.concepts import by_tag, lines, match, plain_label

with (Path(__file__).parent / "gold_wording.tsv").open(encoding="utf-8") as file:
    GOLD = list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", GOLD, ids=lambda r: f"{r['section']} {r['label']}".strip()[:60])
def test_label_is_matched_to_its_line(row: dict[str, str]) -> None:
    found = match(row["label"], row["statement"], row["section"])
    assert (found[0].line.name if found else "") == row["line"]


def test_every_line_is_complete_and_its_patterns_compile() -> None:
    assert len(lines()) > 120
    for line in lines().values():
        assert line.statement in {"income_statement", "balance_sheet", "cash_flow", "comprehensive_income", "other"}
        assert line.unit in {"money", "per_share", "shares", "ratio", "count"}
        assert line.label and line.source and line.synonyms
        for synonym in line.synonyms:
            re.compile(synonym)


def test_no_pattern_asks_for_characters_that_a_plain_label_never_has() -> None:
    for line in lines().values():
        for synonym in line.synonyms:
            literal = re.sub(r"\(\?[!<=]+|[\\]b|[()|?*+.\[\]$^]|>", " ", synonym)
            assert not re.search(r"[A-Z,;:'&-]", literal.replace("a-z", "")), (line.name, synonym)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("Net income (loss)", "net income"),
        ("Total stockholders’ equity", "total shareholders equity"),
        ("Shareowners' equity", "shareholders equity"),
        ("Cost of sales (Note 5)", "cost of sales"),
        ("Accounts receivable, net of allowances of $95 and $103", "accounts receivable net of allowances"),
        ("Common stock, par value $.01 per share; 60,000,000 shares issued", "common stock"),
        ("Non-current assets", "noncurrent assets"),
        ("Selling, general & administrative", "selling general and administrative"),
    ],
)
def test_plain_label(printed: str, plain: str) -> None:
    assert plain_label(printed) == plain


def test_a_tag_is_the_surest_line_first() -> None:
    assert by_tag("us-gaap:NetIncomeLoss")[0].line.name == "net_income"
    assert by_tag("us-gaap:ProfitLoss")[0].line.name == "net_income_including_noncontrolling"
    assert by_tag("us-gaap:NoSuchTag") == ()
