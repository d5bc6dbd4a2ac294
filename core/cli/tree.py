"""The command tree. Verb modules import nothing heavy at their top, so that `--help` stays quick."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer

VERBS = ("ingest", "search", "ask", "forget", "reindex", "eval", "app", "doctor")
"""Verbs that are one function of the same name in a file of the same name."""
GROUPS = ("catalog", "models")
"""Verbs with sub-verbs: a Typer application called `app` in a file of that name."""


def build() -> typer.Typer:
    """The Typer application with the core's verbs and those of every installed vertical."""
    from core.vertical import verticals

    app = typer.Typer(
        name="plumbline",
        help="Answers whose every statement leads to its evidence and whose every number is computed.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for verb in VERBS:
        if find_spec(f"core.cli.{verb}") is not None:
            module = import_module(f"core.cli.{verb}")
            add(app, verb, getattr(module, verb))
    for group in GROUPS:
        if find_spec(f"core.cli.{group}") is not None:
            add(app, group, import_module(f"core.cli.{group}").app)
    for vertical in verticals().values():
        for verb, command in vertical.commands().items():
            add(app, verb, command)
    return app


def add(app: typer.Typer, verb: str, command: Callable[..., Any] | typer.Typer) -> None:
    """Adds a function or a group of verbs under a name."""
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=verb)
    else:
        app.command(verb)(command)
