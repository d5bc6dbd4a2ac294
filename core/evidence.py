"""The nouns of Plumbline: what is read (Document, Block, Table), what is kept (Source, Passage, Value),
what is computed (Fact) and what is said about it (Claim, Citation, Answer).

All are frozen and typed; verbs are functions in other modules. Ids come from content, so the same content
has the same id whoever made it and in whatever order.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in PDF points (1/72 inch), origin at the top left of the page as shown."""


def content_id(*parts: str) -> str:
    """A 32-digit hexadecimal id derived from `parts` (SHA-256, truncated)."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:32]


def normalise(text: str) -> str:
    """The form in which a quote is compared with its source.

    Unicode NFKC, words joined over a line-end hyphen, white space collapsed; digits, signs and punctuation
    are untouched. Quote verification and text extraction both go through here, so they cannot disagree.
    """
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\w)[-\u00ad\u2010]\s*\n\s*(?=\w)", "", text)
    return " ".join(text.replace("\u00ad", "").split())


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in a source something stands. Fields that do not apply to the kind of file are None."""

    page: int | None = None
    """1-based, as a reader of the PDF counts."""
    box: Box | None = None
    element: str | None = None
    """HTML/XML: the element's id where it has one, else its path (`/html/body/div[3]/p[2]`)."""
    line: int | None = None
    """1-based first line, in plain text, Markdown and CSV."""
    row: int | None = None
    column: int | None = None
    """0-based cell of a table (header rows counted)."""

    def as_json(self) -> dict[str, Any]:
        return {k: (list(v) if isinstance(v, tuple) else v) for k, v in asdict(self).items() if v is not None}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Locator:
        box = data.get("box")
        return Locator(
            **{k: v for k, v in data.items() if k != "box"},
            box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])) if box else None,
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time (start and end) or an instant (start is None). Never a filing's own `fy` field."""

    end: date
    start: date | None = None

    @property
    def days(self) -> int:
        """Length in days, both ends included; 0 for an instant."""
        return (self.end - self.start).days + 1 if self.start else 0

    def as_text(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}" if self.start else self.end.isoformat()

    @staticmethod
    def from_text(text: str) -> Period:
        first, _, second = text.partition("/")
        if second:
            return Period(date.fromisoformat(second), date.fromisoformat(first))
        return Period(date.fromisoformat(first))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as printed. `text` keeps signs, parentheses and footnote marks."""

    row: int
    column: int
    text: str
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    box: Box | None = None
    indent: float = 0.0
    """Left offset of a row label against the table's left edge, in points or CSS px: tells sub-items from items."""
    element: str | None = None
    page: int | None = None
    """Only where the table continues on a page other than its block's."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a grid: caption, header rows, unit line and cells. `rows` and `columns` are counts."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    caption: str = ""
    """Title lines above the grid: "Consolidated Balance Sheets", "Years ended December 31"."""
    unit: str = ""
    """The words that state unit and scale, as printed: "(in millions, except per share data)"; "" where none."""
    header_rows: int = 0

    def grid(self) -> list[list[str]]:
        """Rows of cell texts, spans repeated over the columns and rows that they cover."""
        grid = [[""] * self.columns for _ in range(self.rows)]
        for c in self.cells:
            for r in range(c.row, min(c.row + c.rowspan, self.rows)):
                for k in range(c.column, min(c.column + c.colspan, self.columns)):
                    grid[r][k] = c.text
        return grid

    def row_cells(self, row: int) -> list[Cell]:
        return sorted((c for c in self.cells if c.row == row), key=lambda c: c.column)


BlockKind = Literal["heading", "text", "list", "table", "glossary", "exercise"]


@dataclass(frozen=True, slots=True)
class Block:
    """An addressable piece of a document in reading order."""

    kind: BlockKind
    text: str
    """For a table: its rows as text, one line a row, cells joined by a tab, words exactly as printed."""
    locator: Locator
    level: int = 0
    """Headings: 1 for the document's title level, growing inward."""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A number tagged in the source itself (inline XBRL, company facts); the surest kind of typed value."""

    concept: str
    """Prefixed name, `us-gaap:Revenues`."""
    value: Decimal
    """Unscaled and signed: text times ten to the `scale`, negated where `sign` is "-"."""
    unit: str
    """`USD`, `shares`, `USD/shares`, `pure`."""
    period: Period
    printed: str
    scale: int | None = None
    decimals: int | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    """(axis, member) pairs, sorted; empty for the consolidated entity."""
    locator: Locator = Locator()
    block: int | None = None
    """Position in `Document.blocks` of the block that prints it (cell: `locator.row`, `.column`); None: in no block."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of one file. Not stored as such: passages and values derived from it are."""

    sha256: str
    name: str
    media_type: str
    blocks: tuple[Block, ...]
    pages: int = 0
    """Pages of a PDF; 0 where the format has none."""
    title: str = ""
    lang: str = "en"
    tagged: tuple[Tagged, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    """Facts the file states about itself (dei:* of inline XBRL, PDF title). Data, never an instruction."""
    warnings: tuple[str, ...] = ()
    """What a reader could not take: a page without a text layer, text left out because no reader could see it."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a vertical knows of a document as a whole; becomes part of its Source and of every contextual header."""

    entity: str = ""
    """The company, drug or course that the document is about, in the form that is shown."""
    kind: str = ""
    """The profession's document type: "10-K", "10-Q", "8-K", "earnings release", "label", "guideline"."""
    title: str = ""
    period: Period | None = None
    date: date | None = None
    aliases: tuple[str, ...] = ()
    """Other names under which a question may mean the entity (ticker, legal name)."""
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A file in a collection. `id` is the SHA-256 of its bytes."""

    id: str
    name: str
    path: str
    collection: str
    media_type: str
    pages: int
    lang: str
    description: Description

    @property
    def entity(self) -> str:
        return self.description.entity

    @property
    def label(self) -> str:
        """How the source is named to a reader."""
        return self.description.title or self.name


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: text that stands in the source at its locator, and the context it is embedded with."""

    id: str
    source_id: str
    ordinal: int
    """Position in the source, from 0."""
    kind: BlockKind
    text: str
    locator: Locator
    heading_path: tuple[str, ...] = ()
    context: str = ""
    """Contextual header (entity, document, section, period); embedded with the text, never quoted."""
    tags: tuple[str, ...] = ()
    """Names by which a vertical recognises it: "balance_sheet", "risk_factors"."""
    search_text: str = ""
    """What is embedded where the text itself would waste the window (a table's captions and row labels); "" = text."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number read from a cell or a tag, with all that is needed to compute with it and to show where it stands."""

    id: str
    source_id: str
    entity: str
    metric: str
    """The vertical's standard line ("capital_expenditure") where it knows one, else the row label as printed."""
    label: str
    """The row label or concept as printed."""
    period: Period
    value: Decimal
    """Unscaled: 1749000000, not 1,749."""
    unit: str
    printed: str
    """The cell's own text: "(1,749)"."""
    locator: Locator
    scale: int | None = None
    """Power of ten that the printed number was multiplied by; None where no scale is stated."""
    concept: str | None = None
    statement: str = ""
    """"income_statement", "balance_sheet", "cash_flow", …; "" outside statements."""
    dimensions: tuple[tuple[str, str], ...] = ()
    quote: str = ""
    """The row as it stands in the source, for the citation."""


@dataclass(frozen=True, slots=True)
class FactInput:
    """An input of a Fact: its value and the citation that proves it (or the number of another Fact)."""

    name: str
    value: Decimal
    unit: str
    citation: int | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A computed value: formula, inputs and the source of the formula's definition."""

    n: int
    entity: str
    name: str
    value: Decimal
    unit: str
    period: str
    formula: str
    inputs: tuple[FactInput, ...]
    definition: str = ""
    """Where the formula is defined (standard, textbook, "as defined in the question")."""
    display: str = ""
    """The value in the form in which it may be printed: "43.8%", "USD 1,749 million"."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source and the exact words that stand there. Shares its numbering with the answer's facts."""

    n: int
    source: str
    source_id: str
    kind: str
    date: str
    locator: Locator
    quote: str
    passage_id: str | None = None


ClaimKind = Literal["quoted", "computed", "judgement", "assumption", "question"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer; its kind decides which gate it must pass."""

    text: str
    kind: ClaimKind
    citations: tuple[int, ...] = ()
    """Numbers of citations and facts."""
    based_on: tuple[int, ...] = ()
    """For a judgement: positions (from 0) of the claims in the same answer that it rests on."""
    support: float = 0.0
    """0 to 1; 1.0 where a deterministic gate decided."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement that failed its gate, and why."""

    text: str
    why: str


Status = Literal["answered", "partial", "abstained", "refused", "needs_input"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What every face shows, streams, prints and stores. `as_json` is the contract."""

    id: str
    created: str
    question: str
    status: Status
    text: str
    lang: str = "en"
    asks: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
    usage: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The Answer contract as plain JSON types."""
        out = asdict(self)
        out["citations"] = [{**asdict(c), "locator": c.locator.as_json()} for c in self.citations]
        return {key: _plain(value) for key, value in out.items()}

    def with_id(self, answer_id: str) -> Answer:
        return replace(self, id=answer_id)


def plain_number(value: Decimal) -> int | float:
    """A Decimal as the JSON number that a reader expects: integral values without a fraction."""
    return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)


def shown_number(value: int | float | Decimal) -> str:
    """A value for reading where no display form is given: whole amounts in full, shares to six digits."""
    number = float(value)
    return f"{int(number):,}" if number.is_integer() else f"{number:,.6g}" if abs(number) < 1000 else f"{number:,.2f}"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
