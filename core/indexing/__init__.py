"""Documents to passages, to the catalog, to the derived indexes; resumable, one writer at a time."""

from core.indexing.ingestion import IngestReport, ingest
from core.indexing.maintain import forget, reindex

__all__ = ["IngestReport", "forget", "ingest", "reindex"]
