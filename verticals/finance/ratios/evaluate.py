"""Evaluates formulas over a Frame: each result is a Fact whose formula text is plain arithmetic over its named inputs,
so that anyone (the gates among them) can compute it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from core.evidence import Fact, FactInput, Value
from verticals.finance.formatting import Format, display
from verticals.finance.metrics import Metric, metric
from verticals.finance.ratios.book import Book, Missing, missing_line, period_name
from verticals.finance.ratios.expression import Average, Binary, First, Item, Node, Number, Optional
from verticals.finance.statements.frame import Frame

PRECISION = 34
"""Significant digits of intermediate results."""
PROBES = {"balance_sheet": ("total_assets",), "cash_flow": ("operating_cash_flow",)}
"""A line whose presence shows that the statement of that date was read, so that an absent line means none."""


@dataclass(frozen=True, slots=True)
class Result:
    """A value with its formula as text over `inputs`; `tight` where the text needs no brackets inside a product."""

    value: Decimal
    text: str
    inputs: tuple[FactInput, ...]
    currency: str = ""
    tight: bool = True


def figure(book: Book, name: str, year: int, quarter: int | None = None, form: Format | None = None) -> Fact:
    """The metric `name` of a fiscal year (or of one quarter alone) as a Fact. Raises Missing."""
    m = metric(name)
    return of_expression(book, m.expression, year, quarter, m.label, m.unit, m.definition, form, line=m.is_line)


def try_figure(book: Book, name: str, year: int, quarter: int | None = None) -> Fact | None:
    """`figure`, or None where an input is missing."""
    try:
        return figure(book, name, year, quarter)
    except Missing:
        return None


def of_expression(
    book: Book,
    node: Node,
    year: int,
    quarter: int | None,
    label: str,
    unit: str,
    definition: str,
    form: Format | None = None,
    *,
    line: bool = False,
) -> Fact:
    """The value of `node` as a Fact named `label`. Raises Missing, also where the formula divides by zero."""
    with localcontext() as context:
        context.prec = PRECISION
        result = _evaluate(book, node, year, quarter)
    period = period_name(year, quarter)
    shown_unit = fact_unit(unit, result.currency)
    if line and len(result.inputs) == 1:
        # A figure as reported: the name says the row that it was read from.
        value = result.inputs[0]
        return book.add(
            label,
            value.value,
            shown_unit,
            period,
            value.name,
            result.inputs,
            definition,
            display(value.value, shown_unit, unit, form),
        )
    return book.add(
        label,
        result.value,
        shown_unit,
        period,
        result.text,
        _once(result.inputs),
        definition,
        display(result.value, shown_unit, unit, form),
    )


def fact_unit(unit: str, currency: str) -> str:
    """The unit of a Fact from its metric's unit and the currency of its inputs."""
    currency = currency or "USD"
    return {"money": currency, "per_share": f"{currency}/shares", "percent": "ratio", "count": ""}.get(unit, unit)


def growth(book: Book, later: Fact, earlier: Fact, form: Format | None = None) -> Fact:
    """Change of `later` on `earlier` as a share of `earlier`. Raises Missing where the base is not positive."""
    if earlier.value <= 0:
        raise Missing(f"a growth rate of {later.name}: its {earlier.period} value is not positive")
    a, b = _names(later, earlier)
    value = later.value / earlier.value - 1
    return book.add(
        f"growth of {later.name}",
        value,
        "ratio",
        f"{earlier.period} to {later.period}",
        f"{a} / {b} - 1",
        (_input(later, a), _input(earlier, b)),
        "change over the earlier value",
        display(value, "ratio", "percent", form),
    )


