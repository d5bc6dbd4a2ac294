"""Figures as a reader sees them: unit, scale and rounding as the question asks, else as statements print them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SCALES = {0: "", 3: " thousand", 6: " million", 9: " billion"}


@dataclass(frozen=True, slots=True)
class Format:
    """What the question says about the form of its answer; None where it says nothing."""

    scale: int | None = None
    """Power of ten of the amount: 6 for millions."""
    decimals: int | None = None
    percent: bool | None = None


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` to `decimals` places, halves away from zero as analysts round."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def display(value: Decimal, unit: str, style: str = "", form: Format | None = None) -> str:
    """`value` of `unit` ("USD", "USD/shares", "shares", "ratio", "times", "days") as it is printed in an answer.

    `style` is the metric's unit: "percent" shows a ratio as a percentage. Amounts keep every digit down to
    thousandths of the chosen scale; money without a stated scale is shown in millions from one million on.
    """
    form = form or Format()
    if unit in ("ratio", "times"):
        percent = form.percent if form.percent is not None else style == "percent"
        if percent:
            return f"{_number(value * 100, 1 if form.decimals is None else form.decimals)}%"
        return _number(value, 2 if form.decimals is None else form.decimals)
    if unit == "days":
        return f"{_number(value, 1 if form.decimals is None else form.decimals)} days"
    if unit.endswith("/shares"):
        return f"{unit.split('/')[0]} {_number(value, 2 if form.decimals is None else form.decimals)}"
    scale = form.scale if form.scale is not None else natural_scale(value)
    amount = value.scaleb(-scale)
    decimals = form.decimals if form.decimals is not None else _places(amount, form.scale)
    shown = f"{_number(amount, decimals)}{SCALES.get(scale, f' x 10^{scale}')}"
    if unit == "shares":
        return f"{shown} shares"
    return f"{unit} {shown}" if unit not in ("", "count") else shown


def natural_scale(value: Decimal) -> int:
    """The scale in which an amount is shown where nobody asks for one: millions from one million on, else units."""
    return 6 if abs(value) >= 1_000_000 else 0


def _places(amount: Decimal, asked: int | None) -> int:
    """Decimals that lose nothing, two at least for a stated scale of billions, three at most."""
    exact = max(0, -int(amount.normalize().as_tuple().exponent))
    return min(exact, 3) if asked is None or asked < 9 else min(max(exact, 2), 3)


def _number(value: Decimal, decimals: int) -> str:
    value = rounded(value, decimals)
    if value == 0:
        value = abs(value)
    return f"{value:,.{decimals}f}"
