"""The search as a LangChain retriever, for use in any chain."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from core.retrieval.search import search
from core.vertical import Vertical
from core.workspace import Workspace


class PlumblineRetriever(BaseRetriever):
    """Gives the best `k` passages of a collection as LangChain documents with source and locator as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    workspace: Workspace
    collection: str
    vertical: Vertical | None = None
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **kwargs: Any
    ) -> list[Document]:
        hits = search(self.workspace, query, self.collection, self.k, self.vertical)
        return [
            Document(
                page_content=h.passage.text,
                metadata={
                    "source": h.source.name,
                    "source_id": h.source.id,
                    "passage_id": h.passage.id,
                    "locator": h.passage.locator.as_json(),
                    "score": h.score,
                },
                id=h.passage.id,
            )
            for h in hits
        ]
