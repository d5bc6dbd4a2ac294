"""Tagged numbers of a filing -> values of the standard lines, each with its period, statement and printed row.

A number may be tagged in several places (statement, notes, segments). For each line and period one consolidated value
is chosen: first the one in the line's own statement, then by the order of tags in `concepts.tsv`, then the more exact.
Segment, product and equity-member values keep their dimensions and stand beside it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from core.evidence import Block, Document, Locator, Source, Table, Tagged, Value, content_id
from core.reading.html_table import is_number
from verticals.finance.statements.concepts import Line, by_tag, lines, match, plain_label

_LEAST_LINES = 5
"""Standard lines that a table must show to be taken for a statement."""
_STATEMENTS = ("income_statement", "balance_sheet", "cash_flow", "comprehensive_income")
_NEAR = 12
"""Blocks within which a statement goes on in another table."""
_CONTINUES = 3
"""Lines that such a table must add."""
_BY_LABEL = 100
"""Rank of a line found by its printed label, after all that are found by a tag."""
_LONGEST_QUOTE = 400
_NEGATIVE = re.compile(r"^[^\d]*[(\-\u2212\u2013\u2014]")
_LIABILITY = re.compile(r"Payable|Liabilit|Accrued|DeferredRevenue|UnearnedRevenue|CustomerAdvances|Obligation")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a tagged number is printed: its cell or sentence, as quoted."""

    locator: Locator
    label: str
    printed: str
    quote: str
    statement: str
    section: str = ""


def tagged_values(document: Document, source: Source) -> list[Value]:
    """The values that the inline XBRL of `document` states, in reading order; [] where it has none.

    Consolidated values: one for each (metric, period). A row of a statement that no standard line knows has its label
    as metric (`plain_label`, words joined by "_"; the tag's words where two rows share a label). Values in no visible
    block are left out: they cannot be cited.
    """
    statements = statement_tables(document)
    rows = [block.text.split("\n") for block in document.blocks]
    read: list[_Read] = []
    for order, fact in enumerate(document.tagged):
        if fact.block is None:
            continue
        place = _place(fact, document.blocks[fact.block], rows[fact.block], statements.get(fact.block, ""))
        if place is not None:
            read.extend(_Read(order, fact, place, metric, line, rank) for metric, line, rank in _metrics(fact, place))
    named = defaultdict(set)
    for item in read:
        if item.line is None:
            named[item.metric].add(item.fact.concept)
    chosen: dict[tuple[object, ...], _Read] = {}
    for item in read:
        if item.line is None and len(named[item.metric]) > 1:
            item = replace(item, metric=_words(item.fact.concept))
        key = (item.metric, item.fact.period, item.fact.dimensions, item.fact.unit)
        held = chosen.get(key)
        if held is None or item.preference < held.preference:
            chosen[key] = item
    found = sorted(chosen.values(), key=lambda item: (item.order, item.metric))
    return [_value(item, source) for item in found]


def has_statements(document: Document) -> bool:
    """Whether the filing itself holds a tagged income statement, balance sheet or cash flow statement."""
    return bool(set(statement_tables(document).values()) & set(_STATEMENTS[:3]))


def statement_tables(document: Document) -> dict[int, str]:
    """Position in `document.blocks` -> statement, for the tables that are the filing's primary statements.

    A statement is the table that shows the most of its standard lines for the consolidated entity, and tables near it
    that go on with lines that it has not (a balance sheet on two pages).
    """
    shown: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for fact in document.tagged:
        if fact.block is None or fact.dimensions or document.blocks[fact.block].table is None:
            continue
        for found_line in by_tag(fact.concept):
            if found_line.rank <= 1:
                shown[fact.block][found_line.line.statement].add(found_line.line.name)
    found: dict[int, str] = {}
    for statement in _STATEMENTS:
        counts = {b: len(n[statement]) for b, n in shown.items() if n[statement] and b not in found}
        if statement == "comprehensive_income":
            counts = {b: n for b, n in counts.items() if n >= max(len(s) for s in shown[b].values()) - 1}
        elif max(counts.values(), default=0) < _LEAST_LINES:
            continue
        if not counts:
            continue
        best = min(counts, key=lambda b: (-counts[b], b))
        have = set(shown[best][statement])
        found[best] = statement
        for block in sorted(counts, key=lambda b: abs(b - best)):
            new = shown[block][statement] - have
            if block != best and abs(block - best) <= _NEAR and len(new) >= _CONTINUES and len(new) == counts[block]:
                found[block] = statement
                have |= new
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """A tagged number as a candidate for one metric."""

    order: int
    fact: Tagged
    place: _Place
    metric: str
    line: Line | None
    rank: int

    @property
    def preference(self) -> tuple[bool, bool, int, int, int]:
        """Lower is preferred: in the line's own statement, in any, the surer tag, the more exact, the first."""
        home = self.line is not None and self.place.statement == self.line.statement
        return (not home, not self.place.statement, self.rank, -_exactness(self.fact), self.order)


