"""Bytes of an HTML or XHTML file -> an element tree: encoding, broken markup, EDGAR envelopes, element paths.

Well-formed XHTML (all inline XBRL) goes through the XML parser, which keeps namespaces and empty elements as they
are; everything else through the forgiving HTML parser. No entity is expanded from, and nothing loaded over, a network.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from dataclasses import dataclass

from lxml import etree

from core.errors import UnreadableFile

XHTML = "http://www.w3.org/1999/xhtml"
IX_NAMESPACES = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")

_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(\[[^\]]*\])?[^>]*>", re.IGNORECASE)
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[[^\]]*\]\s*>", re.IGNORECASE)
_SELF_CLOSED = re.compile(r"<([A-Za-z][\w.-]*:[\w.-]+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)/>")
_NUMERIC_C1 = re.compile(r"&#(?:x0*([89][0-9a-fA-F])|0*(1[2-5][0-9]));")


@dataclass(frozen=True)
class Tree:
    """A parsed file."""

    root: etree._Element
    xml: bool
    """Parsed as XML: names keep their case and namespaces are resolved."""
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> str:
    """Text of an HTML file: byte order mark, then UTF-8 where valid, then the declared encoding, then windows-1252."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace").lstrip("\ufeff")
    declared = _declared(data)
    if declared not in ("utf-16", "utf-16le", "utf-16be", "iso2022_jp", "hz"):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if declared in (None, "utf-8", "ascii", "iso8859-1"):
        declared = "cp1252"  # what browsers do with these labels (WHATWG Encoding Standard, section 4.2)
    try:
        text = data.decode(declared, "strict")
    except (UnicodeDecodeError, LookupError):
        text = data.decode("cp1252" if declared == "cp1252" else declared, "replace")
    return text


def _declared(data: bytes) -> str | None:
    head = data[:4096]
    found = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", head) or re.search(
        rb"<meta[^>]*charset\s*=\s*[\"']?\s*([\w.:-]+)", head, re.IGNORECASE
    )
    if not found:
        return None
    try:
        return codecs.lookup(found.group(1).decode("ascii")).name
    except LookupError:
        return None


def parse(data: bytes, name: str) -> Tree:
    """The element tree of `data`. Raises UnreadableFile where there is no markup to read."""
    text = decode(data)
    text = _NOT_XML.sub("", text)
    if not text.strip():
        msg = f"{name} is empty"
        raise UnreadableFile(msg, "Give a file that holds text.")
    text = _inside_envelope(text)
    warnings: list[str] = []
    if re.search(r"<(html|body)\b", text[:20000], re.IGNORECASE) and not re.search(
        r"</\s*(html|body)\s*>", text[-4000:], re.IGNORECASE
    ):
        warnings.append(f"{name} ends before its closing tag: it may be truncated, and what followed is not read.")
    declared_xml = (
        bool(_DECLARATION.match(text))
        or f'"{XHTML}"' in text[:20000]
        or any(ns in text[:20000] for ns in IX_NAMESPACES)
    )
    if declared_xml:
        tree = _as_xml(text)
        if tree is not None:
            return Tree(tree, True, tuple(warnings))
        if any(ns in text[:20000] for ns in IX_NAMESPACES):
            warnings.append(f"{name} is not well-formed XHTML; it was read as HTML.")
    root, too_deep = _as_html(text)
    if too_deep:
        warnings.append(f"{name} nests its elements too deeply; what lies deeper than 2,048 levels is not read.")
    if root is None:
        msg = f"{name} holds no readable HTML"
        raise UnreadableFile(msg, "Check that the file is what its name says.")
    return Tree(root, False, tuple(warnings))


def _inside_envelope(text: str) -> str:
    """The main document of an EDGAR submission (`<SEC-DOCUMENT>`, `<DOCUMENT>`); other text as it is."""
    head = text[:2000].lstrip()
    if not re.match(r"(-----BEGIN|<SEC-DOCUMENT>|<DOCUMENT>)", head):
        return text
    found = re.search(r"<TEXT>\s*(?:<XBRL>)?(.*?)(?:</XBRL>\s*)?</TEXT>", text, re.DOTALL | re.IGNORECASE)
    inner = found.group(1).lstrip() if found else text
    if re.search(r"<(html|body|p|div|font|tr)\b", inner, re.IGNORECASE):
        return inner
    # Filings before about 2000 are typed text; <TABLE>, <S>, <C>, <PAGE> there are marks, not markup.
    plain = re.sub(r"</?(?:TABLE|CAPTION|PAGE|S|C|FN)>", "", inner, flags=re.IGNORECASE)
    return f"<html><body><pre>{html.escape(html.unescape(plain))}</pre></body></html>"


