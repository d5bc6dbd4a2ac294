"""What a report is made of before it is rendered: sections of sentences, quotes, tables and charts. Every figure in
them is a `Ref` to a Fact or a Citation, so that nothing printed can lose the way back to its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.evidence import ClaimKind, Fact


@dataclass(frozen=True, slots=True)
class Ref:
    """A figure as printed, and the number of the Fact (or Citation) that it is. `scale`: power of ten that the table's
    unit line states for it."""

    n: int
    text: str
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim in the making: words and figures. `cites` adds evidence that no figure of the sentence stands for;
    a judgement names the keys of the sentences that it rests on."""

    kind: ClaimKind
    parts: tuple[str | Ref, ...]
    key: str = ""
    based_on: tuple[str, ...] = ()
    cites: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)

    @property
    def citations(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys([*(p.n for p in self.parts if isinstance(p, Ref)), *self.cites]))


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, verbatim; `head` is the source's own heading over them, where it has one."""

    n: int
    text: str
    where: str
    head: str = ""
    head_n: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; a cell is a figure or None (not reported). `style`: "", "total" or "ratio"."""

    label: str
    cells: tuple[Ref | None, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures over periods or companies."""

    caption: str
    unit: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """An SVG drawing whose marks are Refs; `refs` are those that it draws."""

    caption: str
    svg: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure."""

    label: str
    value: Ref
    note: tuple[str | Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the report about itself (not about the company): ungated, and must hold no figure."""

    text: str


Item = Sentence | Quote | Table | Chart | Note


@dataclass(slots=True)
class Section:
    """A titled part of the report; left out where nothing of it could be supported."""

    id: str
    title: str
    items: list[Item] = field(default_factory=list)
    lead: str = ""

    def say(self, *parts: str | Ref, key: str = "", cites: Sequence[int] = ()) -> None:
        """Adds a computed sentence."""
        self.items.append(Sentence("computed", tuple(parts), key, cites=tuple(cites)))

    def judge(self, *parts: str | Ref, on: Sequence[str], key: str = "") -> None:
        """Adds a judgement that rests on the sentences with the keys `on`."""
        self.items.append(Sentence("judgement", tuple(parts), key, tuple(on)))


def amount(fact: Fact, scale: int | None = None, decimals: int = 1) -> str:
    """A fact as prose prints it: "USD 805.9 million", "36.1%", "USD 2.28", "1.94x", "61.2 days"."""
    from verticals.finance.formatting import Format, display

    if fact.unit == "times":
        return f"{fact.value:,.2f}x"
    if fact.unit in ("ratio", "days", "pure") or "/" in fact.unit:
        return fact.display
    power = scale if scale is not None else _scale(abs(fact.value))
    if fact.unit == "shares":
        return display(fact.value, "shares", form=Format(power, decimals if power else 0))
    if power == 6 and abs(fact.value) >= 1_000_000_000:
        decimals = 0
    return display(fact.value, fact.unit, form=Format(power, decimals if power else 0))


def _scale(value: object) -> int:
    size = float(str(value))
    return 9 if size >= 10e9 else 6 if size >= 1e6 else 0


def ref(fact: Fact, text: str | None = None) -> Ref:
    """A Fact in prose."""
    return Ref(fact.n, text if text is not None else amount(fact))


def bare(fact: Fact) -> Ref:
    """A Fact without its sign, where the words say which way it went ("fell by 12.0%")."""
    return Ref(fact.n, amount(fact).replace("-", ""))
