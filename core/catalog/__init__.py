"""The relational catalog: the truth about sources, passages, values, answers and feedback of one tenant."""

from core.catalog.store import Catalog

__all__ = ["Catalog"]