def change(book: Book, later: Fact, earlier: Fact, form: Format | None = None) -> Fact:
    """`later` less `earlier`; for percentages the unit is percentage points (their hundredth as a ratio)."""
    a, b = _names(later, earlier)
    value = later.value - earlier.value
    style = "percent" if later.display.endswith("%") else ""
    shown = display(value, later.unit, style, form)
    if style == "percent":
        shown = shown.replace("%", " percentage points")
    return book.add(
        f"change in {later.name}",
        value,
        later.unit,
        f"{earlier.period} to {later.period}",
        f"{a} - {b}",
        (_input(later, a), _input(earlier, b)),
        "later less earlier",
        shown,
    )


def cagr(book: Book, later: Fact, earlier: Fact, years: int, form: Format | None = None) -> Fact:
    """Compound annual growth rate over `years`. Raises Missing where an end is not positive."""
    if earlier.value <= 0 or later.value <= 0:
        raise Missing(f"a compound growth rate of {later.name}: not both ends are positive")
    a, b = _names(later, earlier)
    with localcontext() as context:
        context.prec = PRECISION
        value = (later.value / earlier.value) ** (Decimal(1) / years) - 1
    return book.add(
        f"compound annual growth rate of {later.name}",
        value,
        "ratio",
        f"{earlier.period} to {later.period}",
        f"({a} / {b}) ^ (1 / {years}) - 1",
        (_input(later, a), _input(earlier, b)),
        "CFA Institute, Quantitative Methods (compound annual growth rate)",
        display(value, "ratio", "percent", form),
    )


def mean(book: Book, facts: Sequence[Fact], form: Format | None = None) -> Fact:
    """The arithmetic mean of one metric over several periods."""
    names = [f"{f.name} {f.period}" for f in facts]
    value = sum((f.value for f in facts), Decimal(0)) / len(facts)
    style = "percent" if facts[0].display.endswith("%") else ""
    return book.add(
        f"average {facts[0].name}",
        value,
        facts[0].unit,
        f"{facts[0].period} to {facts[-1].period}",
        f"average({', '.join(names)})",
        tuple(_input(f, n) for f, n in zip(facts, names, strict=True)),
        f"arithmetic mean of {len(facts)} years; {facts[0].definition}",
        display(value, facts[0].unit, style, form),
    )


def industry(frame: Frame) -> str:
    """ "bank", "insurer" or "": told by the lines that only such statements have."""
    known = frame.metrics()
    if "cost_of_revenue" in known or "inventories" in known:
        return ""
    if {"deposits", "loans_net"} & known and {
        "net_interest_income",
        "provision_credit_losses",
        "noninterest_income",
    } & known:
        return "bank"
    return "insurer" if {"premiums_earned", "policyholder_benefits"} <= known else ""


def says_little(frame: Frame, m: Metric) -> str:
    """Why a metric is not meaningful for this company; "" where it is."""
    kind = industry(frame)
    if kind and kind in m.not_for:
        return f"{m.label} says little about a {kind}: its statements have no such lines or no current classification"
    return ""


def _input(fact: Fact, name: str) -> FactInput:
    return FactInput(name, fact.value, fact.unit, fact.n, fact.period)


def _names(later: Fact, earlier: Fact) -> tuple[str, str]:
    return f"{later.name} {later.period}", f"{earlier.name} {earlier.period}"


def _once(inputs: Sequence[FactInput]) -> tuple[FactInput, ...]:
    return tuple({i.name: i for i in inputs}.values())


def _evaluate(book: Book, node: Node, year: int, quarter: int | None) -> Result:
    if isinstance(node, Number):
        return Result(node.value, f"{node.value:f}", ())
    if isinstance(node, Item):
        return _item(book, node, year, quarter)
    if isinstance(node, First):
        return _first(book, node, year, quarter)
    if isinstance(node, Average):
        parts = [_evaluate(book, p, year, quarter) for p in node.parts]
        total = sum((p.value for p in parts), Decimal(0)) / len(parts)
        inputs = tuple(i for p in parts for i in p.inputs)
        return Result(total, f"average({', '.join(p.text for p in parts)})", inputs, _currency(*parts))
    if isinstance(node, Optional):
        return _optional(book, node, year, quarter)
    if isinstance(node, Binary):
        return _binary(book, node, year, quarter)
    raise TypeError(node)


