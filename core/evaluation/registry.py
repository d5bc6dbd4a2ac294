"""Which suites there are: the core's own by name, and those that each installed vertical declares."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from core.errors import UsageError
from core.vertical import Suite, Vertical, verticals

OWN = ("grounding",)
"""Suites of the core: a function of the same name in a module of the same name under `core.evaluation.suites`."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A suite, its name and the vertical that declares it (None: the core)."""

    name: str
    run: Suite
    owner: Vertical | None = None

    def options(self) -> dict[str, inspect.Parameter]:
        """The options that the suite takes beyond its data and workspace, by name."""
        given = list(inspect.signature(self.run).parameters.values())[2:]
        return {p.name: p for p in given if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}


def suites() -> Mapping[str, Declared]:
    """All suites by name. A vertical's suite never takes the place of one of the core's."""
    found: dict[str, Declared] = {}
    for vertical in verticals().values():
        for name, run in vertical.suites().items():
            found.setdefault(name, Declared(name, run, vertical))
    for name in OWN:
        if find_spec(f"core.evaluation.suites.{name}") is not None:
            found[name] = Declared(name, getattr(import_module(f"core.evaluation.suites.{name}"), name))
    return dict(sorted(found.items()))


def suite(name: str) -> Declared:
    """The suite called `name`. Raises UsageError that lists those there are."""
    found = suites()
    if name not in found:
        raise UsageError(f"No suite named {name!r}", f"There are: {', '.join(found) or 'none'}.")
    return found[name]


def checked(declared: Declared, options: Mapping[str, str]) -> dict[str, Any]:
    """Options as written on the command line, in the types of the suite's own defaults.

    Raises UsageError for an option that the suite does not have or a value that does not fit.
    """
    known = {name: p for name, p in declared.options().items() if name != "progress"}
    typed: dict[str, Any] = {}
    for name, text in options.items():
        if name not in known:
            raise UsageError(
                f"Suite {declared.name!r} has no option {name!r}", f"It has: {', '.join(known) or 'none'}."
            )
        default = known[name].default
        try:
            typed[name] = _typed(text, default)
        except ValueError as error:
            raise UsageError(f"Option {name}={text} of suite {declared.name!r} is not {error}") from error
    return typed


def _typed(text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() not in ("true", "false", "yes", "no", "1", "0"):
            msg = "true or false"
            raise ValueError(msg)
        return text.lower() in ("true", "yes", "1")
    if isinstance(default, int):
        if not text.lstrip("-").isdigit():
            msg = "a whole number"
            raise ValueError(msg)
        return int(text)
    return text
