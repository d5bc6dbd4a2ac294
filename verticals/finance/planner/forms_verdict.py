"""Questions for a verdict: is it capital-intensive, does the margin improve, which is higher, what drove it."""

from __future__ import annotations

import re

from verticals.finance.planner import figures
from verticals.finance.planner.parts import (
    BETTER,
    DOWN,
    HIGH,
    LOW,
    TURN,
    UP,
    WORSE,
    YES_NO,
    M,
    done,
    names_in,
    one_figure,
    points,
    program,
)
from verticals.finance.planner.program import Program
from verticals.finance.planner.request import Request


def intensity(row: str, request: Request, companies: int) -> Program | None:
    if not re.search(r"\bcapital intensive\b", row) or names_in(row):
        return None
    if not re.match(YES_NO + r"|^how\b", row) or not done(
        row, request, "capital intensive", "how", "very|highly|a|heavily", "industry"
    ):
        return None
    return program("intensity", request)


def activities(row: str, request: Request, companies: int) -> Program | None:
    words = re.sub(r"<m:operating_cash_flow>|<m:investing_cash_flow>|<m:financing_cash_flow>", _plain_activity, row)
    found = all(re.search(rf"\b{w}", words) for w in ("operati", "invest", "financ")) and re.search(r"\bcash\b", words)
    if not found or names_in(words):
        return None
    high, low = (
        re.search(r"\b(?:most|highest|largest|greatest|biggest)\b", words),
        re.search(r"\b(?:least|lowest|smallest)\b", words),
    )
    plain = re.sub(r"\(? ?(?:or )?(?:lost|used|consumed|burned|spent) the (?:least|most) ?\)?", " ", words)
    if re.search(r"\b(?:used|consumed|burned|spent|lost)\b", plain) or not (high or low):
        return None
    explained = done(
        plain,
        request,
        "operation|operating",
        "investing|investment",
        "financing",
        "activity|area",
        "cash",
        "flow",
        "among|amongst|of",
        "which|what",
        "most|highest|largest|greatest|biggest|least|lowest|smallest",
        "lost|lose",
        "source",
        "three",
    )
    return program("activities", request, direction="min" if low and not high else "max") if explained else None


def _plain_activity(match: re.Match[str]) -> str:
    return {"o": "operating cash", "i": "investing cash", "f": "financing cash"}[match.group()[3]]


def drivers(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    if figure is None or figure.name not in ("operating_margin", "gross_margin", "operating_income", "net_margin"):
        return None
    pattern = r"what (?:drove|caused|explain|led to|contributed to)|why did|driver of|reason for"
    if not re.search(rf"^{pattern}", row) or not done(row, request, pattern, TURN, M):
        return None
    return program("drivers", request, figure)


def steady(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    if (
        figure is None
        or not re.match(YES_NO, row)
        or not re.search(r"\b(?:consistent|stable|steady|constant|fluctuat\w*|volatile)\b", row)
    ):
        return None
    tolerance = re.search(r"(\d+(?:\.\d+)?) ?(?:%|percent|percentage point)", row)
    explained = done(
        row,
        request,
        r"\d+(?:\.\d+)? ?(?:%|percent|percentage point)(?: point)?",
        "historically|historical|relatively|fairly|over time",
        "consistent|stable|steady|constant|volatile",
        "not",
        r"fluctuat\w*|varying|vary|moving",
        "more than|less than|at most|by",
        M,
        "remained|stayed|kept",
    )
    negative = "volatile" if re.search(r"\bvolatile\b|(?<!not )\bfluctuat", row) and "consistent" not in row else ""
    return (
        program("steady", request, figure, direction=negative, tolerance=float(tolerance[1]) if tolerance else None)
        if explained
        else None
    )


def highest(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    high, low = re.search(rf"\b(?:{HIGH})\b", row), re.search(rf"\b(?:{LOW})\b", row)
    if (
        figure is None
        or not (high or low)
        or (high and low)
        or not re.search(r"\b(?:which|who|whose|what year|in what)\b", row)
    ):
        return None
    asks_year = bool(re.search(r"\b(?:which|what) (?:fiscal |financial )?year\b", row))
    if companies < 2 and not (asks_year and (len(request.reading.periods.years) > 1 or request.reading.periods.last)):
        return None
    if not done(row, request, "which|who|whose|what", HIGH, LOW, M, "between|among", "or", "than", "wa"):
        return None
    return program("highest", request, figure, direction="max" if high else "min")


def healthy(row: str, request: Request, companies: int) -> Program | None:
    """ "healthy liquidity based on its quick ratio"; liquidity alone is judged by the current and the quick ratio."""
    if not re.match(YES_NO, row):
        return None
    word = r"healthy|strong|adequate|sufficient|good|solid|sound|comfortable|weak|poor"
    subject = r"liquidity(?: (?:profile|position))?|financial position|short term liquidity|interest(?: payment)?"
    names = names_in(row)
    if not re.search(rf"\b(?:{word})\b", row) or len(names) > 1 or not (names or re.search(r"\bliquidity\b", row)):
        return None
    if not done(row, request, word, subject, "fairly|very|relatively", M, "profile|position|level"):
        return None
    chosen = names or ["quick_ratio", "current_ratio"]
    return program(
        "healthy",
        request,
        *(figures.of_metric(n, request) for n in chosen),
        direction="worse" if re.search(r"\b(?:weak|poor)\b", row) else "better",
    )


def sign(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    match = re.search(r"\b(positive|negative|profitable|loss making)\b", row)
    if match and figure is None and match[1] == "profitable" and not names_in(row):
        figure = figures.of_metric("net_income", request)
    if not match or figure is None or not re.match(YES_NO, row):
        return None
    if not done(row, request, "positive|negative|profitable", M):
        return None
    return program("sign", request, figure, direction="down" if match[1] == "negative" else "up")


def trend(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    if figure is None or not re.match(YES_NO, row) or not re.search(rf"\b{TURN}\b", row):
        return None
    profile = "profile|trend|trajectory|pattern|position"
    if not done(
        row,
        request,
        TURN,
        profile,
        "or",
        M,
        "any",
        "yoy",
        "doe|did",
        "(?:over|versus|from|than|compared to|relative to) (?:the )?(?:prior|previous|last) year",
    ):
        return None
    words = set(re.findall(r"\w+", row))
    asked = [
        d
        for d, pattern in (("up", UP), ("down", DOWN), ("better", BETTER), ("worse", WORSE))
        if any(re.fullmatch(pattern, w) for w in words)
    ]
    return program("trend", request, figure, direction=asked[0] if len(asked) == 1 else "")


def compare(row: str, request: Request, companies: int) -> Program | None:
    figure = one_figure(row, request)
    if figure is None:
        return None
    if not re.search(r"\bcompare|\bcompared|\bcomparison|\bversus|\bvs\b|\bdiffer\b|\btrend\b", row) and not re.search(
        r"compare", request.core
    ):
        return None
    window = len(points(request)) >= 2 or request.reading.periods.last is not None or "trend" in row
    if companies < 2 and not window and not re.search(r"(?:prior|previous|last) (?:fiscal )?year", row):
        return None
    if not done(
        row,
        request,
        "how",
        "compare|compared|comparison",
        "versus|vs|differ",
        "trend|over time",
        "(?:the )?(?:prior|previous|last) (?:fiscal )?year",
        M,
    ):
        return None
    return program("compare", request, figure)
