"""Questions for a figure: a value, a mean over years, a growth rate, a share, a sum that the question writes itself."""

from __future__ import annotations

import re

from verticals.finance.metrics import metrics
from verticals.finance.planner import figures
from verticals.finance.planner.definitions import Unreadable, parse
from verticals.finance.planner.parts import (
    TURN,
    YES_NO,
    M,
    N,
    count,
    done,
    names_in,
    one_figure,
    program,
)
from verticals.finance.planner.program import Figure, Program
from verticals.finance.planner.request import Request


def cagr(row: str, request: Request, companies: int) -> Program | None:
    pattern = r"cagr|compound(?:ed)? annual growth(?: rate)?|compound growth(?: rate)?|annualized growth(?: rate)?"
    figure = one_figure(row, request)
    span = re.search(rf"\b({N}) year\b", row)
    if (
        figure is None
        or not re.search(rf"\b(?:{pattern})\b", row)
        or not done(row, request, pattern, rf"{N} year", M, "rate", r"\( cagr \)")
    ):
        return None
    made = program("cagr", request, figure)
    if span:
        n = count(span[1])
        years = [p.year for p in made.points]
        if len(years) >= 2 and years[-1] - years[0] != n:
            return None  # the length and the years named do not agree
        if len(years) < 2:
            return Program("cagr", made.figures, made.points, made.format, years_back=n)
    return made if len(made.points) >= 2 else None


def growth(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    if figure is None or re.match(YES_NO, row):
        return None
    rate = re.search(
        r"\bgrowth\b|(?:%|percent|percentage) (?:change|increase|decrease|decline)|\b(?:fast|percent|percentage|%)\b",
        row,
    )
    turn = re.search(rf"\b(?:{TURN}|growth|difference)\b", row)
    if not turn and not rate:
        return None
    if not turn and rate and re.search(r"\bof\b", row):
        return None
    explained = done(
        row,
        request,
        "growth(?: rate)?",
        "rate",
        TURN,
        "%|percent|percentage|many percentage point|percentage point",
        "fast|yoy|year over year|annual",
        M,
        "difference",
        "net change",
        "in what",
    )
    if not explained:
        return None
    return program("growth" if rate or request.form.percent else "change", request, figure)


def mean(row: str, request: Request, companies: int) -> Program | None:
    if not re.search(r"\b(?:average|mean)\b", row):
        return None
    figure, rest = _figure(re.sub(rf"\b(?:{N} year )?(?:annual )?(?:average|mean)\b(?: of)?", " ", row), request)
    span = re.search(rf"\b({N}) year\b", row)
    if figure is None or not done(rest, request, rf"{N} year"):
        return None
    made = program("mean", request, figure)
    years = [p.year for p in made.points]
    if span and len(years) >= 2 and years[-1] - years[0] + 1 != count(span[1]):
        return None
    if len(years) < 2:
        n = count(span[1]) if span else made.years_back
        return Program("mean", made.figures, made.points, made.format, years_back=n) if n and n > 1 else None
    if figure.instant and not span and years[-1] - years[0] > 1:
        # "average assets between 2020 and 2022": of the two ends, or of three year ends?
        return None
    return made


def value(row: str, request: Request, companies: int) -> Program | None:
    ask = r"how|many|value|amount"
    if re.match(YES_NO, row) or re.search(r"\b(?:which|who|when|where|why)\b", row):
        return None
    names = names_in(row)
    figure, rest = _figure(row, request)
    if figure is not None and done(rest, request, ask):
        return program("value", request, figure)
    listed = re.search(rf"{M}(?:\s*(?:,|and|, and)\s*(?:the\s+)?{M})+", row)
    if (
        len(names) > 1
        and listed
        and len(re.findall(M, listed.group())) == len(names)
        and done(_cut(row, listed), request, ask)
    ):
        return program("value", request, *(figures.of_metric(n, request) for n in dict.fromkeys(names)))
    return None


def _figure(row: str, request: Request) -> tuple[Figure | None, str]:
    """The one figure of `row`, also where it is a share, a ratio or a sum; and the row without it."""
    match = re.search(
        rf"{M}\s+(?:\(\s*)?(?:as|in)\s+(?:a\s+|an\s+)?(?:%|percent|percentage|share|proportion|portion|fraction)\s+of\s+(?:the\s+)?{M}",
        row,
    )
    if match:
        return figures.share(*(figures.of_metric(n, request) for n in match.groups())), _cut(row, match)
    match = re.search(
        rf"(?:what\s+)?(?:%|percent|percentage|share|proportion)\s+of\s+(?:the\s+)?{M}\s+"
        rf"(?:wa|was|is|were|are|did|doe)?\s*(?:spent on\s+|from\s+)?{M}",
        row,
    )
    if match:
        return figures.share(figures.of_metric(match[2], request), figures.of_metric(match[1], request)), _cut(
            row, match
        )
    match = re.search(
        rf"\bratio\s+of\s+(?:the\s+)?{M}\s+to\s+(?:the\s+)?{M}|{M}\s+to\s+{M}(?:\s+ratio)?|{M}\s*/\s*{M}", row
    )
    if match:
        a, b = (n for n in match.groups() if n)
        return figures.ratio(figures.of_metric(a, request), figures.of_metric(b, request)), _cut(row, match)
    match = re.search(rf"{M}\s+(?:%\s+|percent\s+)?margin\b", row)
    if match and match[1] in metrics() and metrics()[match[1]].unit == "money" and match[1] != "revenue":
        revenue = figures.of_metric("revenue", request)
        return figures.share(figures.of_metric(match[1], request), revenue), _cut(row, match)
    names = names_in(row)
    if len(names) == 1:
        return figures.of_metric(names[0], request), row.replace(f"<m:{names[0]}>", " ")
    if len(names) >= 2:
        return _formula(row, request)
    return None, row


def _formula(row: str, request: Request) -> tuple[Figure | None, str]:
    """A sum or difference written with the names of figures: "total assets less total liabilities"."""
    if not re.search(r"\b(?:less|minus|plus)\b|[+*/]| - |difference between|sum of", row):
        return None, row
    match = re.search(rf"difference between (?:the )?{M} and (?:the )?{M}", row)
    if match:
        row = row[: match.start()] + f"<m:{match[1]}> minus <m:{match[2]}>" + row[match.end() :]
    start, end = row.index("<m:"), row.rindex(">") + 1
    open_before = row[:start].rfind("(")
    if open_before >= 0 and not row[open_before + 1 : start].strip():
        start = open_before
    close = re.match(r"\s*\)", row[end:])
    if close:
        end += close.end()
    written = row[start:end]
    try:
        node = parse(written.split())
    except Unreadable:
        return None, row
    label = re.sub(M, lambda m: metrics()[m[1]].label if m[1] in metrics() else m[1], written).strip("() ")
    return figures.of_formula(node, request, label), row[:start] + row[end:]


def _cut(row: str, match: re.Match[str]) -> str:
    return f"{row[: match.start()]} {row[match.end() :]}"
