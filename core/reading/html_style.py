"""What a reader would see of an element: hidden or not, bold, size, indent. From the style attribute, the HTML
attributes of old filings, and simple rules of the file's own style sheets.

Text that nobody could see (white on white, tiny, off the screen, transparent, not displayed) is never read as content:
whoever writes it writes to the program, not to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from core.reading.html_source import tag_of

TINY_POINTS = 3.0
"""Type smaller than this cannot be read on a page."""
_OFF_SCREEN = 900.0
"""Points by which text is moved out of any page's or window's view."""
_SAME_COLOUR = 1.15
"""Contrast ratio (WCAG 2.2, 1.0 = same colour) below which text cannot be told from what it stands on."""

_UNITS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0}
_SIZES = {
    "xx-small": 7.0,
    "x-small": 7.5,
    "small": 10.0,
    "medium": 12.0,
    "large": 13.5,
    "x-large": 18.0,
    "xx-large": 24.0,
}
_FONT_SIZES = {"1": 7.5, "2": 10.0, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}
_NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240), "red": (255, 0, 0),
    "mintcream": (245, 255, 250), "azure": (240, 255, 255), "blue": (0, 0, 255), "green": (0, 128, 0),
    "navy": (0, 0, 128), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
    "yellow": (255, 255, 0), "lime": (0, 255, 0), "maroon": (128, 0, 0), "purple": (128, 0, 128), "teal": (0, 128, 128),
    "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "gainsboro": (220, 220, 220), "aqua": (0, 255, 255),
    "orange": (255, 165, 0), "olive": (128, 128, 0), "fuchsia": (255, 0, 255), "lightyellow": (255, 255, 224),
}  # fmt: skip
Colour = tuple[int, int, int]


def names(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


NOT_CONTENT = names(
    "script style template head title meta link noscript object embed iframe audio video canvas map ix:header "
    "input select option datalist textarea button progress meter annotation annotation-xml frameset applet"
)
"""Elements whose text is not the document's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How text inside an element appears; inherited from element to element."""

    hidden: str = ""
    """Why nobody can see it ("white on white"); "" = visible."""
    suspicious: bool = False
    """Hidden in a way in which a page has no ordinary reason to hide text."""
    colour: Colour = (0, 0, 0)
    background: Colour | None = (255, 255, 255)
    """None: an image or gradient, against which nothing can be said."""
    size: float = 12.0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    centred: bool = False
    invisible: bool = False
    """visibility:hidden, which a child may undo."""


def declarations(style: str) -> Mapping[str, str]:
    """Properties of a style attribute, names and values in lower case."""
    return _declarations(style)


@lru_cache(maxsize=20_000)
def _declarations(style: str) -> Mapping[str, str]:
    found = {}
    for part in re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL).split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def points(value: str, size: float = 12.0) -> float | None:
    """A CSS length in points; `em` and `%` against `size`. None where it is not a length."""
    found = re.fullmatch(r"(-?\d*\.?\d+)\s*(pt|px|in|cm|mm|pc|rem|em|ex|%)?", value.strip())
    if not found:
        return None
    number, unit = float(found.group(1)), found.group(2)
    if unit in ("em", "%", "rem", "ex"):
        return number * {"em": size, "rem": 12.0, "ex": size / 2, "%": size / 100}[unit]
    return number * _UNITS.get(unit or "px", 0.75)


