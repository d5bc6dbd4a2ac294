"""The `grounding` suite: how many broken claims the gates let through, and how many true ones they refuse.

200 true claims and their 200 broken twins (20 of each kind of break) are built from filings that no threshold of the
gates was tuned on, by rules that share nothing with the gates' own reading. Deterministic for a seed.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import PlumblineError, UsageError
from core.evaluation.statistics import wilson
from core.evaluation.suites.grounding_claims import KINDS, Pair, pairs
from core.evaluation.suites.grounding_material import Filing, load

if TYPE_CHECKING:
    from core.workspace import Workspace

EACH = 20
"""Pairs of each kind."""
TUNED_ON = (
    "aapl-10-k-2024",
    "aapl-10-q-2025",
    "ko-10-k-2025",
    "3M_2022_10K",
    "AMCOR_2023_10K",
    "3M_2018_10K",
    "ACTIVISIONBLIZZARD_2019_10K",
    "BOEING_2018_10K",
    "KRAFTHEINZ_2019_10K",
    "LOCKHEEDMARTIN_2021_10K",
    "NETFLIX_2017_10K",
    "NIKE_2019_10K",
    "PFIZER_2021_10K",
    "Pfizer_2023Q2_10Q",
    "WALMART_2020_10K",
)
"""Filings (file names begin so) that were looked at while the gates' rules and thresholds were made: never scored."""
PAGES = ("ADOBE_2022_10K", "BESTBUY_2023_10K", "GENERALMILLS_2022_10K", "MICROSOFT_2023_10K")
"""PDF filings that are scored, of those in the data folder; others are taken where none of these is there."""
MOST = 9


def grounding(
    data: Path,
    workspace: Workspace,
    progress: Callable[[str, int, int], None] | None = None,
    tuning: bool = False,
    each: int = EACH,
) -> Mapping[str, Any]:
    """Figures `broken_passed` and `true_refused`, overall and by kind. `tuning` scores the filings that the gates were
    tuned on instead (to work on them without looking at the others). Raises UsageError where `data` holds no filing."""
    from core.vertical import Vertical, verticals

    vertical = verticals().get("finance") or Vertical("plain", "Plain")
    paths = chosen(data, tuning)
    if not paths:
        raise UsageError(
            f"{data} holds no filings", "Give the folder that holds finance/filings or financebench/filings."
        )
    filings: list[Filing] = []
    read: list[Path] = []
    for n, path in enumerate(paths):
        if progress is not None:
            progress(path.name, n, len(paths))
        try:
            filings.append(load(path, vertical))
            read.append(path)
        except PlumblineError:
            continue
    items = []
    score = _scorer(workspace)
    for kind in KINDS:
        rng = random.Random(f"{workspace.settings.seed} {kind}")
        for n, pair in enumerate(_first(pairs(kind, filings, rng), each)):
            items.append(_scored(f"{kind} {n + 1}", pair, filings, score))
        if progress is not None:
            progress(kind, KINDS.index(kind) + 1, len(KINDS))
    return {**_figures(items), "version": 1, "n": 2 * len(items), "items": items, "files": read,
            "settings": {"filings": [p.name for p in read], "each": each}}  # fmt: skip


def chosen(data: Path, tuning: bool = False) -> list[Path]:
    """The filings to score under `data`: tagged ones and a few in PDF, none that the gates were tuned on."""
    pages = sorted(data.rglob("*filings/*.pdf"))
    tagged = sorted(data.rglob("*filings/*.html.gz")) + sorted(data.rglob("*filings/*.html"))
    if tuning:
        return [p for p in (*tagged, *pages) if p.name.startswith(TUNED_ON)]
    pages = [p for p in pages if not p.name.startswith(TUNED_ON)]
    tagged = [p for p in tagged if not p.name.startswith(TUNED_ON)]
    preferred = [p for p in pages if p.name.startswith(PAGES)] or pages[: len(PAGES)]
    return [*tagged[: MOST - len(preferred)], *preferred]


def _first(supply: Any, n: int) -> Sequence[Pair]:
    return [pair for _, pair in zip(range(n), supply, strict=False)]


def _scored(name: str, pair: Pair, filings: Sequence[Filing], score: Any) -> dict[str, Any]:
    from core.answering.gates import check
    from core.answering.ledger import Ledger, exhibit, names_of
    from core.answering.quote import citation
    from core.evidence import Claim

    filing = pair.filing
    # Evidence as a model sees it: the passage among others of its filing, each whole.
    at = filing.passages.index(pair.passage)
    shown = [p for p in filing.passages[max(0, at - 2) : at + 3] if p.id != pair.passage.id]
    shown.insert(len(pair.true) % (len(shown) + 1), pair.passage)
    cited = shown.index(pair.passage) + 1
    names = names_of(f.source for f in filings)

    def ledger(forged: str = "") -> Ledger:
        exhibits = {}
        for n, passage in enumerate(shown, 1):
            made = citation(n, passage, filing.source, passage.text)
            if forged and n == cited:
                made = replace(made, quote=forged)
            exhibits[n] = exhibit(made, filing.source, [passage], filing.values)
        return Ledger(exhibits, {}, names)

    honest = ledger()
    true = check(Claim(pair.true, "quoted", (cited,)), honest, scorer=score)
    number = len(shown) + 1 + len(pair.true) % 3 if pair.uncited else cited
    broken = check(Claim(pair.broken, "quoted", (number,)), ledger(pair.forged), scorer=score)
    return {
        "id": name, "kind": pair.kind, "source": filing.source.name, "true": pair.true, "broken": pair.broken,
        "true_refused": int(not true.ok), "broken_passed": int(broken.ok),
        "true_why": true.why, "broken_why": broken.why,
    }  # fmt: skip


def _scorer(workspace: Workspace) -> Any:
    def score(claim: str, texts: Sequence[str]) -> list[float]:
        from math import exp

        from core.models import reranker

        return [1 / (1 + exp(-max(-60.0, float(s)))) for s in reranker(workspace.settings).score(claim, list(texts))]

    return score


def _figures(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for item in items:
        by_kind[item["kind"]].append(item)
    out: dict[str, Any] = {"intervals": {}}
    for figure in ("broken_passed", "true_refused"):
        shares = {}
        for kind, rows in by_kind.items():
            k = sum(row[figure] for row in rows)
            shares[kind] = round(k / len(rows), 4)
            out["intervals"][f"{figure}/{kind}"] = _interval(k, len(rows))
        total = sum(item[figure] for item in items)
        out[figure] = round(total / len(items), 4) if items else 0.0
        out[f"{figure}_by_kind"] = shares
        out["intervals"][figure] = _interval(total, len(items))
    return out


def _interval(k: int, n: int) -> dict[str, float]:
    low, high = wilson(k, n)
    return {"k": k, "n": n, "low": round(low, 4), "high": round(high, 4)}