def _metrics(fact: Tagged, place: _Place) -> list[tuple[str, Line | None, int]]:
    """(metric, line, rank) for each line that the fact may stand for: by its tag, in a statement else by its label."""
    matches = [m for m in by_tag(fact.concept) if _fits(fact, m.line)]
    if matches:
        return [(m.line.name, m.line, m.rank) for m in matches]
    if not place.statement or fact.dimensions or not place.label:
        return []
    labelled = [m for m in match(place.label, place.statement, place.section) if _fits(fact, m.line)]
    if labelled:
        return [(labelled[0].line.name, labelled[0].line, _BY_LABEL + labelled[0].rank)]
    name = plain_label(place.label).replace(" ", "_")
    return [(name, None, 0)] if name and name not in lines() else []


def _fits(fact: Tagged, line: Line) -> bool:
    """Whether the fact counts what the line counts, over the kind of period that it needs."""
    per_share, shares = "/" in fact.unit, fact.unit == "shares"
    if line.unit == "per_share":
        return per_share
    if line.unit == "shares":
        return shares
    if line.unit in ("ratio", "count"):
        return fact.unit == "pure" or "/" not in fact.unit
    instant = line.statement == "balance_sheet" or line.name in ("cash_end", "cash_beginning")
    return not per_share and not shares and fact.unit != "pure" and (fact.period.start is None) == instant


def _value(item: _Read, source: Source) -> Value:
    fact, place = item.fact, item.place
    number = _signed(item)
    return Value(
        id=content_id(source.id, item.metric, fact.concept, fact.period.as_text(), repr(fact.dimensions), str(number)),
        source_id=source.id,
        entity=source.entity,
        metric=item.metric,
        label=place.label or _words(fact.concept).replace("_", " "),
        period=fact.period,
        value=number,
        unit=fact.unit,
        printed=place.printed,
        locator=place.locator,
        scale=fact.scale,
        concept=fact.concept,
        statement=place.statement,
        dimensions=fact.dimensions,
        quote=place.quote,
    )


def _signed(item: _Read) -> Decimal:
    """The fact in the sign of its line. Tags carry their own: a payment or cost is positive, net interest is income.

    Source: us-gaap element definitions ("Net amount of operating interest income (expense)", "Amount of increase
    (decrease) in accounts receivable"), balance and period type.
    """
    fact, line = item.fact, item.line
    local = fact.concept.rpartition(":")[2]
    if line is None:
        # A row of the filer's own: in the sign in which it is printed, as its label reads.
        return -abs(fact.value) if _NEGATIVE.match(item.place.printed) else abs(fact.value)
    if line.sign == "net_interest" and local.startswith("InterestIncomeExpense"):
        return -fact.value
    if line.statement == "cash_flow" and line.sign == "as_printed" and local.startswith("IncreaseDecreaseIn"):
        # The line is the effect on cash, as the statement prints it: an increase in receivables is negative.
        return fact.value if _LIABILITY.search(local) else -fact.value
    if item.rank >= _BY_LABEL and line.sign in ("positive", "cost", "spent"):
        return abs(fact.value)
    return fact.value


def _exactness(fact: Tagged) -> int:
    """Digits after the decimal point to which the number is stated (negative: rounded to thousands, millions)."""
    return fact.decimals if fact.decimals is not None else 99


def _place(fact: Tagged, block: Block, rows: list[str], statement: str) -> _Place | None:
    row, column = fact.locator.row, fact.locator.column
    if block.table is not None and row is not None and column is not None:
        cells = block.table.row_cells(row)
        label = cells[0].text if cells and cells[0].column == 0 and cells[0].column != column else ""
        # A number inside a label ("... 50,400 shares authorized") is quoted by itself.
        whole = next((c.text for c in cells if c.column == column and column > 0), fact.printed)
        printed = whole if is_number(whole) else fact.printed
        locator = Locator(element=block.locator.element, row=row, column=column)
        quote = rows[row] if row < len(rows) else block.text
        return _Place(locator, label, printed, quote, statement, _section(block.table, row) if statement else "")
    if fact.printed and fact.printed in block.text:
        return _Place(block.locator, "", fact.printed, _sentence(block.text, fact.printed), "")
    return None


def _section(table: Table, row: int) -> str:
    """The label of the nearest row above that has no figures: "Current assets:"."""
    for above in range(row - 1, -1, -1):
        cells = table.row_cells(above)
        if len(cells) == 1 and cells[0].column == 0 and above >= table.header_rows:
            return cells[0].text
    return ""


def _words(concept: str) -> str:
    """The words of a concept's name in lower case: "us-gaap:OtherNoncashIncome" -> "other_noncash_income"."""
    local = concept.rpartition(":")[2]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", local).lower()


def _sentence(text: str, printed: str) -> str:
    """The sentence of `text` that holds `printed`; the whole text where it is short."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    sentences = re.split(r"(?<=[.;:])\s+(?=[A-Z(\u2022])", text)
    pattern = re.compile(rf"(?<![\d.,]){re.escape(printed)}(?![\d]|[.,]\d)")
    return next((s for s in sentences if pattern.search(s)), next((s for s in sentences if printed in s), text))
