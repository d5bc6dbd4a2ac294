"""Which paragraphs are headings, how they nest, which lines are the running head of each page, and which lines above
a table are its caption and unit.

Filings rarely use h1 to h6: a heading there is a short line that is bold, larger than the text, or worded "Item 7.".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from core.reading.html_blocks import Raw
from core.reading.html_table import unit_of

_PART = re.compile(r"^part\s+(?:[ivx]+|\d+)\b[\s.:\u2013\u2014-]*", re.IGNORECASE)
_ITEM = re.compile(r"^items?\s+\d{1,2}[a-c]?\b(?:\s*(?:and|&)\s*\d{1,2}[a-c]?)?[\s.:\u2013\u2014-]*", re.IGNORECASE)
_NOTE = re.compile(r"^note\s+\d{1,2}\b[\s.:\u2013\u2014-]*", re.IGNORECASE)
_LONGEST = 300
_DEEPEST = 6
_NOTE_LEVEL = 4
_Look = tuple[float, bool, bool, bool, bool]


def drop_furniture(raws: list[Raw]) -> list[Raw]:
    """The blocks without page numbers and running heads: short lines beside a page break that recur page after page."""
    breaks = [i for i, r in enumerate(raws) if r.breaks_page]
    if breaks:
        breaks.append(len(raws))  # the last page ends with the file
    beside: set[int] = set()
    for i in breaks:
        beside.update(j for j in range(i - 3, i + 3) if 0 <= j < len(raws) and _could_be_furniture(raws[j]))
    shapes = Counter(_shape(raws[i].text) for i in beside)
    often = max(4, len(breaks) // 8)
    drop = {i for i in beside if shapes[_shape(raws[i].text)] >= often or _is_page_number(raws[i].text)}
    drop |= {i for i, r in enumerate(raws) if r.link and r.kind == "text" and _back_link(r.text)}
    return [r for i, r in enumerate(raws) if i not in drop]


def _could_be_furniture(raw: Raw) -> bool:
    return raw.kind in ("text", "heading", "table") and len(raw.text) < 160 and not raw.facts and not unit_of(raw.text)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split())).lower()


def _is_page_number(text: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:page\s*)?[-\u2013\u2014]?\s*(?:[A-Z]-?)?(?:\d{1,3}|[ivxlc]{1,6})\s*[-\u2013\u2014]?",
            text.strip(),
            re.I,
        )
    )


def _back_link(text: str) -> bool:
    return bool(
        re.fullmatch(r"(?:back to |return to )?(?:top|(?:table of )?contents|index)", text.strip(), re.IGNORECASE)
    )


def mark_headings(raws: list[Raw]) -> list[Raw]:
    """The blocks with headings named as such and given their level."""
    body = _body_size(raws)
    found: list[tuple[int, str]] = []
    for i, raw in enumerate(raws):
        if (
            raw.kind in ("text", "list")
            and not raw.link
            and (what := _heading(raw, body, raws[i + 1] if i + 1 < len(raws) else None))
        ):
            found.append((i, what))
    out = list(raws)
    what_at = dict(found)
    floor = 1
    open_looks: list[_Look] = []
    for i, raw in enumerate(raws):
        sort = what_at.get(i)
        if raw.kind == "heading":
            floor, open_looks = raw.level + 1, []
        elif sort in ("part", "item"):
            level = 1 if sort == "part" else 2
            out[i], floor, open_looks = replace(raw, kind="heading", level=level), level + 1, []
        elif sort == "note":
            out[i] = replace(raw, kind="heading", level=_NOTE_LEVEL)
            floor, open_looks = _NOTE_LEVEL + 1, []
        elif sort:
            look = _look(raw)
            if (
                floor > _NOTE_LEVEL
                and look[2]
                and re.match(r"(?:notes to|consolidated|report of)", raw.text, re.IGNORECASE)
            ):
                floor = 3  # the statements or another report begin: not a part of the last note
            while open_looks and open_looks[-1] <= look:
                open_looks.pop()
            out[i] = replace(raw, kind="heading", level=min(floor + len(open_looks), _DEEPEST))
            open_looks.append(look)
    return out


def _body_size(raws: list[Raw]) -> float:
    sizes: Counter[float] = Counter()
    for raw in raws:
        if raw.kind in ("text", "list"):
            sizes[raw.size] += len(raw.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _heading(raw: Raw, body: float, following: Raw | None) -> str:
    """ "part", "item", "note", "look" or "" for a paragraph."""
    text = raw.text.replace("\n", " ")
    if len(text) > _LONGEST or not re.search(r"[^\W\d_]", text) or re.fullmatch(r"\([^()]*\)", text):
        return ""
    strong = raw.bold > 0.9 or raw.size > body * 1.15 or (raw.underline > 0.9 and len(text) < 120)
    if not strong:
        if raw.italic > 0.95 and len(text) < 90 and not text.endswith((".", ",", ";")) and not text.startswith("("):
            return "look" if following is not None and following.kind in ("text", "table", "list") else ""
        if text.isupper() and 4 < len(text) < 120 and not text.endswith(".") and _ITEM.match(text):
            return "item"
        return ""
    if _PART.match(text) and len(text) < 60:
        return "part"
    if _ITEM.match(text) and len(text) < 200:
        return "item"
    if _NOTE.match(text) and len(text) < 160:
        return "note"
    if text.endswith((".", ";", ",")) and len(text) > 120 and raw.bold < 0.98:
        return ""
    return "look"


def _look(raw: Raw) -> _Look:
    """How strong a heading looks: larger, bold, capitals, upright, no full stop; a weaker one nests in a stronger."""
    text = re.sub(r"[^A-Za-z]", "", raw.text)
    return (
        round(raw.size),
        raw.bold > 0.9,
        bool(text) and text.isupper(),
        raw.italic < 0.5,
        not raw.text.endswith("."),
    )


def captions(raws: list[Raw]) -> list[Raw]:
    """The blocks with each table given its caption and unit from the lines right above it, where it has none."""
    out = list(raws)
    for i, raw in enumerate(raws):
        if raw.table is None:
            continue
        titles: list[str] = []
        unit = raw.table.unit
        for above in reversed(raws[max(0, i - 5) : i]):
            text = above.text.replace("\n", " ")
            if above.table is not None:
                break
            stated = unit_of(text)
            if stated and not unit and (len(text) < 160 or text.endswith((":", ")", "."))):
                unit = stated
            if above.kind == "heading" or (
                len(text) < 160 and not text.endswith((".", ";")) and (above.bold > 0.9 or above.centred or stated)
            ):
                titles.insert(0, text)
                if above.kind == "heading" and above.level <= 4 and len(titles) > 1:
                    break
                continue
            if text.endswith(":") and not titles and len(text) < 600:
                titles.insert(0, text)
            break
        caption = raw.table.caption or "\n".join(titles)
        before = out[i - 1].table if i else None
        if before is not None and before.columns == raw.table.columns and not caption:
            caption, unit = before.caption, unit or before.unit  # the same table, going on on the next page
        out[i] = replace(raw, table=replace(raw.table, caption=caption, unit=unit))
    return out
