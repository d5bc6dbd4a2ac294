"""Re-evaluates a Fact: its formula is plain arithmetic over its named inputs, checked without `eval`.

Grammar: + - * / ^ (also − × · ÷ **), parentheses, numbers (with % for a hundredth), the inputs' names as they stand
(longest first, whatever their case, so "gross profit FY2022 / revenue FY2022" reads as it is written), and the
functions average/avg/mean, sum, min, max, abs, sqrt, round, ln, stdev (of a sample). Over a series of inputs,
`each(close)` stands for all inputs whose names begin with "close ", in their order, and `log_returns(…)` for the
logarithms of their successive quotients. "name = expression" is read as its right side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from itertools import pairwise

from core.evidence import Fact


class FormulaError(ValueError):
    """A formula that cannot be read, or that uses what is not among its inputs."""


_FUNCTIONS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "average": lambda a: sum(a, Decimal(0)) / len(a),
    "avg": lambda a: sum(a, Decimal(0)) / len(a),
    "mean": lambda a: sum(a, Decimal(0)) / len(a),
    "sum": lambda a: sum(a, Decimal(0)),
    "min": min,
    "max": max,
    "abs": lambda a: abs(a[0]),
    "sqrt": lambda a: a[0].sqrt(),
    "round": lambda a: round(a[0], int(a[1]) if len(a) > 1 else 0),
    "ln": lambda a: a[0].ln(),
    "stdev": lambda a: _stdev(a),
}
_SERIES: dict[str, Callable[[Sequence[Decimal]], list[Decimal]]] = {
    "each": list,
    "log_returns": lambda a: [(later / earlier).ln() for earlier, later in pairwise(a)],
}
"""Functions with many values; they stand only as an argument of another function."""
_SAME = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "[": "(", "]": ")"})
_MAX = 2000


def evaluate(formula: str, inputs: Mapping[str, Decimal]) -> Decimal:
    """The value of `formula` over `inputs` (name → value). Raises FormulaError."""
    text = formula.translate(_SAME).replace("**", "^")
    if len(text) > _MAX:
        raise FormulaError(f"The formula is longer than {_MAX} characters")
    if re.match(r"[^=<>!]+=[^=]", text):
        text = text.partition("=")[2]
    parser = _Parser(_tokens(text, inputs), inputs)
    with localcontext() as context:
        context.prec = 40
        try:
            value = parser.expression()
        except (DivisionByZero, InvalidOperation, OverflowError) as error:
            raise FormulaError(f"{formula!r} has no value: division by zero or out of range") from error
    if parser.peek() is not None:
        raise FormulaError(f"{formula!r} goes on after its end: {parser.peek()!r}")
    return value


def verify(fact: Fact, tolerance: Decimal = Decimal("1e-6")) -> str:
    """ "" where the fact's value is its formula over its inputs, else why not. A formula that is just the name of its
    one input (a looked-up value) verifies by equality."""
    if not fact.inputs:
        return f"{fact.name}: no inputs"
    inputs: dict[str, Decimal] = {}
    for item in fact.inputs:
        if inputs.get(item.name, item.value) != item.value:
            return f"{fact.name}: two inputs are called {item.name!r}"
        inputs[item.name] = item.value
    try:
        value = evaluate(fact.formula, inputs)
    except FormulaError as error:
        return f"{fact.name}: {error}"
    allowed = max(abs(value), abs(fact.value)) * tolerance
    return (
        ""
        if abs(value - fact.value) <= allowed
        else f"{fact.name}: the formula gives {value:.6g}, not {fact.value:.6g}"
    )


def _stdev(values: Sequence[Decimal]) -> Decimal:
    """The standard deviation of a sample: over one less than its size."""
    if len(values) < 2:
        raise FormulaError("a standard deviation of fewer than two values")
    middle = sum(values, Decimal(0)) / len(values)
    return (sum(((v - middle) ** 2 for v in values), Decimal(0)) / (len(values) - 1)).sqrt()


def _tokens(text: str, inputs: Mapping[str, Decimal]) -> list[str]:
    names = sorted((n for n in inputs), key=len, reverse=True)
    translated = {n.translate(_SAME).replace("**", "^"): n for n in names}
    out: list[str] = []
    i = 0
    while i < len(text):
        if text[i].isspace():
            i += 1
            continue
        name = next((t for t in translated if t and _stands_at(text, i, t)), None)
        if name is not None:
            out.append("$" + translated[name])
            i += len(name)
            continue
        series = re.match(r"each\s*\(\s*([^()]+?)\s*\)", text[i:])
        if series and any(n.lower().startswith(series[1].lower() + " ") for n in inputs):
            out.append("*each " + series[1].lower())
            i += series.end()
            continue
        number = re.match(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|\.\d+%?", text[i:])
        word = re.match(r"[A-Za-z_]+(?=\s*\()", text[i:])
        if number:
            out.append(number.group())
            i += number.end()
        elif word and (word.group().lower() in _FUNCTIONS or word.group().lower() in _SERIES):
            out.append(word.group().lower())
            i += word.end()
        elif text[i] in "+-*/^(),":
            out.append(text[i])
            i += 1
        else:
            raise FormulaError(
                f"{text[i : i + 40].strip()!r} is neither an input nor arithmetic (inputs: {', '.join(inputs)})"
            )
    return out


def _stands_at(text: str, i: int, name: str) -> bool:
    end = i + len(name)
    if text[i:end].lower() != name.lower():
        return False
    before = text[i - 1] if i else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() and name[0].isalnum()) and not (after.isalnum() and name[-1].isalnum())


class _Parser:
    """Recursive descent over the tokens; `$name` is an input."""

    def __init__(self, tokens: list[str], inputs: Mapping[str, Decimal]) -> None:
        self.tokens, self.inputs, self.at = tokens, inputs, 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, wanted: str | None = None) -> str:
        token = self.peek()
        if token is None or (wanted is not None and token != wanted):
            raise FormulaError(f"expected {wanted or 'a value'!r}, found {token or 'the end'!r}")
        self.at += 1
        return token

    def expression(self) -> Decimal:
        value = self.term()
        while self.peek() in ("+", "-"):
            value = value + self.term() if self.take() == "+" else value - self.term()
        return value

    def term(self) -> Decimal:
        value = self.factor()
        while self.peek() in ("*", "/"):
            value = value * self.factor() if self.take() == "*" else value / self.factor()
        return value

    def factor(self) -> Decimal:
        if self.peek() in ("+", "-"):
            return -self.factor() if self.take() == "-" else self.factor()
        base = self.atom()
        if self.peek() == "^":
            self.take()
            return base ** self.factor()
        return base

    def arguments(self) -> list[Decimal]:
        """The values between the brackets of a function, series among them spread out."""
        self.take("(")
        values: list[Decimal] = []
        while True:
            token = self.peek() or ""
            if token.startswith("*each "):
                prefix = self.take()[6:] + " "
                values += [v for n, v in self.inputs.items() if n.lower().startswith(prefix)]
            elif token in _SERIES:
                values += _SERIES[self.take()](self.arguments())
            else:
                values.append(self.expression())
            if self.peek() != ",":
                self.take(")")
                return values
            self.take()

    def atom(self) -> Decimal:
        token = self.take()
        if token == "(":
            value = self.expression()
            self.take(")")
            return value
        if token.startswith("$"):
            return self.inputs[token[1:]]
        if token in _FUNCTIONS:
            return _FUNCTIONS[token](self.arguments())
        digits = token.rstrip("%").replace(",", "")
        if not digits or (not digits[0].isdigit() and digits[0] != "."):
            raise FormulaError(f"expected a value, found {token!r}")
        return Decimal(digits) / (100 if token.endswith("%") else 1)
