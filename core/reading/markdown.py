"""Markdown -> headings, paragraphs, lists, tables and code with line numbers; front matter becomes meta.

Block structure only (CommonMark's blocks plus pipe tables), kept as written: a quote must stand in the file.
"""

from __future__ import annotations

import hashlib
import re

from core.errors import UnreadableFile
from core.evidence import Block, Cell, Document, Locator, Table
from core.reading.text import decode, invisible_warning, language, strip_invisible

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"^\s*([-*+]|\d{1,9}[.)])\s+\S")
_RULE = re.compile(r"^ {0,3}([-*_])(\s*\1){2,}\s*$")
_DIVIDER = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_META = re.compile(r"^([A-Za-z_][\w -]*):\s*(.*?)\s*$")
_HIDING = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)


def read_markdown(data: bytes, name: str) -> Document:
    """Blocks of a Markdown file. HTML comments, scripts and styles in it are not text and are named in `warnings`.

    Raises UnreadableFile where nothing is left.
    """
    raw, encoding = decode(data, name)
    raw, hidden = strip_invisible(raw.replace("\r\n", "\n").replace("\r", "\n"))
    meta, raw = _front_matter(raw)
    raw, comments = _blank(raw)
    lines = raw.split("\n")
    blocks = _blocks(lines)
    if not blocks:
        raise UnreadableFile(f"{name} holds no visible text", "Give the file that has the content.")
    warnings = invisible_warning(hidden)
    if comments:
        warnings += (f"{comments} HTML comments or scripts were left out: a reader of the page does not see them",)
    title = meta.get("title") or next((b.text for b in blocks if b.kind == "heading"), "")
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type="text/markdown",
        blocks=tuple(blocks),
        title=title,
        lang=language(raw),
        meta={**meta, "encoding": encoding},
        warnings=warnings,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Scalar `key: value` lines between `---` fences at the top, and the text with these lines blanked."""
    if not text.startswith("---\n"):
        return {}, text
    end = re.search(r"^(---|\.\.\.)[ \t]*$", text[4:], re.M)
    if not end:
        return {}, text
    body = text[4 : 4 + end.start()]
    if not any(_META.match(line) for line in body.split("\n")):
        return {}, text
    meta = {m.group(1).strip(): m.group(2).strip("\"'") for m in map(_META.match, body.split("\n")) if m}
    cut = 4 + end.end()
    return meta, "\n" * text[:cut].count("\n") + text[cut:]


def _blank(text: str) -> tuple[str, int]:
    """Comments and scripts outside code fences blanked (line breaks kept, so line numbers hold), and their count."""
    count = 0

    def blank(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return "\n" * match.group(0).count("\n")

    parts = re.split(r"(^ {0,3}(?:```|~~~).*?^ {0,3}(?:```|~~~)[^\n]*$)", text, flags=re.M | re.S)
    for i in range(0, len(parts), 2):
        parts[i] = _HIDING.sub(blank, _COMMENT.sub(blank, parts[i]))
    return "".join(parts), count


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip() or _RULE.match(line):
            i += 1
            continue
        heading = _HEADING.match(line)
        if heading and heading.group(2):
            blocks.append(Block("heading", heading.group(2), Locator(line=i + 1), level=len(heading.group(1))))
            i += 1
            continue
        if fence := _FENCE.match(line):
            end = i + 1
            while end < len(lines) and not lines[end].lstrip().startswith(fence.group(1)):
                end += 1
            code = "\n".join(lines[i + 1 : end])
            if code.strip():
                blocks.append(Block("text", code, Locator(line=i + 2)))
            i = end + 1
            continue
        if "|" in line and i + 1 < len(lines) and "|" in lines[i + 1] and _DIVIDER.match(lines[i + 1]):
            end = i + 2
            while end < len(lines) and "|" in lines[end] and lines[end].strip():
                end += 1
            blocks.append(_table(lines[i:end], i + 1))
            i = end
            continue
        end = i + 1
        item = _ITEM.match(line) is not None
        while end < len(lines) and lines[end].strip() and not _starts(lines[end], item):
            if not item and end == i + 1 and _SETEXT.match(lines[end]):
                break
            end += 1
        if not item and end == i + 1 and end < len(lines) and (rule := _SETEXT.match(lines[end])):
            level = 1 if rule.group(1).startswith("=") else 2
            blocks.append(Block("heading", line.strip(), Locator(line=i + 1), level=level))
            i = end + 1
            continue
        text = "\n".join(part.rstrip() for part in lines[i:end])
        if item and blocks and blocks[-1].kind == "list" and _last_line(blocks[-1]) + 1 >= i:
            last = blocks[-1]
            blocks[-1] = Block("list", f"{last.text}\n{text}", last.locator)
        else:
            blocks.append(Block("list" if item else "text", text.strip() if not item else text, Locator(line=i + 1)))
        i = end
    return blocks


def _last_line(block: Block) -> int:
    return (block.locator.line or 1) + block.text.count("\n")


def _starts(line: str, in_item: bool) -> bool:
    """Whether a line begins a block of its own in the middle of a paragraph (or of a list item)."""
    return bool(_HEADING.match(line) or _FENCE.match(line) or _RULE.match(line) or _ITEM.match(line))


def _table(lines: list[str], first: int) -> Block:
    rows = [_fields(line) for k, line in enumerate(lines) if k != 1]
    width = max(map(len, rows))
    cells = tuple(
        Cell(r, c, field, header=r == 0, element=f"line {first + (r if r == 0 else r + 1)}")
        for r, row in enumerate(rows)
        for c, field in enumerate(row)
        if field
    )
    table = Table(len(rows), width, cells, header_rows=1)
    return Block("table", "\n".join("\t".join(row) for row in rows), Locator(line=first), table=table)


def _fields(line: str) -> list[str]:
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [field.strip().replace("\\|", "|") for field in re.split(r"(?<!\\)\|", line)]
