"""The thresholds of answering, from one data file that says how each was chosen."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def threshold(name: str) -> float:
    """A threshold by its name. Raises KeyError for an unknown one."""
    text = (files("core.answering") / "data" / "thresholds.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[0]: float(row[1]) for row in rows[1:]}[name]
