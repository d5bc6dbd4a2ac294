"""What a filing is: company, document type, period, date and the company's own name for its fiscal year.

The document's own statements decide, surest first: `dei:*` facts of inline XBRL, the cover page of the form, the
first pages' words. The file's name is asked only where the content is silent. Nothing is guessed beyond that: an
unknown field stays empty.

`Description.meta` holds `fiscal_year` (the company's name of the year that the period ends in, "2023"),
`fiscal_year_end` ("01-28", month and day), `fiscal_period` ("FY", "Q1" … "Q3") and `ticker`, each where known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from core.evidence import Description, Document, Period
from verticals.finance.names import as_written, company_from_name, display_name, shorter_names, tidy_company

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(_MONTHS) + "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
DATE = rf"(?:\b(?=[jfmasond])(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})\s*,?\s+(?P<year>(?:19|20)\d\d))"
_DATE = re.compile(DATE, re.I)
MONTH_DAY = re.compile(rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})\b", re.I)
_FORM = re.compile(r"\bform\s+(10-?k(?:t|405)?|10-?q|8-?k|20-?f|40-?f|6-?k|s-?1|def\s?14a)(/a)?\b", re.I)
_KINDS = {"10k": "10-K", "10kt": "10-K", "10k405": "10-K", "10q": "10-Q", "8k": "8-K", "20f": "20-F", "40f": "40-F"}
_KINDS |= {"6k": "6-K", "s1": "S-1", "def14a": "proxy statement"}
_EXACT = re.compile(r"\(\s*exact\s+name\s+of\s+(?:the\s+)?registrant", re.I)
_SYMBOL = re.compile(
    r"\b(?P<symbol>[A-Z]{1,5}(?:[.\-][A-Z])?)\s+(?:The\s+|the\s+)?(?:New\s+York\s+Stock\s+Exchange|NYSE|N(?:ASDAQ|asdaq))"
)
_FILE_NUMBER = re.compile(r"commission\s+file\s+(?:number|no\.?)\s*:?\s*[\d-]+\.?\s*\n", re.I)
_RELEASE = re.compile(
    r"\b(?:reports|announces|reported|posts|delivers)\b[^.\n]{0,80}\b(?:results|earnings|quarter|revenue)\b|"
    r"\b(?:earnings release|press release|quarter(?:ly)? results|financial results)\b",
    re.I,
)
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_JANUARY = timedelta(days=7)


def parse_date(text: str) -> date | None:
    """The first "Month D, YYYY" or ISO date in a text, or None."""
    if found := _DATE.search(text):
        return _date(found["month"], found["day"], found["year"])
    if found := re.search(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b", text):
        return _safe(int(found[1]), int(found[2]), int(found[3]))
    return None


def dates_in(text: str) -> list[date]:
    """All "Month D, YYYY" dates of a text, in order."""
    return [d for f in _DATE.finditer(text) if (d := _date(f["month"], f["day"], f["year"]))]


def describe(document: Document) -> Description:
    """Company, kind, period, date and fiscal year of a filing (see the module's docstring)."""
    dei = {k.rpartition(":")[2]: v for k, v in document.meta.items() if "dei" in k.lower() or k[:1].isupper()}
    cover, body = _texts(document)
    kind = _kind(dei, cover, document)
    company, ticker = _company(dei, cover, document)
    end = _period_end(dei, cover, kind, body)
    year_end = _year_end(dei, cover, body, kind, end)
    year = _fiscal_year(dei, body, cover, end, year_end)
    quarter = _quarter(dei, kind, cover, end, year_end)
    period = _period(kind, end, quarter)
    shown = display_name(company)
    meta: dict[str, str] = {}
    if year:
        meta["fiscal_year"] = str(year)
    if year_end:
        meta["fiscal_year_end"] = f"{year_end[0]:02d}-{year_end[1]:02d}"
    if quarter:
        meta["fiscal_period"] = quarter
    if ticker:
        meta["ticker"] = ticker
    names = (tidy_company(company), *shorter_names(shown), ticker)
    aliases = tuple(dict.fromkeys(n for n in names if n and n != shown))
    return Description(
        entity=shown,
        kind=kind,
        title=_title(shown, kind, year, quarter, end, document),
        period=period,
        date=_date_of(dei, document, cover, kind, body, end),
        aliases=aliases,
        meta=meta,
    )


def _texts(document: Document) -> tuple[str, str]:
    """The cover (first two pages, or as much text) and the body (up to some 400,000 characters)."""
    cover: list[str] = []
    body: list[str] = []
    long = 0
    for block in document.blocks:
        on_cover = block.locator.page <= 2 if block.locator.page else long < 8000
        if on_cover:
            cover.append(block.text)
        if long > 400_000:
            break
        body.append(block.text)
        long += len(block.text)
    return "\n".join(cover), "\n".join(body)


def _kind(dei: Mapping[str, str], cover: str, document: Document) -> str:
    if form := dei.get("DocumentType", ""):
        return _KINDS.get(re.sub(r"[^a-z0-9]", "", form.lower()).removesuffix("a"), form)
    found = [_KINDS.get(re.sub(r"[^a-z0-9]", "", m[1].lower()), "") for m in _FORM.finditer(cover[:6000])]
    # A cover names its own form first; "Form 8-K" and "Form 10-K" are also mentioned in running text.
    if found and re.search(r"securities and exchange commission", cover[:3000], re.I):
        return found[0]
    lead = cover[:4000]
    if re.search(r"annual report pursuant to section", lead, re.I):
        return "10-K"
    if re.search(r"quarterly report pursuant to section", lead, re.I):
        return "10-Q"
    if re.search(r"current report\s+pursuant to section", lead, re.I):
        return "8-K"
    if _RELEASE.search(lead[:1500]):
        return "earnings release"
    if re.search(r"\bannual report\b", lead, re.I):
        return "annual report"
    if re.search(r"\b(?:quarterly|interim) report\b", lead, re.I):
        return "10-Q" if found[:1] == ["10-Q"] else "quarterly report"
    if found:
        return found[0]
    name = re.sub(r"[^a-z0-9]", " ", document.name.lower())
    for pattern, kind in ((r"10 ?k", "10-K"), (r"10 ?q", "10-Q"), (r"8 ?k", "8-K"), (r"earnings", "earnings release")):
        if re.search(rf"(?:^|[\d ]){pattern}(?: |$)", name) or (kind == "earnings release" and "earnings" in name):
            return kind
    return "other"


def _company(dei: Mapping[str, str], cover: str, document: Document) -> tuple[str, str]:
    ticker = dei.get("TradingSymbol", "").split(",")[0].strip().upper()
    ticker = "" if ticker in ("NONE", "N/A") else ticker
    if not ticker and (found := _SYMBOL.search(cover)) and found["symbol"] not in ("THE", "NEW", "YORK", "ON", "STOCK"):
        ticker = found["symbol"]
    if name := dei.get("EntityRegistrantName", ""):
        return as_written(name, cover, _text_start(document)), ticker
    if found := _EXACT.search(cover):
        for line in reversed(re.split(r"[\n\t]| {3,}|_{3,}|-{4,}", cover[: found.start()])):
            line = line.strip(" _-.*")
            if len(line) > 1 and re.search(r"[A-Za-z]{2}|\d[A-Z]", line) and not re.search(r"\d{3}-\d", line):
                return line, ticker
    if found := _FILE_NUMBER.search(cover):  # the registrant's name stands below the file number
        for line in cover[found.end() :].splitlines()[:4]:
            if len(line.strip(" _-.*")) > 1 and re.search(r"[A-Za-z]{2}|\d[A-Z]", line):
                return line.strip(" _-.*"), ticker
    return company_from_name(cover, document.title, document.name), ticker


def _text_start(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks[:120])


def _period_end(dei: Mapping[str, str], cover: str, kind: str, body: str) -> date | None:
    if stated := parse_date(dei.get("DocumentPeriodEndDate", "")):
        return stated
    if kind == "8-K":
        match = re.search(r"date of (?:earliest event reported|report)[^\n]{0,120}", cover, re.I)
        return parse_date(match[0]) if match else None
    flat = " ".join(cover.split())
    lead = (
        r"(?:fiscal\s+)?(?:year|quarter(?:ly)?\s+period|quarter|period|"
        r"(?:three|six|nine|twelve)\s+months|(?:13|26|39|14|27|40|52|53)\s+weeks)"
    )
    for pattern in (rf"for the {lead}\s+end(?:ed|ing):?\s*", rf"\b{lead}\s+end(?:ed|ing):?\s*"):
        for match in re.finditer(pattern, flat, re.I):
            if kind in _KINDS.values() and (found := _DATE.match(flat[match.end() : match.end() + 30])):
                return _date(found["month"], found["day"], found["year"])
    # "Twelve Months Ended June 30," with the years in the columns below
    flat_body = " ".join(body[:60_000].split())
    found_ends = []
    for match in re.finditer(rf"\b{lead}\s+ended\s+", flat_body, re.I):
        after = flat_body[match.end() : match.end() + 120]
        if day := MONTH_DAY.match(after):
            found_ends += [
                d for y in re.findall(r"\b((?:19|20)\d\d)\b", after) if (d := _date(day["month"], day["day"], y))
            ]
    return max(found_ends, default=None)


def _year_end(dei: Mapping[str, str], cover: str, body: str, kind: str, end: date | None) -> tuple[int, int] | None:
    if kind in ("10-K", "20-F", "annual report") and end:
        return end.month, end.day
    if closing := re.match(r"-*(\d\d)-?(\d\d)$", dei.get("CurrentFiscalYearEndDate", "")):
        return int(closing[1]), int(closing[2])
    flat = " ".join((cover + " " + body).split())
    ends = Counter(
        (d.month, d.day)
        for m in re.finditer(r"\b(?:fiscal )?years? end(?:ed|ing) ", flat, re.I)
        if (f := _DATE.match(flat[m.end() : m.end() + 30])) and (d := _date(f["month"], f["day"], f["year"]))
    )
    if ends:
        return ends.most_common(1)[0][0]
    months = Counter(
        (month_number(f["month"]), int(f["day"]))
        for m in re.finditer(r"\b(?:(?:fiscal )?years?|twelve months) end(?:ed|ing|s) (?:on )?", flat, re.I)
        if (f := MONTH_DAY.match(flat[m.end() : m.end() + 20]))
    )
    return months.most_common(1)[0][0] if months else None


def _fiscal_year(
    dei: Mapping[str, str], body: str, cover: str, end: date | None, year_end: tuple[int, int] | None
) -> int | None:
    if (focus := dei.get("DocumentFiscalYearFocus", "")).isdigit():
        return int(focus)
    if end is None:
        return None
    shifted = end - _JANUARY
    by_end = shifted.year
    if year_end and shifted.month > ((date(2001, *_valid(year_end)) - _JANUARY).month):
        by_end += 1
    if year_end is None or year_end[0] >= 7 or year_end == (12, 31):
        return by_end
    # A year that ends in the first half may be named by its start: what the text calls it most decides.
    said = Counter(int(y) for y in re.findall(r"\bfiscal(?:\s+years?)?\s+((?:19|20)\d\d)\b", body, re.I))
    said_exactly = re.search(
        rf"\bfiscal(?: year)?\s+((?:19|20)\d\d)[^.]{{0,40}}\bended\s+{end:%B}\s+{end.day}\s*,\s*{end.year}", body, re.I
    )
    if said_exactly:
        return int(said_exactly[1])
    return by_end - 1 if said[by_end - 1] > 2 * said[by_end] else by_end


def _quarter(dei: Mapping[str, str], kind: str, cover: str, end: date | None, year_end: tuple[int, int] | None) -> str:
    focus = dei.get("DocumentFiscalPeriodFocus", "")
    if focus:
        return focus
    if kind in ("10-K", "20-F", "annual report"):
        return "FY"
    if kind not in ("10-Q", "quarterly report", "earnings release") or end is None:
        return ""
    if kind == "earnings release" and not year_end:
        return ""
    if year_end is None:
        return ""
    closing = (date(2001, *_valid(year_end)) - _JANUARY).month
    past = ((end - _JANUARY).month - closing - 1) % 12 + 1
    quarter = (past - 1) // 3 + 1
    if quarter == 4:
        return "FY"
    return f"Q{quarter}"


def _period(kind: str, end: date | None, quarter: str) -> Period | None:
    if end is None:
        return None
    if kind == "8-K":
        return Period(end)
    if quarter == "FY":
        return Period(end, week_start(end, 12))
    if quarter:
        return Period(end, week_start(end, 3))
    return Period(end)


def week_start(end: date, months: int) -> date:
    """The first day of a period of so many months that ends on `end`; of its weeks where months do not end there."""
    last = end + timedelta(days=1)
    if last.day != 1:  # 52 or 13 weeks: the printed columns say where a year has one more
        return end - timedelta(days=(364 if months == 12 else 91 * months // 3) - 1)
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    return _next_first(year, month + 1)


def _next_first(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _date_of(
    dei: Mapping[str, str], document: Document, cover: str, kind: str, body: str, end: date | None
) -> date | None:
    """When the document was made known: its signature or report date, else its period's end."""
    if kind == "8-K":
        match = re.search(r"date of report[^\n]{0,160}", cover, re.I)
        if match and (found := parse_date(match[0])):
            return found
    tail = "\n".join(b.text for b in document.blocks[-400:])
    after = [
        d
        for m in re.finditer(r"\b(?:dated?|date:)\s*:?\s*", tail, re.I)
        if (d := parse_date(tail[m.end() : m.end() + 30]))
    ]
    signed = [d for d in after if end is None or timedelta(0) <= d - end <= timedelta(days=130)]
    if signed:
        return Counter(signed).most_common(1)[0][0]
    near = Counter(
        d
        for f in _DATE.finditer(tail)
        if (d := _date(f["month"], f["day"], f["year"])) and end and timedelta(10) <= d - end <= timedelta(days=100)
    )
    return near.most_common(1)[0][0] if near else end


def _title(shown: str, kind: str, year: int | None, quarter: str, end: date | None, document: Document) -> str:
    if not shown and kind == "other":
        return document.title or document.name
    when = ""
    if kind == "8-K":
        when = end.isoformat() if end else ""
    elif year:
        when = f"{quarter} FY{year}" if quarter.startswith("Q") else f"FY{year}"
    elif end:
        when = end.isoformat()
    return " ".join(p for p in (shown, kind if kind != "other" else "", when) if p)


def month_number(name: str) -> int:
    return next(i for i, full in enumerate(_MONTHS, 1) if full.startswith(name.lower().rstrip(".")[:3]))


def _date(month: str, day: str, year: str) -> date | None:
    return _safe(int(year), month_number(month), int(day))


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _valid(year_end: tuple[int, int]) -> tuple[int, int]:
    return (2, 28) if year_end == (2, 29) else year_end
