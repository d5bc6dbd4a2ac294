"""The grammar of questions: the row of marks that asks, matched against the forms that can be computed.

Every word must be explained: by the form, as a period, or as one that changes nothing. A word that is left over may
change what is meant ("adjusted", "domestic", "expects"), so the question is then not planned at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from verticals.finance.metrics import metrics
from verticals.finance.planner import figures
from verticals.finance.planner.definitions import Unreadable, parse
from verticals.finance.planner.program import Figure, Form, Point, Program
from verticals.finance.planner.request import Request
from verticals.finance.understand.periods import NUMBER_WORDS

M = r"<m:([\w:]+)>"
Y = r"<y\d+>"
_JOIN = r"(?:-|to|and|v|vs|versus|through|until|,|, and|compared (?:to|with)|relative to)"
_YEARS = re.compile(rf"{Y}(?:\s*{_JOIN}\s*(?:the\s+)?(?:period\s+)?(?:in\s+)?{Y})*")
_TIME = re.compile(rf"(?:\b(?:year|fiscal year) (?:end|ended)\s+)?(?:\byear\s+)?{_YEARS.pattern}")
_N = rf"(?:\d+|{'|'.join(NUMBER_WORDS)})"
_UP = r"grow|grew|grown|growing|increase|increased|increasing|rise|rose|risen|rising|expand|expanded|expanding|climb|climbed|gain|gained"
_DOWN = r"decrease|decreased|decreasing|drop|dropped|dropping|fall|fell|fallen|falling|shrink|shrank|shrunk|reduce|reduced|reducing|contract|contracted|lower|lowered|reduction"
_BETTER = r"improve|improved|improving|improvement|strengthen|strengthened|strengthening"
_WORSE = r"decline|declined|declining|worsen|worsened|worsening|deteriorate|deteriorated|deteriorating|weaken|weakened|weakening"
_TURN = rf"(?:{_UP}|{_DOWN}|{_BETTER}|{_WORSE}|change|changed)"
_YES_NO = r"^(?:and |so |then )?(?:doe|do|did|has|have|had|is|are|was|were)\b"
_HIGH = r"highest|most|largest|greatest|best|biggest|higher|more|larger|greater|better|bigger|stronger|strongest"
_LOW = r"lowest|least|smallest|worst|lower|less|smaller|worse|fewest|weaker|weakest"


def read(request: Request, companies: int) -> Program | None:
    """The program of a request over `companies` companies, or None where it is not wholly understood."""
    if request.unread or not request.core or request.core.count("?") > 1 or " . " in request.core:
        return None
    row = _TIME.sub(" ", request.core)
    row = re.sub(r"<q\d-\d+>", " ", row)
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
        if fixed and (len(program.points) > 1 and program.form != "value" or not fixed <= set(request.reading.periods.years)):
            return False
        if request.form.percent and figure.unit in ("money", "days", "per_share", "shares") and program.form in ("value", "mean"):
            return False
        if request.form.scale is not None and figure.unit != "money" and program.form in ("value", "mean"):
            return False
    return True


def _forms() -> Iterator[Callable[[str, Request, int], Program | None]]:
    yield from (_intensity, _activities, _drivers, _steady, _highest, _healthy, _sign, _cagr, _growth)
    yield from (_trend, _compare, _mean, _value)


def _done(row: str, request: Request, *explained: str) -> bool:
    """Whether nothing of `row` is left unexplained once `explained` patterns are taken out."""
    for pattern in explained:
        row = re.sub(rf"(?:^|\s)(?:{pattern})(?=\s|$)", " ", f" {row} ")
    return not request.leftover(row)


def points(request: Request) -> tuple[Point, ...]:
    """The periods that the asking sentence names, ascending; a range that it names is filled."""
    named = {Point.of(int(y)) for y in re.findall(r"<y(\d+)>", request.core)}
    ranges = [r for r in request.reading.periods.ranges if {Point.of(r[0]), Point.of(r[1])} <= named]
    named |= {Point.of(y) for start, end in ranges for y in range(start, end + 1)}
    named |= {Point.of(int(y), int(q)) for q, y in re.findall(r"<q(\d)-(\d+)>", request.core)}
    return tuple(sorted(named))


def _program(form: Form, request: Request, *chosen: Figure, direction: str = "", tolerance: float | None = None) -> Program:
    when = request.reading.periods
    return Program(
        form, chosen, points(request), request.form, direction, tolerance, when.last, request.relevance
    )


def _names(row: str) -> list[str]:
    return re.findall(M, row)


def _one(row: str, request: Request) -> Figure | None:
    names = _names(row)
    return figures.of_metric(names[0], request) if len(names) == 1 else None


def _intensity(row: str, request: Request, companies: int) -> Program | None:
    if not re.search(r"\bcapital intensive\b", row) or _names(row):
        return None
    if not re.match(_YES_NO + r"|^how\b", row) or not _done(row, request, "capital intensive", "how", "very|highly|a|heavily", "industry"):
        return None
    return _program("intensity", request)


def _activities(row: str, request: Request, companies: int) -> Program | None:
    words = re.sub(r"<m:operating_cash_flow>|<m:investing_cash_flow>|<m:financing_cash_flow>", _plain_activity, row)
    found = all(re.search(rf"\b{w}", words) for w in ("operati", "invest", "financ")) and re.search(r"\bcash\b", words)
    if not found or _names(words):
        return None
    high, low = re.search(r"\b(?:most|highest|largest|greatest|biggest)\b", words), re.search(r"\b(?:least|lowest|smallest)\b", words)
    plain = re.sub(r"\(? ?(?:or )?(?:lost|used|consumed|burned|spent) the (?:least|most) ?\)?", " ", words)
    if re.search(r"\b(?:used|consumed|burned|spent|lost)\b", plain) or not (high or low):
        return None
    done = _done(
        plain, request, "operation|operating", "investing|investment", "financing", "activity|area", "cash", "flow", "among|amongst|of",
        "which|what", "most|highest|largest|greatest|biggest|least|lowest|smallest", "lost|lose", "source", "three",
    )  # fmt: skip
    return _program("activities", request, direction="min" if low and not high else "max") if done else None


def _plain_activity(match: re.Match[str]) -> str:
    return {"o": "operating cash", "i": "investing cash", "f": "financing cash"}[match.group()[3]]


def _drivers(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    if figure is None or figure.name not in ("operating_margin", "gross_margin", "operating_income", "net_margin"):
        return None
    pattern = r"what (?:drove|caused|explain|led to|contributed to)|why did|driver of|reason for"
    if not re.search(rf"^{pattern}", row) or not _done(row, request, pattern, _TURN, M):
        return None
    return _program("drivers", request, figure)


def _steady(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    if figure is None or not re.match(_YES_NO, row) or not re.search(r"\b(?:consistent|stable|steady|constant|fluctuat\w*|volatile)\b", row):
        return None
    tolerance = re.search(r"(\d+(?:\.\d+)?) ?(?:%|percent|percentage point)", row)
    done = _done(
        row, request, r"\d+(?:\.\d+)? ?(?:%|percent|percentage point)(?: point)?", "historically|historical|relatively|fairly|over time",
        "consistent|stable|steady|constant|volatile", "not", r"fluctuat\w*|varying|vary|moving", "more than|less than|at most|by", M, "remained|stayed|kept",
    )  # fmt: skip
    negative = "volatile" if re.search(r"\bvolatile\b|(?<!not )\bfluctuat", row) and "consistent" not in row else ""
    return _program("steady", request, figure, direction=negative, tolerance=float(tolerance[1]) if tolerance else None) if done else None


def _highest(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    high, low = re.search(rf"\b(?:{_HIGH})\b", row), re.search(rf"\b(?:{_LOW})\b", row)
    if figure is None or not (high or low) or (high and low) or not re.search(r"\b(?:which|who|whose|what year|in what)\b", row):
        return None
    asks_year = bool(re.search(r"\b(?:which|what) (?:fiscal |financial )?year\b", row))
    if companies < 2 and not (asks_year and (len(request.reading.periods.years) > 1 or request.reading.periods.last)):
        return None
    if not _done(row, request, "which|who|whose|what", _HIGH, _LOW, M, "between|among", "or", "than", "wa"):
        return None
    return _program("highest", request, figure, direction="max" if high else "min")


def _healthy(row: str, request: Request, companies: int) -> Program | None:
    """"healthy liquidity based on its quick ratio"; liquidity alone is judged by the current and the quick ratio."""
    if not re.match(_YES_NO, row):
        return None
    word = r"healthy|strong|adequate|sufficient|good|solid|sound|comfortable|weak|poor"
    subject = r"liquidity(?: (?:profile|position))?|financial position|short term liquidity|interest(?: payment)?"
    names = _names(row)
    if not re.search(rf"\b(?:{word})\b", row) or len(names) > 1 or not (names or re.search(r"\bliquidity\b", row)):
        return None
    if not _done(row, request, word, subject, "fairly|very|relatively", M, "profile|position|level"):
        return None
    chosen = names or ["quick_ratio", "current_ratio"]
    return _program("healthy", request, *(figures.of_metric(n, request) for n in chosen), direction="worse" if re.search(r"\b(?:weak|poor)\b", row) else "better")


def _sign(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    match = re.search(r"\b(positive|negative|profitable|loss making)\b", row)
    if match and figure is None and match[1] == "profitable" and not _names(row):
        figure = figures.of_metric("net_income", request)
    if not match or figure is None or not re.match(_YES_NO, row):
        return None
    if not _done(row, request, "positive|negative|profitable", M):
        return None
    return _program("sign", request, figure, direction="down" if match[1] == "negative" else "up")


def _cagr(row: str, request: Request, companies: int) -> Program | None:
    pattern = r"cagr|compound(?:ed)? annual growth(?: rate)?|compound growth(?: rate)?|annualized growth(?: rate)?"
    figure = _one(row, request)
    span = re.search(rf"\b({_N}) year\b", row)
    if figure is None or not re.search(rf"\b(?:{pattern})\b", row) or not _done(row, request, pattern, rf"{_N} year", M, "rate", r"\( cagr \)"):
        return None
    program = _program("cagr", request, figure)
    if span:
        n = _count(span[1])
        years = [p.year for p in program.points]
        if len(years) >= 2 and years[-1] - years[0] != n:
            return None  # the length and the years named do not agree
        if len(years) < 2:
            return Program("cagr", program.figures, program.points, program.format, years_back=n)
    return program if len(program.points) >= 2 else None


def _growth(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    if figure is None or re.match(_YES_NO, row):
        return None
    rate = re.search(r"\bgrowth\b|(?:%|percent|percentage) (?:change|increase|decrease|decline)|\b(?:fast|percent|percentage|%)\b", row)
    turn = re.search(rf"\b(?:{_TURN}|growth|difference)\b", row)
    if not turn and not rate:
        return None
    if not turn and rate and re.search(r"\bof\b", row):
        return None
    done = _done(
        row, request, "growth(?: rate)?", "rate", _TURN, "%|percent|percentage", "fast|yoy|year over year|annual", M, "difference", "net change", "in what",
    )  # fmt: skip
    if not done:
        return None
    return _program("growth" if rate or request.form.percent else "change", request, figure)


def _trend(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    if figure is None or not re.match(_YES_NO, row) or not re.search(rf"\b{_TURN}\b", row):
        return None
    profile = "profile|trend|trajectory|pattern|position"
    if not _done(row, request, _TURN, profile, "or", M, "any", "yoy", "doe|did", "(?:over|versus|from|than|compared to|relative to) (?:the )?(?:prior|previous|last) year"):
        return None
    words = {w for w in re.findall(r"\w+", row)}
    asked = [
        d
        for d, pattern in (("up", _UP), ("down", _DOWN), ("better", _BETTER), ("worse", _WORSE))
        if any(re.fullmatch(pattern, w) for w in words)
    ]
    return _program("trend", request, figure, direction=asked[0] if len(asked) == 1 else "")


def _compare(row: str, request: Request, companies: int) -> Program | None:
    figure = _one(row, request)
    if figure is None:
        return None
    if not re.search(r"\bcompare|\bcompared|\bcomparison|\bversus|\bvs\b|\bdiffer\b", row) and not re.search(r"compare", request.core):
        return None
    if companies < 2 and len(points(request)) < 2 and not re.search(r"(?:prior|previous|last) (?:fiscal )?year", row):
        return None
    if not _done(row, request, "how", "compare|compared|comparison", "versus|vs|differ", "(?:the )?(?:prior|previous|last) (?:fiscal )?year", M):
        return None
    return _program("compare", request, figure)


def _mean(row: str, request: Request, companies: int) -> Program | None:
    if not re.search(r"\b(?:average|mean)\b", row):
        return None
    figure, rest = _figure(re.sub(rf"\b(?:{_N} year )?(?:annual )?(?:average|mean)\b(?: of)?", " ", row), request)
    span = re.search(rf"\b({_N}) year\b", row)
    if figure is None or not _done(rest, request, rf"{_N} year"):
        return None
    program = _program("mean", request, figure)
    years = [p.year for p in program.points]
    if span and len(years) >= 2 and years[-1] - years[0] + 1 != _count(span[1]):
        return None
    if len(years) < 2:
        n = _count(span[1]) if span else program.years_back
        return Program("mean", program.figures, program.points, program.format, years_back=n) if n and n > 1 else None
    if figure.instant and len(years) == 2 and years[1] - years[0] > 1:
        return None
    return program


def _figure(row: str, request: Request) -> tuple[Figure | None, str]:
    """The one figure of `row`, also where it is a share, a ratio or a sum; and the row without it."""
    match = re.search(rf"{M}\s+(?:\(\s*)?(?:as|in)\s+(?:a\s+|an\s+)?(?:%|percent|percentage|share|proportion|portion|fraction)\s+of\s+(?:the\s+)?{M}", row)
    if match:
        return figures.share(*(figures.of_metric(n, request) for n in match.groups())), _cut(row, match)
    match = re.search(rf"(?:what\s+)?(?:%|percent|percentage|share|proportion)\s+of\s+(?:the\s+)?{M}\s+(?:wa|was|is|were|are|did|doe)?\s*(?:spent on\s+|from\s+)?{M}", row)
    if match:
        return figures.share(figures.of_metric(match[2], request), figures.of_metric(match[1], request)), _cut(row, match)
    match = re.search(rf"\bratio\s+of\s+(?:the\s+)?{M}\s+to\s+(?:the\s+)?{M}|{M}\s+to\s+{M}(?:\s+ratio)?|{M}\s*/\s*{M}", row)
    if match:
        a, b = (n for n in match.groups() if n)
        return figures.ratio(figures.of_metric(a, request), figures.of_metric(b, request)), _cut(row, match)
    match = re.search(rf"{M}\s+(?:%\s+|percent\s+)?margin\b", row)
    if match and match[1] in metrics() and metrics()[match[1]].unit == "money" and match[1] != "revenue":
        revenue = figures.of_metric("revenue", request)
        return figures.share(figures.of_metric(match[1], request), revenue), _cut(row, match)
    names = _names(row)
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


def _value(row: str, request: Request, companies: int) -> Program | None:
    ask = r"how|many|value|amount"
    if re.match(_YES_NO, row) or re.search(r"\b(?:which|who|when|where|why)\b", row):
        return None
    names = _names(row)
    figure, rest = _figure(row, request)
    if figure is not None and _done(rest, request, ask):
        return _program("value", request, figure)
    listed = re.search(rf"{M}(?:\s*(?:,|and|, and)\s*(?:the\s+)?{M})+", row)
    if len(names) > 1 and listed and len(re.findall(M, listed.group())) == len(names) and _done(_cut(row, listed), request, ask):
        return _program("value", request, *(figures.of_metric(n, request) for n in dict.fromkeys(names)))
    return None


def _cut(row: str, match: re.Match[str]) -> str:
    return f"{row[: match.start()]} {row[match.end() :]}"


def _count(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS[text]