def colour(value: str) -> Colour | None:
    """An RGB colour, or None where it is not given as one (`inherit`, `transparent`, a variable)."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if found := re.fullmatch(r"#?([0-9a-f]{6})(?:[0-9a-f]{2})?", value):
        digits = found.group(1)
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if found := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?", value):
        return int(found.group(1) * 2, 16), int(found.group(2) * 2, 16), int(found.group(3) * 2, 16)
    if found := re.match(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)", value):
        return int(found.group(1)) & 255, int(found.group(2)) & 255, int(found.group(3)) & 255
    return None


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""

    def luminance(c: Colour) -> float:
        parts = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in c]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def same_colour(seen: Seen) -> bool:
    """Whether text cannot be told from what it stands on."""
    return seen.background is not None and contrast(seen.colour, seen.background) < _SAME_COLOUR


def look(element: etree._Element, tag: str, parent: Seen, sheet: StyleSheet) -> Seen:
    """How text directly inside `element` (whose `tag_of` is `tag`) appears, given how its parent does."""
    attributes = element.attrib
    if parent.hidden or (not len(attributes) and tag in _PLAIN and not sheet.rules):
        return parent
    style = attributes.get("style") or ""
    ruled = sheet.of(element, tag)
    if not ruled and not _PRESENTATION.intersection(attributes):
        return _apply_style(tag, style, parent)
    declared = {**ruled, **declarations(style)}
    return _apply(tag, {str(k): str(v) for k, v in attributes.items()}, declared, parent)


@lru_cache(maxsize=20_000)
def _apply_style(tag: str, style: str, parent: Seen) -> Seen:
    return _apply(tag, {}, declarations(style), parent)


_PLAIN = names("div span p td tr table tbody thead body html a section article main ul ol li font br")
_PRESENTATION = frozenset({"hidden", "aria-hidden", "bgcolor", "color", "size", "align", "background", "text"})


def _apply(tag: str, attributes: Mapping[str, str], css: Mapping[str, str], parent: Seen) -> Seen:
    why, suspicious = _not_displayed(tag, attributes, css)
    if why:
        return replace(parent, hidden=why, suspicious=suspicious)
    size = _size(tag, attributes, css, parent.size)
    weight = css.get("font-weight", "")
    shorthand = css.get("font", "")
    bold = parent.bold or tag in ("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th")
    if weight:
        bold = weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
    elif "bold" in shorthand:
        bold = True
    italic = parent.italic or tag in ("i", "em", "cite")
    if "font-style" in css:
        italic = css["font-style"] in ("italic", "oblique")
    underline = parent.underline or tag == "u" or "underline" in css.get("text-decoration", "")
    align = css.get("text-align") or attributes.get("align", "").lower() or ("center" if tag == "center" else "")
    background = parent.background
    painted = css.get("background-color") or css.get("background") or attributes.get("bgcolor", "")
    if (
        attributes.get("background")
        or "url(" in css.get("background-image", "")
        or "gradient" in css.get("background-image", "")
    ):
        background = None
    elif painted:
        if "url(" in painted or "gradient" in painted or "var(" in painted:
            background = None
        else:
            background = colour(painted) or _first_colour(painted) or background
    inked = css.get("color") or attributes.get("color", "") or (attributes.get("text", "") if tag == "body" else "")
    seen = Seen(
        colour=(colour(inked) or parent.colour) if inked else parent.colour,
        background=background,
        size=size,
        bold=bold,
        italic=italic,
        underline=underline,
        centred=align == "center" if align else parent.centred,
        invisible=(css["visibility"] in ("hidden", "collapse")) if "visibility" in css else parent.invisible,
    )
    return seen


@lru_cache(maxsize=20_000)
def unseen(seen: Seen) -> tuple[str, bool]:
    """Why text directly in an element so styled cannot be seen, and whether that is suspicious; ("", False) = seen."""
    if seen.hidden:
        return seen.hidden, seen.suspicious
    if seen.invisible:
        return "visibility hidden", True
    if seen.size < TINY_POINTS:
        return "tiny type", True
    if same_colour(seen):
        return "the colour of its background", True
    return "", False


def _not_displayed(tag: str, attributes: Mapping[str, str], css: Mapping[str, str]) -> tuple[str, bool]:
    if css.get("display") == "none":
        return "not displayed", True
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return "not displayed", True
    if attributes.get("aria-hidden", "").lower() == "true":
        return "decoration", False
    opacity = css.get("opacity", "")
    if opacity and re.fullmatch(r"0?\.?\d+%?", opacity):
        number = float(opacity.rstrip("%")) / (100 if opacity.endswith("%") else 1)
        if number <= 0.05:
            return "transparent", True
    if css.get("color", "").replace(" ", "") in ("transparent", "rgba(0,0,0,0)") or re.fullmatch(
        r"rgba\(.*,\s*0(\.0+)?\s*\)", css.get("color", "")
    ):
        return "transparent", True
    placed = css.get("position") in ("absolute", "fixed")
    for side in ("left", "top", "right", "bottom"):
        offset = points(css.get(side, "")) if placed and side in css else None
        if offset is not None and (offset < -_OFF_SCREEN / 3 or (side in ("left", "right") and offset > 5000)):
            return "off the page", True
    for name in ("text-indent", "margin-left", "margin-top"):
        offset = points(css[name]) if name in css else None
        if offset is not None and offset < -_OFF_SCREEN / 3:
            return "off the page", True
    if re.search(r"rect\(\s*(0|1px|0px)[\s,]+(0|1px|0px)[\s,]+(0|1px|0px)", css.get("clip", "")) or re.search(
        r"inset\(\s*(50|100)%|circle\(0", css.get("clip-path", "")
    ):
        return "clipped away", True
    if re.search(r"scale\(0(\.0+)?\)|translate[xy]?\(-\d{4,}", css.get("transform", "")):
        return "off the page", True
    if css.get("overflow") == "hidden" or css.get("overflow-x") == "hidden":
        for name in ("height", "width", "max-height", "max-width"):
            length = points(css[name]) if name in css else None
            if length is not None and length <= 1.0:
                return "clipped away", True
    return "", False


def _size(tag: str, attributes: Mapping[str, str], css: Mapping[str, str], parent: float) -> float:
    value = css.get("font-size", "")
    if not value and "font" in css:
        found = re.search(r"(\d*\.?\d+(?:pt|px|em|rem|%))", css["font"])
        value = found.group(1) if found else ""
    if value:
        if value in _SIZES:
            return _SIZES[value]
        length = points(value, parent)
        if length is not None:
            return length
    if tag == "font" and attributes.get("size"):
        return _FONT_SIZES.get(attributes["size"].strip(), parent)
    if tag in ("h1", "h2", "h3"):
        return {"h1": 24.0, "h2": 18.0, "h3": 14.0}[tag]
    return parent * 0.83 if tag in ("sup", "sub", "small") and parent > TINY_POINTS * 1.3 else parent


def _first_colour(value: str) -> Colour | None:
    for part in re.findall(r"rgba?\([^)]*\)|#[0-9a-f]+|[a-z]+", value):
        found = colour(part)
        if found:
            return found
    return None


def indent(css: Mapping[str, str], size: float) -> float:
    """Points by which a block's first line is moved to the right."""
    total = 0.0
    for name in ("padding-left", "margin-left", "text-indent"):
        length = points(css[name], size) if name in css else None
        total += length or 0.0
    for name in ("padding", "margin"):
        if name in css and f"{name}-left" not in css:
            parts = css[name].split()
            length = points(parts[3] if len(parts) == 4 else parts[1] if len(parts) > 1 else parts[0], size)
            total += length or 0.0
    return total


