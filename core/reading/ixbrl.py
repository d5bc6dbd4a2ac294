"""Inline XBRL: tagged numbers of a filing with concept, period, unit, scale, sign and decimals, and what the filing
states about itself (dei:*).

Source: Inline XBRL 1.1 (https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/), XBRL 2.1 contexts and
units, XBRL Dimensions 1.0. Works on a tree of either parser: names and attributes are compared without case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from lxml import etree

from core.evidence import Locator, Period, Tagged
from core.reading.html_source import Paths, tag_of
from core.reading.ixbrl_formats import transform

_TAXONOMIES = (
    (re.compile(r"fasb\.org/us-gaap/"), "us-gaap"),
    (re.compile(r"fasb\.org/srt/"), "srt"),
    (re.compile(r"xbrl\.sec\.gov/dei/"), "dei"),
    (re.compile(r"xbrl\.ifrs\.org/taxonomy/.*/ifrs-full"), "ifrs-full"),
)
"""Namespaces whose usual prefix is restored whatever prefix the filer chose."""


@dataclass(frozen=True)
class Context:
    """What a fact's contextRef stands for: whose, when, and which part of the entity."""

    entity: str
    period: Period | None
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass
class Facts:
    """The inline XBRL of one file."""

    numbers: list[tuple[etree._Element, Tagged]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read_facts(root: etree._Element, paths: Paths) -> Facts:
    """All ix:nonFraction numbers in document order, and dei:* of the consolidated entity as `meta`.

    A fact that is nil, or whose context, unit or printed number cannot be resolved, is not returned; the latter
    are counted in `warnings`.
    """
    facts = Facts()
    contexts: dict[str, Context] = {}
    units: dict[str, str] = {}
    inline: list[tuple[str, etree._Element]] = []
    continuations: dict[str, etree._Element] = {}
    for element in root.iter():
        if not tag_of(element):
            continue
        tag = tag_of(element)
        if tag in ("ix:nonfraction", "ix:nonnumeric"):
            inline.append((tag, element))
        elif tag == "ix:continuation":
            continuations[element.get("id") or ""] = element
        elif tag.endswith(":context"):
            contexts[element.get("id") or ""] = _context(element)
        elif tag.endswith(":unit"):
            units[element.get("id") or ""] = _unit(element)
    unresolved: list[str] = []
    for tag, element in inline:
        name = _concept(_attribute(element, "name"), element)
        context = contexts.get(_attribute(element, "contextref"))
        if name.startswith("dei:") and name not in facts.meta and (context is None or not context.dimensions):
            value = _stated(element, continuations)
            if value:
                facts.meta[name] = value
        if tag == "ix:nonnumeric" or _is_nil(element):
            continue
        tagged = _number(element, name, context, units, paths)
        if tagged is None:
            unresolved.append(name)
        else:
            facts.numbers.append((element, tagged))
            if facts.meta.get(name) == tagged.printed:
                facts.meta[name] = f"{tagged.value:f}"
    if "dei:SecurityExchangeName" not in facts.meta or "dei:TradingSymbol" not in facts.meta:
        _add_securities(facts, inline, contexts)
    _tidy_dates(facts.meta)
    if unresolved:
        some = ", ".join(sorted(set(unresolved))[:5])
        facts.warnings.append(f"{len(unresolved)} tagged numbers could not be resolved and are left out ({some}).")
    return facts


def _add_securities(facts: Facts, inline: list[tuple[str, etree._Element]], contexts: dict[str, Context]) -> None:
    """The first listed security where a filer gives each class of shares its own context (no undimensioned one)."""
    for _, element in inline:
        name = _concept(_attribute(element, "name"), element)
        if name in ("dei:TradingSymbol", "dei:SecurityExchangeName", "dei:Security12bTitle") and name not in facts.meta:
            text = _text(element)
            if text:
                facts.meta[name] = text


def _tidy_dates(meta: dict[str, str]) -> None:
    """dei dates in ISO form: printed "September 28, 2024" -> "2024-09-28"; year ends as "--09-28"."""
    for name, value in list(meta.items()):
        if name.endswith("Date"):
            iso = _iso_date(value)
            if iso:
                meta[name] = iso


_MONTHS = {
    m: i
    for i, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for m in names.split()
}


def _iso_date(text: str) -> str | None:
    text = " ".join(text.replace(",", " ").replace(".", " ").split())
    if re.fullmatch(r"-{0,2}\d{4}-\d{2}-\d{2}|--\d{2}-\d{2}", text):
        return text
    found = re.search(r"([A-Za-z]+) (\d{1,2})(?: (\d{4}))?", text) or None
    if found and found.group(1).lower() in _MONTHS:
        month, day, year = _MONTHS[found.group(1).lower()], int(found.group(2)), found.group(3)
        return f"{year}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"
    found = re.search(r"(\d{1,2}) ([A-Za-z]+)(?: (\d{4}))?", text)
    if found and found.group(2).lower() in _MONTHS:
        month, day, year = _MONTHS[found.group(2).lower()], int(found.group(1)), found.group(3)
        return f"{year}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"
    found = re.fullmatch(r"(\d{1,2})[/ -](\d{1,2})", text)
    if found:
        return f"--{int(found.group(1)):02d}-{int(found.group(2)):02d}"
    return None


def _number(
    element: etree._Element, name: str, context: Context | None, units: dict[str, str], paths: Paths
) -> Tagged | None:
    unit = units.get(_attribute(element, "unitref"))
    if context is None or context.period is None or unit is None:
        return None
    printed = _text(element)
    value = transform(printed, _attribute(element, "format"))
    if value is None:
        return None
    scale = _integer(_attribute(element, "scale"))
    value = value.scaleb(scale) if scale else value
    if value == value.to_integral_value():
        value = value.quantize(Decimal(1)) if abs(value) < Decimal(10) ** 27 else value
    if _attribute(element, "sign") == "-":
        value = -value
    return Tagged(
        concept=name,
        value=value,
        unit=unit,
        period=context.period,
        printed=printed,
        scale=scale,
        decimals=_integer(_attribute(element, "decimals")),
        dimensions=context.dimensions,
        locator=Locator(element=paths.of(element)),
    )


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by lower-case local name (the HTML parser lowers names, the XML parser keeps them)."""
    found = element.get(name)
    if found is not None:
        return found
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2].lower() == name:
            return str(value)
    return ""


def _is_nil(element: etree._Element) -> bool:
    return any(
        str(k).rpartition("}")[2].rpartition(":")[2].lower() == "nil" and str(v).lower() in ("true", "1")
        for k, v in element.attrib.items()
    )


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?\d+", text.strip()) else None


def _concept(name: str, element: etree._Element) -> str:
    """`name` with the usual prefix of its taxonomy."""
    prefix, colon, local = name.strip().partition(":")
    if not colon:
        return name.strip()
    uri = element.nsmap.get(prefix) or ""
    for pattern, usual in _TAXONOMIES:
        if pattern.search(uri):
            return f"{usual}:{local}"
    return f"{prefix}:{local}"


def _text(element: etree._Element) -> str:
    """The text of a fact, white space collapsed, what ix:exclude takes out left out."""
    if not len(element):
        return " ".join((element.text or "").split())
    out: list[str] = []
    skipping = 0
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        excluded = tag_of(inner) == "ix:exclude"
        if event == "start":
            skipping += excluded
            if inner.text and not skipping:
                out.append(inner.text)
        else:
            skipping -= excluded
            if inner is not element and inner.tail and not skipping:
                out.append(inner.tail)
    return " ".join("".join(out).split())


def _stated(element: etree._Element, continuations: dict[str, etree._Element]) -> str:
    """A non-numeric fact as text; ticked and unticked boxes as "true" and "false"."""
    fmt = _attribute(element, "format").rpartition(":")[2].replace("-", "").lower()
    if fmt in ("fixedtrue", "booleantrue"):
        return "true"
    if fmt in ("fixedfalse", "booleanfalse"):
        return "false"
    text = _joined(element, continuations)
    if fmt == "boolballotbox" and text:
        return "false" if text in ("\u2610", "o", "O", "\u00a8") else "true"
    return text


def _joined(element: etree._Element, continuations: dict[str, etree._Element]) -> str:
    """Text of a fact with its ix:continuation chain."""
    parts, seen, here = [_text(element)], set(), element
    while (key := _attribute(here, "continuedat")) and key in continuations and key not in seen:
        seen.add(key)
        here = continuations[key]
        parts.append(_text(here))
    return " ".join(p for p in parts if p)[:2000]


def _local(element: etree._Element) -> str:
    return tag_of(element).rpartition(":")[2]


def _context(element: etree._Element) -> Context:
    entity, start, end, dimensions = "", None, None, []
    for child in element.iter():
        if not tag_of(child):
            continue
        local, text = _local(child), (child.text or "").strip()
        if local == "identifier":
            entity = text
        elif local == "startdate":
            start = _day(text, ends=False)
        elif local in ("enddate", "instant"):
            end = _day(text, ends=True)
        elif local == "explicitmember":
            dimensions.append((_concept(_attribute(child, "dimension"), child), _concept(text, child)))
        elif local == "typedmember":
            dimensions.append((_concept(_attribute(child, "dimension"), child), _text(child)))
    return Context(entity, Period(end, start) if end else None, tuple(sorted(dimensions)))


def _day(text: str, ends: bool) -> date | None:
    """A date; an end given as midnight of the next day is the day before (XBRL 2.1, section 4.7.2)."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day - timedelta(days=1) if ends and text[10:].startswith("T00:00:00") else day


def _unit(element: etree._Element) -> str:
    top: list[str] = []
    bottom: list[str] = []
    for child in element.iter():
        if _local(child) == "measure":
            parents = {_local(p) for p in child.iterancestors()}
            measure = (child.text or "").strip().rpartition(":")[2]
            (bottom if "unitdenominator" in parents else top).append(measure)
    unit = "*".join(top)
    return f"{unit}/{'*'.join(bottom)}" if bottom else unit
