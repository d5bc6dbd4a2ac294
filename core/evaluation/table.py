"""A result, or the comparison of two, as a table that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from core.evaluation.runner import FIRST


def result_table(result: Mapping[str, Any]) -> Group:
    """The figures with counts and 95% intervals, and under them what they are traced by."""
    table = Table(title=f"{result['suite']} (version {result['version']}, {result['n']} items)", title_justify="left")
    for column, justify in (("figure", "left"), ("value", "right"), ("of", "right"), ("95% interval", "right")):
        table.add_column(column, justify="left" if justify == "left" else "right")
    for name, value, interval in _figures(result):
        count = f"{interval['k']}/{interval['n']}" if interval else ""
        spread = f"{interval['low']:.3f} to {interval['high']:.3f}" if interval else ""
        table.add_row(name, _number(value), count, spread)
    models = ", ".join(f"{job} {name}" for job, name in result["models"].items() if name)
    trace = (
        f"{models}\nseed {result['seed']}, commit {str(result['commit'])[:12]}, "
        f"data {result['data_sha256'][:12]}, {result['seconds']:.1f} s"
    )
    return Group(table, Text(trace, style="dim"))


def comparison_table(comparison: Mapping[str, Any]) -> Group:
    """Each score of both results, the difference with its interval, and the test's p-value."""
    table = Table(title=f"{comparison['suite']}: B against A, {comparison['n']} items", title_justify="left")
    table.add_column("score")
    for column in ("A", "B", "B - A", "95% interval", "better/worse", "p", "n"):
        table.add_column(column, justify="right")
    for row in comparison["figures"]:
        table.add_row(
            row["name"],
            f"{row['a']:.3f}",
            f"{row['b']:.3f}",
            f"{row['difference']:+.3f}",
            f"{row['low']:+.3f} to {row['high']:+.3f}",
            f"{row['wins']}/{row['losses']}",
            f"{row['p']:.3f}" + (" *" if row["p"] < 0.05 else ""),
            str(row["n"]),
        )
    notes = list(comparison["notes"])
    for side in ("a", "b"):
        if comparison[f"only_in_{side}"]:
            notes.append(f"{len(comparison[f'only_in_{side}'])} items only in {side.upper()}, left out")
    notes.append("truth values by McNemar's exact test, measures by paired bootstrap")
    return Group(table, Text("\n".join(notes), style="dim"))


def _figures(result: Mapping[str, Any]) -> Iterator[tuple[str, Any, Mapping[str, Any] | None]]:
    intervals = result.get("intervals", {})
    for name, value in result.items():
        if name in FIRST or name in ("items", "intervals"):
            continue
        inner = intervals.get(name, {})
        if isinstance(value, Mapping):
            for cut, part in value.items():
                if not isinstance(part, Mapping):
                    yield f"{name} {cut}", part, inner.get(cut) if isinstance(inner.get(cut), Mapping) else None
        elif not isinstance(value, (list, tuple)):
            yield name, value, inner or None


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