def _binary(book: Book, node: Binary, year: int, quarter: int | None) -> Result:
    missing: list[str] = []
    sides: list[Result] = []
    for side in (node.left, node.right):
        try:
            sides.append(_evaluate(book, side, year, quarter))
        except Missing as error:
            missing.extend(error.what)
    if missing:
        raise Missing(*missing)
    left, right = sides
    inputs, currency = left.inputs + right.inputs, _currency(left, right)
    if node.operator in "+-":
        if not right.text:
            return left
        if not left.text and node.operator == "+":
            return right
        value = left.value + right.value if node.operator == "+" else left.value - right.value
        second = right.text if right.tight or node.operator == "+" else f"({right.text})"
        return Result(value, f"{left.text or '0'} {node.operator} {second}", inputs, currency, tight=False)
    first = left.text if left.tight else f"({left.text})"
    second = right.text if right.tight and not ("/" in right.text or "*" in right.text) else f"({right.text})"
    if node.operator == "*":
        return Result(left.value * right.value, f"{first} * {second}", inputs, currency)
    if right.value == 0:
        raise Missing(f"a value of {left.text} / {right.text}: the divisor is zero")
    return Result(left.value / right.value, f"{first} / {second}", inputs, currency)


def _item(book: Book, node: Item, year: int, quarter: int | None) -> Result:
    when = node.year if node.year is not None else year + node.shift
    m = metric(node.name)
    if node.raw or m.formula == m.name:
        return _line(book, node.name, when, quarter)
    if m.unit == "money":
        return _evaluate(book, m.expression, when, quarter)
    fact = figure(book, node.name, when, quarter)
    name = f"{fact.name} {fact.period}"
    return Result(fact.value, name, (_input(fact, name),))


def _line(book: Book, name: str, year: int, quarter: int | None) -> Result:
    value = book.find(name, year, quarter)
    if value is None:
        raise Missing(missing_line(book.frame, name, year, quarter))
    shown = f"{metric(name).label} {period_name(year, quarter)}"
    item = FactInput(shown, value.value, value.unit, book.cite(value), value.period.as_text())
    return Result(value.value, shown, (item,), _money(value))


def _first(book: Book, node: First, year: int, quarter: int | None) -> Result:
    problem: Missing | None = None
    for option in node.options:
        try:
            return _evaluate(book, option, year, quarter)
        except Missing as error:
            problem = problem or error
    assert problem is not None
    raise problem


def _optional(book: Book, node: Optional, year: int, quarter: int | None) -> Result:
    try:
        return _evaluate(book, node.part, year, quarter)
    except Missing:
        shift = node.part.shift if isinstance(node.part, Item) else 0
        when = node.part.year if isinstance(node.part, Item) and node.part.year else year + shift
        for name in node.part.items():
            if not any(book.find(probe, when, quarter) for probe in _probes(name)):
                raise
            book.absent.append((metric(name).label, period_name(when, quarter)))
        return Result(Decimal(0), "", ())


def _probes(name: str) -> tuple[str, ...]:
    from verticals.finance.statements.concepts import lines

    lookup = lines()
    first = metric(name).lines()[0]
    return PROBES.get(lookup[first].statement if first in lookup else "", ("total_assets",))


def _money(value: Value) -> str:
    unit = value.unit.split("/")[0]
    return unit if len(unit) == 3 and unit.isupper() else ""


def _currency(*results: Result) -> str:
    """The one currency of `results`. Raises Missing where they have two: amounts of two currencies do not add up."""
    found = {r.currency for r in results if r.currency}
    if len(found) > 1:
        raise Missing(f"one currency for all inputs (they are in {' and '.join(sorted(found))})")
    return next(iter(found), "")
