"""The lexical index: BM25 by tantivy. English is stemmed; Chinese, Japanese and Korean are indexed by characters and
character pairs. Readers see the last commit; a writer's half-done work is never visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import StorageError
from core.evidence import Passage

if TYPE_CHECKING:
    import tantivy

VERSION = "1"
"""Part of the index version: a change of analysis makes a new index."""
WORD = r"\d[\d,.]*\d|\w+"
"""A number with its separators is one term, so that "1,577" finds 1,577."""
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
WRITER_BYTES = 64_000_000
STOPWORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by did do does for from had has have how if in is it its of on or that the their there "
        "this to was were what when where which who why will with would",
    )
)


def cjk_terms(text: str) -> list[str]:
    """Characters and adjacent character pairs of every CJK run in `text`."""
    terms: list[str] = []
    for run in CJK.findall(text):
        terms.extend(run)
        terms.extend(run[i : i + 2] for i in range(len(run) - 1))
    return terms


class LexicalIndex:
    """One folder of tantivy. Thread-safe for searching; one writer at a time (the workspace's lock sees to it)."""

    def __init__(self, folder: Path) -> None:
        """Opens or creates the index. Raises StorageError where the folder holds something else."""
        import tantivy

        self.folder = folder
        self._analyzer = _analyzer()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("context", tokenizer_name="plumb", index_option="freq")
        builder.add_text_field("text", tokenizer_name="plumb", index_option="freq")
        builder.add_text_field("cjk", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder))
        except (OSError, ValueError) as error:
            raise StorageError(
                f"The lexical index {folder} cannot be opened: {error}", "Run `plumbline reindex`."
            ) from error
        self._index.register_tokenizer("plumb", self._analyzer)

    def add(self, passages: Iterable[Passage]) -> None:
        """Adds passages (a passage already there is replaced) and commits."""
        import tantivy

        writer = self._index.writer(WRITER_BYTES, 1)
        for p in passages:
            writer.delete_documents_by_term("id", p.id)
            document: dict[str, Any] = {"id": p.id, "source": p.source_id, "context": p.context, "text": p.text}
            terms = cjk_terms(f"{p.context} {p.text}")
            if terms:
                document["cjk"] = " ".join(terms)
            writer.add_document(tantivy.Document(**document))
        self._commit(writer)

    def remove(self, ids: Iterable[str]) -> None:
        """Removes passages and commits."""
        writer = self._index.writer(WRITER_BYTES, 1)
        for passage_id in ids:
            writer.delete_documents_by_term("id", passage_id)
        self._commit(writer)

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        try:
            writer.commit()
            # Deleted text leaves the disk only when segments merge and the old files are collected.
            writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise StorageError(
                f"The lexical index {self.folder} cannot be written: {error}",
                "Free disk space, then run the same command again.",
            ) from error
        self._index.reload()

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        import tantivy

        self._index.reload()
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1)).hits
        return {searcher.doc(address)["id"][0] for _, address in hits}

    def count(self) -> int:
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def search(
        self, query: str, k: int, source_ids: Sequence[str] | None = None, expansions: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The best `k` (passage id, BM25 score). `expansions` are further wordings, weighted half."""
        from tantivy import Occur, Query

        if source_ids is not None and not source_ids:
            return []
        clauses: list[tuple[Any, Any]] = []
        seen: set[str] = set()
        for text, weight in ((query, 1.0), *((e, 0.5) for e in expansions)):
            for term in self._terms(text):
                if term not in seen:
                    seen.add(term)
                    clauses.append((Occur.Should, _boosted(Query.term_query(self._schema, "text", term), weight)))
                    clauses.append(
                        (Occur.Should, _boosted(Query.term_query(self._schema, "context", term), weight * 0.4))
                    )
            for term in dict.fromkeys(cjk_terms(text)):
                clauses.append((Occur.Should, _boosted(Query.term_query(self._schema, "cjk", term), weight)))
        if not clauses:
            return []
        wanted = Query.boolean_query(clauses)
        if source_ids is not None:
            within = Query.const_score_query(Query.term_set_query(self._schema, "source", list(source_ids)), 0.0)
            wanted = Query.boolean_query([(Occur.Must, wanted), (Occur.Must, within)])
        self._index.reload()
        searcher = self._index.searcher()
        hits = [(searcher.doc(address)["id"][0], score) for score, address in searcher.search(wanted, k).hits]
        # Equal scores come in the order of insertion; by id the order is the same after a rebuild.
        return sorted(hits, key=lambda hit: (-round(hit[1], 4), hit[0]))

    def _terms(self, text: str) -> list[str]:
        words = CJK.sub(" ", text)
        kept = " ".join(w for w in re.findall(WORD, words) if w.lower() not in STOPWORDS)
        return list(self._analyzer.analyze(kept or words))


def _boosted(query: Any, weight: float) -> Any:
    from tantivy import Query

    return query if weight == 1.0 else Query.boost_query(query, weight)


def _analyzer() -> Any:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.regex(WORD))
    for step in (Filter.remove_long(80), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()
