"""Verdicts: the figures are computed and stated first, the rule is named, and the judgement rests on both."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from core.evidence import Fact
from verticals.finance import ratios
from verticals.finance.formatting import Format
from verticals.finance.metrics import metric, metrics
from verticals.finance.planner.program import Figure, Point
from verticals.finance.planner.wording import is_zero
from verticals.finance.ratios import Missing
from verticals.finance.statements.frame import Frame
from verticals.finance.verdicts import majority, rule, rules

if TYPE_CHECKING:
    from verticals.finance.planner.execute import Run

ACTIVITIES = ("operating_cash_flow", "investing_cash_flow", "financing_cash_flow")
COSTS = (
    "cost_of_revenue",
    "research_and_development",
    "selling_general_administrative",
    "marketing_expense",
    "general_administrative",
    "restructuring",
    "impairment",
    "amortization_of_intangibles",
)
"""Lines whose share of revenue explains a margin."""


def judge(state: Run) -> None:
    """Runs a verdict form. Raises Missing where what it rests on cannot be computed."""
    form = state.program.form
    if form == "highest" or (form == "compare" and len(state.frames) > 1):
        _highest(state)
        return
    for frame in state.frames:
        if _says_little(state, frame):
            continue
        if form in ("trend", "compare"):
            _trend(state, frame)
        elif form == "steady":
            _steady(state, frame)
        elif form == "sign":
            _sign(state, frame)
        elif form == "healthy":
            _healthy(state, frame)
        elif form == "intensity":
            _intensity(state, frame)
        elif form == "activities":
            _activities(state, frame)
        elif form == "drivers":
            _drivers(state, frame)


def _figure(name: str) -> Figure:
    m = metric(name)
    return Figure(m.name, m.label, m.expression, m.unit, m.good, m.definition, m.note, m.is_line)


def _says_little(state: Run, frame: Frame) -> bool:
    """Judges a metric as not useful for this kind of company, from a line that shows what kind it is."""
    for figure in state.program.figures:
        reason = ratios.says_little(frame, metrics()[figure.name]) if figure.name in metrics() else ""
        if not reason:
            continue
        signs = [n for n in ("net_interest_income", "deposits", "loans_net", "premiums_earned") if n in frame.metrics()]
        shown = _figure(signs[0])
        point = state.window(frame, [shown])[-1]
        at = state.script.value(state.compute(frame, shown, point, Format()))
        state.script.judgement(f"{reason}.", [at])
        return True
    return False


def _pair(state: Run, frame: Frame, figure: Figure) -> tuple[Fact, Fact, list[int]]:
    """The figure at the last and the first of the periods asked, stated; raises Missing."""
    points = state.window(frame, [figure], 2)
    between = points if state.program.form == "compare" else (points[0], points[-1])
    facts = [state.compute(frame, figure, p) for p in reversed(between)]
    return facts[0], facts[-1], [state.script.value(f, figure.instant) for f in facts]


def _trend(state: Run, frame: Frame) -> None:
    figure = state.program.figures[0]
    last, first, stated = _pair(state, frame, figure)
    book = state.book(frame)
    change = ratios.change(book, last, first, state.program.format)
    stated.append(state.script.moved(change, figure.label, frame.entity))
    if figure.unit == "money" and first.value > 0 and not is_zero(change):
        rate = ratios.growth(book, last, first, Format())
        stated.append(state.script.moved(rate, figure.label, frame.entity))
    if state.program.form == "compare":
        return
    state.script.judgement(_trend_words(state.program.direction, figure, change, last.period), stated)


def _trend_words(asked: str, figure: Figure, change: Fact, period: str) -> str:
    flat = is_zero(change)
    up = change.value > 0
    moved = "did not change" if flat else "rose" if up else "fell"
    since = f"from {change.period.partition(' to ')[0]} to {period}"
    if asked in ("up", "down"):
        yes = not flat and up == (asked == "up")
        return f"{'yes' if yes else 'no'}: the {figure.label} {moved} {since}."
    if figure.good == "none":
        return f"the {figure.label} {moved} {since}; whether that is an improvement depends on the reader's view."
    better = not flat and up == (figure.good == "up")
    word = "did not change" if flat else "improved" if better else "declined" if figure.good == "up" else "worsened"
    if asked in ("better", "worse"):
        yes = not flat and better == (asked == "better")
        return f"{'yes' if yes else 'no'}: the {figure.label} {moved} {since}; it {word}."
    return f"the {figure.label} {word} {since}."


def _steady(state: Run, frame: Frame) -> None:
    figure = state.program.figures[0]
    points = _covered(state, frame, figure)
    facts = [state.compute(frame, figure, p) for p in points]
    stated = [state.script.value(f, figure.instant) for f in reversed(facts)]
    book = state.book(frame)
    relative = figure.unit not in ("percent", "times")
    moves = [
        ratios.growth(book, b, a, Format()) if relative else ratios.change(book, b, a, Format())
        for a, b in pairwise(facts)
    ]
    stated += [state.script.moved(m, figure.label, frame.entity) for m in moves]
    base = rule("steady")
    assert base is not None
    asked = state.program.tolerance
    limit = Decimal(str(asked)) / 100 if asked is not None else base.threshold
    unit = "%" if relative else " percentage points"
    origin = "as the question sets it" if asked is not None else base.source
    state.script.assumption(
        f"rule: consistent means that no year moves the {figure.label} by more than {limit * 100:.4g}{unit} ({origin})."
    )
    steady = all(abs(m.value) <= limit for m in moves)
    yes = steady != (state.program.direction == "volatile")
    word = "stayed within" if steady else "moved by more than"
    state.script.judgement(
        f"{'yes' if yes else 'no'}: from {facts[0].period} to {facts[-1].period} the {figure.label} {word} that range.",
        stated,
    )


def _covered(state: Run, frame: Frame, figure: Figure) -> tuple[Point, ...]:
    """The periods asked; where none are, the last three years that the filings give (two at least)."""
    points = state.program.points
    if len(points) >= 2:
        return points
    end = points[0].year if points else state.latest(frame, [figure])
    for back in (3, 2):
        try:
            span = tuple(Point.of(y) for y in range(end - back + 1, end + 1))
            for point in span:
                ratios.of_expression(ratios.Book(frame), figure.node, point.year, None, figure.label, figure.unit, "")
            return span
        except Missing as error:
            problem = error
    raise problem


def _sign(state: Run, frame: Frame) -> None:
    figure = state.program.figures[0]
    fact = state.compute(frame, figure, state.window(frame, [figure])[-1])
    at = state.script.value(fact, figure.instant)
    positive = fact.value > 0
    yes = positive == (state.program.direction == "up")
    word = "positive" if positive else "negative" if fact.value < 0 else "nil"
    state.script.judgement(f"{'yes' if yes else 'no'}: the {figure.label} was {word} in {fact.period}.", [at])


def _healthy(state: Run, frame: Frame) -> None:
    stated: list[int] = []
    values: dict[str, Decimal] = {}
    period = ""
    for figure in state.program.figures:
        test = rule("healthy", figure.name)
        if test is None:
            raise Missing(f"a rule for what makes the {figure.label} healthy")
        fact = state.compute(frame, figure, state.window(frame, [figure])[-1])
        period = fact.period
        stated.append(state.script.value(fact, figure.instant))
        values[figure.name] = fact.value
        sign = "from" if test.test == ">=" else "up to"
        state.script.assumption(
            f"rule: the {figure.label} is healthy {sign} {test.threshold:.4g}: {test.means}. Source: {test.source}."
        )
    held = [test.holds(v) for n, v in values.items() if (test := rule("healthy", n))]
    if not all(held) and any(held):
        state.script.judgement(f"mixed: not all of these figures pass in {period}.", stated)
        return
    yes = all(held) == (state.program.direction == "better")
    word = "healthy" if all(held) else "not healthy"
    state.script.judgement(f"{'yes' if yes else 'no'}: by this rule it was {word} in {period}.", stated)


def _intensity(state: Run, frame: Frame) -> None:
    tests = rules()["capital_intensive"]
    chosen = [_figure(r.metric) for r in tests]
    kind = ratios.industry(frame)
    if kind:
        raise Missing(f"a meaning of capital intensity for a {kind}: {frame.entity} has no such statement lines")
    point = state.window(frame, chosen)[-1]
    facts = {f.name: state.compute(frame, f, point, Format()) for f in chosen}
    stated = [state.script.value(fact) for fact in facts.values()]
    with suppress(Missing):  # supports the picture only; the rule does not use it
        stated.append(state.script.value(state.compute(frame, _figure("return_on_assets"), point, Format())))
    intensive, held, of = majority("capital_intensive", {n: f.value for n, f in facts.items()})
    conditions = "; ".join(r.means for r in tests)
    state.script.assumption(
        f"rule: capital-intensive where most of these hold: {conditions}. Source: {tests[0].source}."
    )
    count = (
        "none of these conditions holds"
        if held == 0
        else "all of these conditions hold"
        if held == of
        else ("most of these conditions hold" if intensive else "fewer than half of these conditions hold")
    )
    verdict = "yes: by this rule" if intensive else "no: by this rule"
    word = "was a capital-intensive business" if intensive else "was not a capital-intensive business"
    state.script.judgement(f"{verdict} {frame.entity} {word} in {_name(point)}; {count}.", stated)


def _activities(state: Run, frame: Frame) -> None:
    chosen = [_figure(n) for n in ACTIVITIES]
    point = state.window(frame, chosen)[-1]
    facts = [state.compute(frame, f, point) for f in chosen]
    stated = [state.script.value(f) for f in facts]
    best = (max if state.program.direction == "max" else min)(facts, key=lambda f: f.value)
    word = best.name.removeprefix("net cash from ")
    how = (
        "brought in the most cash (or used the least)"
        if state.program.direction == "max"
        else "brought in the least cash (or used the most)"
    )
    state.script.judgement(f"{word} {how} in {best.period}.", stated)


def _highest(state: Run) -> None:
    """One figure compared among companies, or among the years of one company."""
    figure = state.program.figures[0]
    facts: list[Fact] = []
    stated: list[int] = []
    for frame in state.frames:
        if _says_little(state, frame):
            return
        for point in state.window(frame, [figure]):
            try:
                fact = state.compute(frame, figure, point)
            except Missing as error:
                state.script.lacks(error.what)
                continue
            facts.append(fact)
            stated.append(state.script.value(fact, figure.instant))
    if state.script.missing or len(facts) < 2:
        return
    if len({f.unit for f in facts}) > 1:
        state.script.lacks(["one currency for the figures compared"])
        return
    if len({_end(state, f) for f in facts}) > 1 and len(state.frames) > 1:
        ends = "; ".join(f"{f.entity} {f.period} ends {_end(state, f)}" for f in facts)
        state.script.notice(f"The fiscal years compared do not end together: {ends}.")
    lowest = state.program.direction == "min"
    order = sorted(facts, key=lambda f: f.value, reverse=not lowest)
    if order[0].value == order[1].value:
        state.script.judgement(f"the {figure.label} was the same.", stated)
        return
    word = ("lowest" if len(facts) > 2 else "lower") if lowest else ("highest" if len(facts) > 2 else "higher")
    whose = order[0].entity if len(state.frames) > 1 else order[0].period
    state.script.judgement(f"{whose} had the {word} {figure.label}.", stated)


def _end(state: Run, fact: Fact) -> str:
    """The last day of the period of a fact, as its first reported input says it."""
    book = next(b for b in state.books if b.frame.entity == fact.entity)
    known = {f.n: f for f in book.facts}
    while fact.inputs[0].citation in known:
        fact = known[fact.inputs[0].citation]
    return fact.inputs[0].period.rpartition("/")[2]


def _drivers(state: Run, frame: Frame) -> None:
    """A margin's change taken apart into the changes of its costs' shares of revenue."""
    figure = state.program.figures[0]
    if figure.unit != "percent":
        raise Missing(f"the parts of a change in {figure.label}")
    last, first, stated = _pair(state, frame, figure)
    book = state.book(frame)
    total = ratios.change(book, last, first, Format())
    stated.append(state.script.moved(total, figure.label, frame.entity))
    points = (_point(first), _point(last))
    costs = COSTS[:1] if figure.name == "gross_margin" else COSTS
    found: list[tuple[Decimal, str, int]] = []
    for name in costs:
        share = _share(name)
        try:
            a, b = (state.compute(frame, share, p, Format()) for p in points)
        except Missing:
            continue
        part = ratios.change(book, b, a, Format())
        if not is_zero(part):
            found.append((-part.value, metric(name).label, state.script.moved(part, share.label, frame.entity)))
    with_it = [(abs(v), label, at) for v, label, at in found if (v > 0) == (total.value > 0)]
    if not with_it:
        return
    word = "fell" if total.value < 0 else "rose"
    _, label, at = max(with_it)
    state.script.judgement(
        f"the {figure.label} {word} mainly because of {label}, by its share of revenue.", [*stated, at]
    )
    state.script.notice("Computed from the statements; the reasons that management gives stand in its discussion.")


def _share(name: str) -> Figure:
    from verticals.finance.planner.figures import share

    return share(_figure(name), _figure("revenue"))


def _point(fact: Fact) -> Point:
    year = int(fact.period[-4:])
    return Point.of(year, int(fact.period[1]) if fact.period.startswith("Q") else None)


def _name(point: Point) -> str:
    return f"Q{point.quarter} FY{point.year}" if point.quarter else f"FY{point.year}"