@dataclass(frozen=True, slots=True)
class _Rule:
    compounds: tuple[tuple[str, str, frozenset[str]], ...]
    """From the outermost to the element itself: (tag or "", id or "", classes)."""
    css: Mapping[str, str]


class StyleSheet:
    """Simple rules of a file's <style> elements: tags, classes, ids and descendants. Others are ignored."""

    def __init__(self, root: etree._Element) -> None:
        self.rules: list[_Rule] = []
        self._cache: dict[tuple[str, str, str], list[_Rule]] = {}
        for element in root.iter():
            if tag_of(element) == "style":
                self._read("".join(map(str, element.itertext())))

    def _read(self, text: str) -> None:
        text = re.sub(r"/\*.*?\*/|<!--|-->", "", text, flags=re.DOTALL)
        text = re.sub(r"@media\s+(screen|all)[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}", r"\2", text)
        text = re.sub(r"@[\w-]+[^{;]*(;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})", "", text)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            css = declarations(body)
            for selector in selectors.split(","):
                compounds = _compounds(selector)
                if compounds and css:
                    self.rules.append(_Rule(compounds, css))

    def of(self, element: etree._Element, tag: str) -> dict[str, str]:
        """Properties that the rules give `element`; later rules win, ids over classes over tags."""
        if not self.rules:
            return {}
        key = (tag, element.get("id") or "", element.get("class") or "")
        candidates = self._cache.get(key)
        if candidates is None:
            classes = frozenset(key[2].split())
            candidates = [r for r in self.rules if _fits(r.compounds[-1], key[0], key[1], classes)]
            candidates.sort(key=_weight)
            if len(self._cache) < 50_000:
                self._cache[key] = candidates
        out: dict[str, str] = {}
        for rule in candidates:
            if len(rule.compounds) == 1 or _inside(element, rule.compounds[:-1]):
                out.update(rule.css)
        return out


def _weight(rule: _Rule) -> tuple[int, int, int]:
    return (
        sum(1 for c in rule.compounds if c[1]),
        sum(len(c[2]) for c in rule.compounds),
        sum(1 for c in rule.compounds if c[0]),
    )


def _compounds(selector: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    out = []
    for part in selector.replace(">", " ").split():
        found = re.fullmatch(r"(\*|[A-Za-z][\w-]*)?((?:[.#][\w-]+)*)", part)
        if not found or not part:
            return ()
        names = re.findall(r"[.#][\w-]+", found.group(2))
        ids = [n[1:] for n in names if n[0] == "#"]
        tag = (found.group(1) or "").lower()
        out.append(("" if tag == "*" else tag, ids[0] if ids else "", frozenset(n[1:] for n in names if n[0] == ".")))
    return tuple(out)


def _fits(compound: tuple[str, str, frozenset[str]], tag: str, own_id: str, classes: frozenset[str]) -> bool:
    return (
        (not compound[0] or compound[0] == tag)
        and (not compound[1] or compound[1] == own_id)
        and compound[2] <= classes
    )


def _inside(element: etree._Element, outer: tuple[tuple[str, str, frozenset[str]], ...]) -> bool:
    remaining = list(outer)
    for ancestor in element.iterancestors():
        if not remaining:
            break
        if _fits(
            remaining[-1], tag_of(ancestor), ancestor.get("id") or "", frozenset((ancestor.get("class") or "").split())
        ):
            remaining.pop()
    return not remaining
