"""The plain LangChain quickstart on FinanceBench's filings: the peer that page recall and ingestion are held against.

PyPDFLoader, RecursiveCharacterTextSplitter 1000/200, all-MiniLM-L6-v2 by sentence-transformers, Chroma; everything as
its documentation shows it and nothing tuned. Runs in an environment of its own (benchmarks/requirements.txt) and knows
nothing of Plumbline. Prints one JSON document.

    .venv-bench/bin/python benchmarks/quickstart.py --data DIR --model FOLDER [--files N] [--work FOLDER]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

CUTS = (1, 5, 10)
DEPTH = 100
"""Chunks asked for: several stand on one page, and ten distinct pages are wanted."""
BATCH = 5000
"""Chroma's own limit of rows in one call."""
PARTS = (
    "pypdf",
    "langchain-community",
    "langchain-text-splitters",
    "langchain-chroma",
    "chromadb",
    "sentence-transformers",
)


def main() -> None:
    """Reads, splits, embeds, stores and searches; prints the figures."""
    arguments = _arguments()
    questions = [json.loads(line) for line in (arguments.data / "questions.jsonl").read_text().splitlines() if line]
    paths = sorted((arguments.data / "filings").glob("*.pdf"))
    if arguments.files:
        paths = paths[: arguments.files]
        questions = [q for q in questions if q["doc_name"] in {path.stem for path in paths}]
    from langchain_chroma import Chroma
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(model_name=str(arguments.model))
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    seconds = dict.fromkeys(("read", "split", "embed_and_store"), 0.0)
    pages = chunks = 0
    with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
        store = Chroma(collection_name="quickstart", embedding_function=embeddings, persist_directory=folder)
        for done, path in enumerate(paths, start=1):
            loaded, seconds["read"] = _timed(lambda path=path: PyPDFLoader(str(path)).load(), seconds["read"])
            split, seconds["split"] = _timed(lambda loaded=loaded: splitter.split_documents(loaded), seconds["split"])
            pages, chunks = pages + len(loaded), chunks + len(split)

            def add(split: list[Any] = split) -> None:
                for start in range(0, len(split), BATCH):
                    store.add_documents(split[start : start + BATCH])

            _, seconds["embed_and_store"] = _timed(add, seconds["embed_and_store"])
            print(f"{done}/{len(paths)} {path.name}: {pages} pages, {chunks} chunks", file=sys.stderr)
        items, search = _timed(lambda: [_score(store, q, arguments.data) for q in questions])
    total = sum(seconds.values())
    report = {
        "system": "LangChain quickstart",
        "n": len(items),
        "files": len(paths),
        "pages": pages,
        "chunks": chunks,
        "seconds": {**{k: round(v, 2) for k, v in seconds.items()}, "ingest": round(total, 2)},
        "ingest_pages_per_s": round(pages / total, 3),
        "search_s": round(search / max(2 * len(items), 1), 4),
        **{
            name: {str(k): sum(item[name][str(k)] for item in items) / max(len(items), 1) for k in CUTS}
            for name in ("page_recall", "page_recall_doc_known")
        },
        "versions": {name: version(name) for name in PARTS},
        "items": items,
    }
    json.dump(report, sys.stdout, indent=1)
    print()


def _score(store: Any, question: dict[str, Any], data: Path) -> dict[str, Any]:
    evidence = {(row["doc_name"], row["page"]) for row in question["evidence"]}
    source = str(data / "filings" / f"{question['doc_name']}.pdf")
    item: dict[str, Any] = {"id": question["id"]}
    for name, restriction in (("page_recall", None), ("page_recall_doc_known", {"source": source})):
        hits = store.similarity_search(question["question"], k=DEPTH, filter=restriction)
        if not hits:
            sys.exit(f"No hit for {question['id']} ({name}): the filter {restriction} fits nothing that was stored.")
        # PyPDFLoader counts pages from 0, the gold from 1.
        pages = list(dict.fromkeys((Path(hit.metadata["source"]).stem, hit.metadata["page"] + 1) for hit in hits))
        item[name] = {str(k): bool(evidence.intersection(pages[:k])) for k in CUTS}
    return item


def _timed(do: Any, before: float = 0.0) -> tuple[Any, float]:
    started = time.perf_counter()
    made = do()
    return made, before + time.perf_counter() - started


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="questions.jsonl and filings/")
    parser.add_argument("--model", type=Path, required=True, help="folder of the all-MiniLM-L6-v2 weights")
    parser.add_argument("--files", type=int, default=0, help="only the first N filings (0 = all)")
    parser.add_argument("--work", type=Path, default=None, help="where the store is made (default: a temporary folder)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