def _as_xml(text: str) -> etree._Element | None:
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)

    def numeric(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _XML_ENTITIES or name not in html.entities.name2codepoint:
            return match.group(0)
        return f"&#{html.entities.name2codepoint[name]};"

    text = _NUMERIC_C1.sub(_windows_reference, _ENTITY.sub(numeric, text))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None


def _windows_reference(match: re.Match[str]) -> str:
    """`&#146;` means the windows-1252 character in every browser (HTML Standard, numeric character references)."""
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    if not 0x80 <= code <= 0x9F:
        return match.group(0)
    return bytes([code]).decode("cp1252", "ignore")


def _as_html(text: str) -> tuple[etree._Element | None, bool]:
    # In HTML "<x:y/>" opens an element and never closes it: written out, so that nothing after it is swallowed.
    text = _SUBSET.sub("", _DECLARATION.sub("", text, count=1), count=1)
    text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True, remove_comments=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None, False
    return root, any("depth" in entry.message for entry in parser.error_log)


_NAMES: dict[str, str] = {}


def tag_of(element: etree._Element) -> str:
    """Lower-case local name of an HTML element, `ix:name` for inline XBRL, `uri:name` for others, "" for comments."""
    raw: object = element.tag
    if not isinstance(raw, str):
        return ""
    known = _NAMES.get(raw)
    if known is None:
        if raw.startswith("{"):
            namespace, _, local = raw[1:].partition("}")
            local = local.lower()
            if namespace in IX_NAMESPACES:
                known = f"ix:{local}"
            elif namespace == XHTML or namespace.endswith(("/MathML", "/svg")):
                known = local
            else:
                known = f"{namespace}:{local}"
        else:
            known = raw.lower()
        if len(_NAMES) < 10_000:
            _NAMES[raw] = known
    return known


class Paths:
    """Addresses elements: by id where it is the only one of that id, else by path (`/html/body/div[3]/p[2]`).

    Elements that are not plain HTML take a step by position among all elements (`*[4]`), so that the path is an XPath
    in any parser.
    """

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._ids: dict[str, int] = {}
        for element in root.iter():
            key = element.get("id") if tag_of(element) else None
            if key:
                self._ids[key] = self._ids.get(key, 0) + 1
        self._steps: dict[etree._Element, dict[etree._Element, str]] = {}
        self._paths: dict[etree._Element, str] = {}

    def own_id(self, element: etree._Element) -> str | None:
        """The element's id where no other element has it too."""
        key = element.get("id")
        return key if key and self._ids.get(key) == 1 else None

    def of(self, element: etree._Element) -> str:
        """The id or path of `element`."""
        return self.own_id(element) or self.path(element)

    def path(self, element: etree._Element) -> str:
        chain = []
        here: etree._Element | None = element
        while here is not None and here not in self._paths:
            chain.append(here)
            here = here.getparent()
        path = self._paths[here] if here is not None else ""
        for below in reversed(chain):
            parent = below.getparent()
            path += "/" + (tag_of(below) if parent is None else self._step(parent, below))
            self._paths[below] = path
        return path

    def _step(self, parent: etree._Element, element: etree._Element) -> str:
        steps = self._steps.get(parent)
        if steps is None:
            children = [c for c in parent if tag_of(c)]
            counts: dict[str, int] = {}
            for child in children:
                counts[tag_of(child)] = counts.get(tag_of(child), 0) + 1
            seen: dict[str, int] = {}
            steps = {}
            for position, child in enumerate(children, 1):
                tag = tag_of(child)
                seen[tag] = seen.get(tag, 0) + 1
                if ":" in tag:
                    steps[child] = f"*[{position}]"
                else:
                    steps[child] = f"{tag}[{seen[tag]}]" if counts[tag] > 1 else tag
            self._steps[parent] = steps
        return steps[element]


def find(root: etree._Element, locator: str) -> etree._Element | None:
    """The element that a locator (id or path, as `Paths.of` makes it) names."""
    if not locator.startswith("/"):
        found = [e for e in root.iter() if tag_of(e) and e.get("id") == locator]
        return found[0] if found else None
    here: etree._Element | None = None
    for step in locator.strip("/").split("/"):
        name, _, position = step.partition("[")
        index = int(position.rstrip("]")) if position else 1
        if here is None:
            here = root if tag_of(root) == name else None
        else:
            matching = [c for c in here if tag_of(c) and (name == "*" or tag_of(c) == name)]
            here = matching[index - 1] if index <= len(matching) else None
        if here is None:
            return None
    return here
