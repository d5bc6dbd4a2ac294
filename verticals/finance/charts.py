"""Charts as inline SVG, drawn from figures only: every mark links to the Fact or price row that it shows, every figure
is printed at its mark, and there is no axis of invented round numbers. `title` and `desc` tell the same in words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from verticals.finance.report.parts import Chart, Ref

Point = tuple[Ref | None, Decimal | None]
"""A figure as printed and its value; (None, None) where there is none."""
WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 14, 14, 40, 34


def bars(caption: str, unit: str, heads: Sequence[str], series: Sequence[tuple[str, Sequence[Point]]]) -> Chart:
    """Grouped bars, one group a period; bars start at zero and losses hang below it."""
    values = [float(v) for _, points in series for _, v in points if v is not None]
    top, bottom = max([0.0, *values]), min([0.0, *values])
    span = (top - bottom) or 1.0
    group = (WIDTH - _LEFT - _RIGHT) / len(heads)
    width = min(64.0, group * 0.78 / len(series))

    def y(value: float) -> float:
        return _TOP + 14 + (top - value) / span * (HEIGHT - _TOP - _BOTTOM - 28)

    body: list[str] = [f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>']
    refs: list[Ref] = []
    for i, head in enumerate(heads):
        middle = _LEFT + group * (i + 0.5)
        body.append(f'<text class="tick" x="{middle:.1f}" y="{HEIGHT - 10}">{escape(head)}</text>')
        for k, (label, points) in enumerate(series):
            shown, value = points[i]
            if shown is None or value is None:
                continue
            refs.append(shown)
            x = middle + (k - len(series) / 2) * width
            high, low = y(max(float(value), 0.0)), y(min(float(value), 0.0))
            size = " small" if len(series) * len(heads) > 10 else ""
            at = high - 4 if value >= 0 else low + 12
            words, tall = escape(f"{label}, {head}"), max(low - high, 0.8)
            body.append(
                f'<a href="#e{shown.n}" data-fact="{shown.n}" data-scale="{shown.scale}" aria-label="{words}">'
                f'<rect class="s{k}" x="{x + 2:.1f}" y="{high:.1f}" width="{width - 4:.1f}" height="{tall:.1f}"/>'
                f'<text class="val{size}" x="{x + width / 2:.1f}" y="{at:.1f}">{escape(shown.text)}</text></a>'
            )
    return _chart(f"{caption} ({unit})", body, [label for label, _ in series], refs, heads)


def lines(caption: str, heads: Sequence[str], series: Sequence[tuple[str, Sequence[Point]]]) -> Chart:
    """Lines over the periods with every point marked and printed."""
    values = [float(v) for _, points in series for _, v in points if v is not None]
    top, bottom = max(values), min(values)
    span = (top - bottom) or abs(top) or 1.0
    step = (WIDTH - _LEFT - _RIGHT) / len(heads)

    def y(value: float) -> float:
        return _TOP + 22 + (top - value) / span * (HEIGHT - _TOP - _BOTTOM - 40)

    body: list[str] = []
    refs: list[Ref] = []
    for i, head in enumerate(heads):
        body.append(f'<text class="tick" x="{_LEFT + step * (i + 0.5):.1f}" y="{HEIGHT - 10}">{escape(head)}</text>')
    for k, (label, points) in enumerate(series):
        spots = [
            (_LEFT + step * (i + 0.5), y(float(v)), shown, heads[i])
            for i, (shown, v) in enumerate(points)
            if v is not None and shown is not None
        ]
        path = " ".join(f"{x:.1f},{at:.1f}" for x, at, _, _ in spots)
        body.append(f'<polyline class="l{k}" points="{path}"/>')
        for x, at, shown, head in spots:
            refs.append(shown)
            # A label goes below its point where another line's point is close above.
            above = [y(float(v)) for _, other in series for v in [other[heads.index(head)][1]] if v is not None]
            down = 18 if any(0 < at - o < 30 for o in above) else -8
            words = escape(f"{label}, {head}")
            body.append(
                f'<a href="#e{shown.n}" data-fact="{shown.n}" data-scale="{shown.scale}" aria-label="{words}">'
                f'<circle class="d{k}" cx="{x:.1f}" cy="{at:.1f}" r="4"/>'
                f'<text class="val" x="{x:.1f}" y="{at + down:.1f}">{escape(shown.text)}</text></a>'
            )
    return _chart(caption, body, [label for label, _ in series], refs, heads)


def prices(caption: str, points: Sequence[tuple[Ref, Decimal, str]], marked: dict[int, str]) -> Chart:
    """A price line through `points` (citation of the row, close, date); those at the positions `marked` are printed
    with a word ("high"), the others show on touch and link to their row."""
    values = [float(v) for _, v, _ in points]
    top, bottom = max(values), min(values)
    span = (top - bottom) or 1.0
    step = (WIDTH - 70) / max(1, len(points) - 1)

    def spot(i: int) -> tuple[float, float]:
        return 30 + step * i, _TOP + 16 + (top - values[i]) / span * (HEIGHT - _TOP - _BOTTOM - 32)

    places = [spot(i) for i in range(len(points))]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    body = [f'<polyline class="l0" points="{line}"/>']
    last_year = ""
    for i, (_, _, day) in enumerate(points):
        if day[:4] != last_year:
            last_year = day[:4]
            if i == 0 and any(d[:4] != last_year for _, _, d in points[:4]):
                continue  # the next year begins too near
            body.append(f'<text class="tick" x="{places[i][0]:.1f}" y="{HEIGHT - 10}">{day[:4]}</text>')
    for i, (shown, _, day) in enumerate(points):
        x, y = places[i]
        known = i in marked
        style, text = ("d0" if known else "quiet"), ""
        if known and (i == len(points) - 1 or places[-1][0] - x > 48):  # the last price keeps its room
            below = values[i] == bottom
            anchor = "start" if x < 60 else "end" if x > WIDTH - 70 else "middle"
            text = (
                f'<text class="val" style="text-anchor:{anchor}" x="{x:.1f}" y="{y + (16 if below else -8):.1f}">'
                f"{escape(shown.text)}</text>"
            )
        body.append(
            f'<a href="#e{shown.n}" data-citation="{shown.n}" aria-label="{escape(f"Close of {day}")}">'
            f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{4 if known else 5}"/>{text}</a>'
        )
    return _chart(caption, body, [], [p[0] for p in points], [points[0][2], points[-1][2]])


def _chart(
    caption: str, body: Sequence[str], legend: Sequence[str], refs: Sequence[Ref], heads: Sequence[str]
) -> Chart:
    n = re.sub(r"\W+", "-", caption.lower()).strip("-")
    told = f"{caption}, from {heads[0]} to {heads[-1]}."
    keys = []
    x = _LEFT
    for k, label in enumerate(legend if len(legend) > 1 else ()):
        keys.append(f'<rect class="s{k}" x="{x}" y="8" width="11" height="11"/>')
        keys.append(f'<text class="key" x="{x + 16}" y="18">{escape(label)}</text>')
        x += 40 + 7 * len(label)
    told += " Every mark links to its figure; the table below holds the same figures."
    svg = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-labelledby="c-{n}-t" aria-describedby="c-{n}-d">'
        f'<title id="c-{n}-t">{escape(caption)}</title><desc id="c-{n}-d">{escape(told)}</desc>'
        f"{''.join(keys)}{''.join(body)}</svg>"
    )
    return Chart(caption, svg, tuple(refs))
