"""The grammar of questions: the row of marks that asks, matched against the forms that can be computed.

Every word must be explained: by the form, as a period, or as one that changes nothing. A word that is left over may
change what is meant ("adjusted", "domestic", "expects"), so the question is then not planned at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from verticals.finance.planner import figures, forms_figure, forms_verdict
from verticals.finance.planner.parts import N, Y
from verticals.finance.planner.program import Program
from verticals.finance.planner.request import Request

_JOIN = r"(?:-|to|and|v|vs|versus|through|until|,|, and|compared (?:to|with)|relative to)"
_YEARS = re.compile(rf"{Y}(?:\s*{_JOIN}\s*(?:the\s+)?(?:period\s+)?(?:in\s+)?{Y})*")
_TIME = re.compile(rf"(?:\b(?:year|fiscal year) (?:end|ended)\s+)?(?:\byear\s+)?{_YEARS.pattern}")

_WINDOW = re.compile(rf"(?:last|past|latest|most recent) {N} (?:fiscal |financial )?year")


def read(request: Request, companies: int) -> Program | None:
    """The program of a request over `companies` companies, or None where it is not wholly understood."""
    if request.unread or not request.core or request.core.count("?") > 1 or " . " in request.core:
        return None
    row = _TIME.sub(" ", request.core)
    row = re.sub(r"<q\d-\d+>", " ", row)
    if request.reading.periods.last is not None:
        row = _WINDOW.sub(" ", row)
    if "<q" in row:
        return None
    row = " ".join(row.replace(" ?", " ").split())
    for form in _forms():
        program = form(row, request, companies)
        if program is not None:
            return program if _sound(program, request) else None
    return None


def _sound(program: Program, request: Request) -> bool:
    """Whether formulas with years of their own are asked for those years only, and the format fits the unit."""
    for figure in program.figures:
        fixed = figures.fixed_years(figure.node)
        if fixed and (
            (len(program.points) > 1 and program.form != "value") or not fixed <= set(request.reading.periods.years)
        ):
            return False
        if (
            request.form.percent
            and figure.unit in ("money", "days", "per_share", "shares")
            and program.form in ("value", "mean")
        ):
            return False
        if request.form.scale is not None and figure.unit != "money" and program.form in ("value", "mean"):
            return False
    return True


def _forms() -> Iterator[Callable[[str, Request, int], Program | None]]:
    yield from (forms_verdict.intensity, forms_verdict.activities, forms_verdict.drivers, forms_verdict.steady)
    yield from (forms_verdict.highest, forms_verdict.healthy, forms_verdict.sign, forms_figure.cagr)
    yield from (forms_figure.growth, forms_verdict.trend, forms_verdict.compare, forms_figure.mean, forms_figure.value)
