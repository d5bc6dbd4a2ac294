"""`financebench`: analysts' questions on filings (arXiv 2311.11944), with the page that proves each answer.

Data: `questions.jsonl` (`id, question, answer, type, doc_name, evidence[{doc_name, page}]`, pages from 1) and
`filings/DOC_NAME.pdf`. The page found is measured with all filings in one store and with the filing named; the answer
is graded by `grading`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.evaluation.figures import shares
from core.evaluation.ranking import distinct, found
from core.evaluation.store import ingest
from core.evidence import Source
from core.vertical import Query, Vertical, vertical
from verticals.finance.suites.grading import Grade, grade

if TYPE_CHECKING:
    from core.workspace import Workspace

VERSION = "1"
COLLECTION = "financebench"
CUTS = (1, 5, 10)
DEPTH = 60
"""Passages asked for; many stand on one page, and ten distinct pages are wanted."""
ROUTES = ("planner", "quote", "model", "abstain")
METRICS = "metrics-generated"


def financebench(
    data: Path,
    workspace: Workspace,
    *,
    answers: bool = True,
    limit: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Mapping[str, Any]:
    """Figures as in the design's table of suites. `answers=false` measures retrieval alone; `limit` takes the first
    questions and only the filings they need.

    Raises UsageError where the folder does not hold the data, PlumblineError where a filing cannot be read.
    """
    questions = load(data)[: limit or None]
    names = sorted({question["doc_name"] for question in questions})
    paths = sorted((data / "filings").glob("*.pdf"))
    if limit:
        paths = [path for path in paths if path.stem in names]
    missing = set(names) - {path.stem for path in paths}
    if missing:
        raise UsageError(
            f"{data / 'filings'} lacks {', '.join(sorted(missing))}", "Put the PDF files of the data there."
        )
    finance = vertical("finance")
    ingested = ingest(workspace, paths, finance, COLLECTION, progress)
    sources = {Path(source.name).stem: source for source in workspace.catalog.sources(COLLECTION)}
    items = []
    for done, question in enumerate(questions, start=1):
        items.append(score(workspace, finance, question, sources[question["doc_name"]], answers))
        if progress is not None:
            progress(question["id"], done, len(questions))
    return {
        "version": VERSION,
        **figures(items, answers),
        "ingest_pages_per_s": round(ingested.pages_per_s, 3),
        "settings": {
            "ingested": {k: getattr(ingested, k) for k in ("pages", "passages", "seconds", "commit", "reused")}
        },
        "items": items,
        "files": [data / "questions.jsonl", *paths],
    }


def load(data: Path) -> list[dict[str, Any]]:
    """The questions of the folder. Raises UsageError that names what is missing."""
    path = data / "questions.jsonl"
    if not path.is_file() or not (data / "filings").is_dir():
        raise UsageError(
            f"{data} holds no FinanceBench data", "It needs questions.jsonl and a folder filings/ of PDFs."
        )
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(
    workspace: Workspace, finance: Vertical, question: Mapping[str, Any], source: Source, answers: bool
) -> dict[str, Any]:
    """One question: where its evidence pages stand in both rankings, and how its answer is graded."""
    evidence = {(row["doc_name"], row["page"]): 1.0 for row in question["evidence"]}
    query = finance.understand(question["question"], workspace, COLLECTION)
    everywhere = pages(workspace, query, finance)
    document = pages(workspace, replace(query, source_ids=(source.id,)), finance)
    item: dict[str, Any] = {
        "id": question["id"],
        "type": question["type"],
        "page_recall": {str(k): found(everywhere, evidence, k) for k in CUTS},
        "page_recall_doc_known": {str(k): found(document, evidence, k) for k in CUTS},
        "pages": [f"{name}:{page}" for name, page in everywhere[: max(CUTS)]],
    }
    return {**item, **_answered(workspace, finance, question)} if answers else item


def pages(workspace: Workspace, query: Query, finance: Vertical) -> list[tuple[str, int]]:
    """The distinct (document, page) pairs of a search, best first, at least ten where there are as many."""
    from core.retrieval import search

    hits = search(workspace, query, COLLECTION, DEPTH, finance)
    pairs = [(Path(hit.source.name).stem, hit.passage.locator.page or 0) for hit in hits]
    return distinct(pairs)


def figures(items: list[dict[str, Any]], answers: bool = True) -> dict[str, Any]:
    """The suite's figures over its items, with intervals."""
    named: dict[str, Any] = {
        name: {str(k): [item[name][str(k)] for item in items] for k in CUTS}
        for name in ("page_recall", "page_recall_doc_known")
    }
    if answers:
        metric = [item["outcome"] for item in items if item["type"] == METRICS]
        graded = [item["outcome"] for item in items if item["outcome"] != "ungraded"]
        for outcome in ("right", "wrong", "abstained"):
            named[f"metric_{outcome}"] = [given == outcome for given in metric]
            named[outcome] = [given == outcome for given in graded]
        named["right_all_numbers"] = [item["all_numbers"] for item in items if item["outcome"] != "ungraded"]
        named["ungraded"] = [item["outcome"] == "ungraded" for item in items]
        taken = Counter(item["route"] for item in items)
        routes = [*ROUTES, *sorted(set(taken) - set(ROUTES))]
        named["routes"] = {route: [item["route"] == route for item in items] for route in routes}
    return shares(named)


def _answered(workspace: Workspace, finance: Vertical, question: Mapping[str, Any]) -> dict[str, Any]:
    from core.answering import answer

    given = answer(workspace, finance, question["question"], COLLECTION)
    graded: Grade = grade(question["question"], question["answer"], given.as_json())
    counted = {} if graded.outcome == "ungraded" else {o: graded.outcome == o for o in ("right", "wrong", "abstained")}
    return {
        "outcome": graded.outcome,
        **counted,
        "all_numbers": graded.all_numbers,
        "numbers": f"{graded.numbers_met}/{graded.numbers_wanted}",
        "verdict": {"wanted": graded.verdict_wanted, "given": graded.verdict_given},
        "route": "abstain" if given.status == "abstained" else str(given.trace.get("route", "")),
        "status": given.status,
        "answer": given.text,
        "answer_s": round(sum(given.seconds.values()), 3),
    }
