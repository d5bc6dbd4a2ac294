"""Small questions about elements: the rows of a table, what a cell spans, whether a page breaks there."""

from __future__ import annotations

from lxml import etree

from core.reading.html_source import tag_of
from core.reading.html_style import NOT_CONTENT, declarations


def rows(table: etree._Element) -> list[etree._Element]:
    """The rows of a table, not those of tables inside it."""
    return _inside(table, ("tr",), ("thead", "tbody", "tfoot"))


def cells(row: etree._Element) -> list[etree._Element]:
    """The cells of a row."""
    return _inside(row, ("td", "th"), ())


def _inside(parent: etree._Element, wanted: tuple[str, ...], through: tuple[str, ...]) -> list[etree._Element]:
    """Children called `wanted`, also those within `through` and within elements of inline XBRL."""
    out: list[etree._Element] = []
    stack = list(reversed(parent))
    while stack:
        child = stack.pop()
        tag = tag_of(child)
        if tag in wanted:
            out.append(child)
        elif tag in through or tag.startswith("ix:"):
            stack.extend(reversed(child))
    return out


def holds_table(cell: etree._Element) -> bool:
    """Whether a cell holds a table."""
    return any(tag_of(e) == "table" for e in cell.iterdescendants()) if len(cell) else False


def span(element: etree._Element, name: str, most: int) -> int:
    """A colspan or rowspan, between 1 and `most`."""
    value = (element.get(name) or "").strip()
    return min(max(int(value), 1), max(most, 1)) if value.isdigit() and len(value) < 6 else 1


def page_break(style: str) -> bool:
    """Whether a style attribute breaks the page."""
    css = declarations(style)
    return any(
        css.get(name) in ("always", "page", "left", "right")
        for name in ("page-break-after", "page-break-before", "break-after", "break-before")
    )


def leading_nbsp(element: etree._Element) -> int:
    """No-break spaces before the first letter: how old filings indent a row."""
    count = 0
    for text in map(str, element.itertext()):
        stripped = text.lstrip(" \t\r\n\u00a0")
        count += text[: len(text) - len(stripped)].count("\u00a0")
        if stripped:
            return count
    return count


def letters(element: etree._Element) -> int:
    """Letters of content under `element` (not of scripts, not of the header of inline XBRL)."""
    count = 0
    skipped: etree._Element | None = None
    for inner in element.iter():
        if skipped is not None and any(a is skipped for a in inner.iterancestors()):
            continue
        if tag_of(inner) in NOT_CONTENT:
            skipped = inner
        elif inner.text:
            count += len(inner.text.strip())
        if inner is not element and inner.tail:
            count += len(inner.tail.strip())
    return count
