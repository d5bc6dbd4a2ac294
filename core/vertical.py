"""What a profession may add to the core, and how it is found.

A vertical is an object with a `name` and any of the hooks below; `Vertical` holds a default for each, so that a
new one (in any package, by the entry point group `plumbline.verticals`) writes only what it has to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from core.errors import UsageError
from core.evidence import Description, Passage, Period, Source, Value

if TYPE_CHECKING:
    from core.answering.draft import Draft
    from core.evidence import Document
    from core.workspace import Workspace

GROUP = "plumbline.verticals"


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood: what to search for and which sources, periods and kinds of passage may answer."""

    text: str
    """The question, follow-ups resolved; what retrieval searches for."""
    lang: str = "en"
    entities: tuple[str, ...] = ()
    """Entities of the collection that the question names."""
    unknown_entities: tuple[str, ...] = ()
    """Names in the question that look like entities and that no source of the collection is about."""
    periods: tuple[Period, ...] = ()
    years: tuple[int, ...] = ()
    """Fiscal years that the question names."""
    metrics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Passage tags that the question asks for ("cash_flow")."""
    source_ids: tuple[str, ...] | None = None
    """Sources that may answer; None = all of the collection, () = none can."""
    expansions: tuple[str, ...] = ()
    """Further wordings to search for (the printed names of a metric)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage, its source and its score (higher is better; comparable within one result only)."""

    passage: Passage
    source: Source
    score: float


@dataclass(frozen=True, slots=True)
class Policy:
    """A vertical's verdict on a question before anything is searched: refuse, ask, or go on with notices."""

    refuse: str = ""
    asks: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


Suite = Callable[..., Mapping[str, Any]]
"""`suite(data: Path, workspace: Workspace, **options) -> figures` (see `core.evaluation`)."""


@runtime_checkable
class SupportsVertical(Protocol):
    """The least a vertical has: a name and a title. Every hook is optional (see `Vertical`)."""

    name: str
    title: str


@dataclass(frozen=True)
class Vertical:
    """Base with a default for every hook. Hooks must be cheap to import: heavy libraries load inside them."""

    name: str
    title: str
    package: str = ""
    """Import name of the package that holds prompts/ and adapters/; "" = none."""
    options: Mapping[str, Any] = field(default_factory=dict)

    # --- one file's way -------------------------------------------------------------------------------------
    def describe(self, document: Document) -> Description:
        """What the document is: entity, kind, period, date. Default: its own title."""
        return Description(title=document.title or document.name)

    def values(self, document: Document, source: Source) -> Iterable[Value]:
        """Typed values to keep beside the passages. Default: none."""
        return ()

    def tag(self, passage: Passage, source: Source) -> tuple[str, ...]:
        """Names for a passage that questions of this profession ask for. Default: none."""
        return ()

    # --- one question's way ---------------------------------------------------------------------------------
    def policy(self, question: str) -> Policy:
        """Refuse, ask or give notice before anything is searched. Default: go on."""
        return Policy()

    def understand(self, question: str, workspace: Workspace, collection: str) -> Query:
        """Entities, periods, metrics and sources that the question means. Default: search everything."""
        return Query(text=question)

    def rank(self, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Ranking policy over the fused and reranked candidates. Default: as they come."""
        return hits

    def compute(self, query: Query, workspace: Workspace, collection: str) -> Draft | None:
        """Facts and claims computed by the vertical's tools for this question. None = not a question for them."""
        return None

    # --- faces ----------------------------------------------------------------------------------------------
    def prompts(self) -> Path | None:
        """Folder of this vertical's prompt files; None = the core's."""
        return self._folder("prompts")

    def adapters(self) -> Path | None:
        """Folder of shipped adapters."""
        return self._folder("adapters")

    def suites(self) -> Mapping[str, Suite]:
        """Evaluation suites by name."""
        return {}

    def commands(self) -> Mapping[str, Callable[..., Any]]:
        """Command-line verbs by name: functions with a Typer signature, or Typer applications."""
        return {}

    def routes(self) -> Any | None:
        """An APIRouter to mount in the service, or None."""
        return None

    def page(self) -> Path | None:
        """The Streamlit script of `plumbline app NAME`, or None."""
        return None

    def _folder(self, name: str) -> Path | None:
        if not self.package:
            return None
        from importlib.util import find_spec

        spec = find_spec(self.package)
        folder = Path(spec.origin).parent / name if spec and spec.origin else None
        return folder if folder and folder.is_dir() else None


@cache
def verticals() -> Mapping[str, Vertical]:
    """All installed verticals by name, found by entry point."""
    return {point.name: point.load() for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)}


def vertical(name: str) -> Vertical:
    """The vertical called `name`. Raises UsageError that lists the installed ones."""
    found = verticals()
    if name not in found:
        raise UsageError(f"No vertical named {name!r}", f"Installed: {', '.join(found) or 'none'}.")
    return found[name]
