"""Passages and facts to a drafted, verified, cited Answer. `answer` is the one way in."""

from core.answering.pipeline import answer

__all__ = ["answer"]
