"""An HTML file -> a Document: headings, paragraphs, lists, tables with captions and units, and the tagged numbers of
inline XBRL, each at its element.

Only what a reader of the rendered page can see becomes a block; what was hidden with intent is named in `warnings`,
without its words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from core.errors import UnreadableFile
from core.evidence import Block, Document, Locator, Tagged, normalise
from core.reading.html_blocks import Raw, Walk, tidy
from core.reading.html_headings import captions, drop_furniture, mark_headings
from core.reading.html_source import Paths, find, parse, tag_of
from core.reading.ixbrl import Facts, read_facts

_MOST_WARNINGS = 20


def read_html(data: bytes, name: str) -> Document:
    """The document in `data`, with its blocks, tagged facts and what it states about itself (`dei:*` in `meta`).

    Raises UnreadableFile where the file is empty, holds no markup, or shows no text.
    """
    tree = parse(data, name)
    paths = Paths(tree.root)
    inline = _is_inline_xbrl(tree.root)
    facts = read_facts(tree.root, paths) if inline else Facts()
    walk = Walk(tree.root, paths)
    raws = captions(mark_headings(drop_furniture(walk.raw)))
    if not raws:
        msg = f"{name} shows no text"
        raise UnreadableFile(
            msg,
            "Open it in a browser: if it is empty there, get the file again; if a script fills it, save the page.",
        )
    blocks = tuple(_block(raw, paths) for raw in raws)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type="application/xhtml+xml" if inline and tree.xml else "text/html",
        blocks=blocks,
        title=_title(tree.root, raws, facts.meta),
        lang=_language(tree.root, raws),
        tagged=tuple(_placed(facts, raws)),
        meta={**_stated(tree.root), **facts.meta},
        warnings=(*tree.warnings, *facts.warnings, *_hidden(walk, paths)),
    )


def text_at(data: bytes, element: str, name: str = "file") -> str:
    """The visible text of the element that a locator names, as `read_html` reads it; "" where there is none.

    A quote of this file stands at `element` when `normalise(quote)` is part of `normalise(text_at(...))`.
    """
    root = parse(data, name).root
    found = find(root, element)
    if found is None:
        return ""
    return "\n".join(raw.text for raw in Walk(root, Paths(root), found).raw)


def element_of(data: bytes, quote: str, near: str | None = None, name: str = "file") -> str | None:
    """The element (id or path) where `quote` stands: its block, or what holds the blocks that it runs over.

    `near` is an element to search from (a passage's own locator); the first place at or after it is taken, else the
    first in the file. None where the quote stands nowhere.
    """
    root = parse(data, name).root
    paths = Paths(root)
    raws = Walk(root, paths).raw
    wanted = normalise(quote)
    if not wanted:
        return None
    texts = [normalise(r.text) for r in raws]
    from_here = next((i for i, r in enumerate(raws) if near is not None and paths.of(r.element) == near), 0)
    for order in (range(from_here, len(raws)), range(from_here)):
        for i in order:
            if wanted in texts[i]:
                return paths.of(raws[i].element)
            last, joined = i, texts[i]
            while len(joined) < len(texts[i]) + len(wanted) and last + 1 < len(raws):
                last += 1
                joined += " " + texts[last]
            start = joined.find(wanted)
            if 0 <= start < len(texts[i]):
                end, reach = start + len(wanted), len(texts[i])
                over = [raws[i].element]
                for j in range(i + 1, last + 1):
                    if reach < end:
                        over.append(raws[j].element)
                    reach += 1 + len(texts[j])
                return paths.of(_common(over))
    return None


def _common(elements: list[etree._Element]) -> etree._Element:
    """The nearest element that holds all of `elements`."""
    chains = [[e, *e.iterancestors()] for e in elements]
    rest = [set(chain) for chain in chains[1:]]
    return next(e for e in chains[0] if all(e in chain for chain in rest))


def _block(raw: Raw, paths: Paths) -> Block:
    return Block(raw.kind, raw.text, Locator(element=paths.of(raw.element)), raw.level, raw.table)


def _placed(facts: Facts, raws: list[Raw]) -> list[Tagged]:
    """The tagged numbers, each with the block and cell that print it."""
    places = {fact: (number, row, column) for number, raw in enumerate(raws) for fact, row, column in raw.facts}
    out = []
    for element, tagged in facts.numbers:
        place = places.get(element)
        if place:
            number, row, column = place
            tagged = replace(tagged, block=number, locator=replace(tagged.locator, row=row, column=column))
        out.append(tagged)
    return out


def _is_inline_xbrl(root: etree._Element) -> bool:
    return any(tag_of(e).startswith("ix:") for e in root.iter())


def _stated(root: etree._Element) -> dict[str, str]:
    """What the head of the file states: meta name and content."""
    out: dict[str, str] = {}
    for element in root.iter():
        tag = tag_of(element)
        if tag == "body":
            break
        if tag == "meta" and element.get("name") and element.get("content"):
            key = (element.get("name") or "").strip().lower()
            if key in ("author", "date", "dc.title", "dc.creator", "dc.date"):
                out[key] = (element.get("content") or "").strip()[:200]
    return out


def _title(root: etree._Element, raws: list[Raw], stated: Mapping[str, str]) -> str:
    """What the cover states (who, which form, to when); else the <title>, unless it is only a file name; else the
    first heading."""
    cover = [stated.get(f"dei:{k}", "") for k in ("EntityRegistrantName", "DocumentType", "DocumentPeriodEndDate")]
    if cover[0] and cover[1]:
        return " ".join(part for part in cover if part)
    title = ""
    for element in root.iter():
        if tag_of(element) == "title":
            title = tidy("".join(str(t) for t in element.itertext())).replace("\n", " ")
            break
    if title and not re.fullmatch(r"[\w.-]+", title):
        return title[:300]
    return next((r.text.replace("\n", " ")[:300] for r in raws if r.kind == "heading"), title)


def _language(root: etree._Element, raws: list[Raw]) -> str:
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    if re.match(r"[A-Za-z]{2,3}\b", declared):
        return declared[:3].rstrip("-_").lower() if len(declared) > 2 and declared[2] in "-_" else declared.lower()[:2]
    sample = "".join(r.text for r in raws[:200])[:20_000]
    han = len(re.findall(r"[\u4e00-\u9fff]", sample))
    kana = len(re.findall(r"[\u3040-\u30ff]", sample))
    hangul = len(re.findall(r"[\uac00-\ud7af]", sample))
    letters = max(len(re.findall(r"\w", sample)), 1)
    if kana + han > letters * 0.3:
        return "ja" if kana > letters * 0.05 else "zh"
    return "ko" if hangul > letters * 0.3 else "en"


def _hidden(walk: Walk, paths: Paths) -> list[str]:
    """What was left out because no reader could see it. The words themselves are not repeated."""
    out = [
        f"Left out {letters} characters that a reader cannot see ({why}) at {paths.of(element)}."
        for why, letters, element in walk.hidden[:_MOST_WARNINGS]
    ]
    if len(walk.hidden) > _MOST_WARNINGS:
        out.append(f"Left out hidden text at {len(walk.hidden) - _MOST_WARNINGS} further places.")
    if walk.zero_width > 20:
        out.append(f"Left out {walk.zero_width} characters of no width, which a reader cannot see.")
    return out


__all__ = ["element_of", "read_html", "text_at"]
