"""`plumbline ask`: a question (or a file of them) to cited answers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from core.cli.common import AsJson, CollectionName, VerticalName, print_json, read_lines, say
from core.evidence import shown_number


def ask(
    vertical: VerticalName,
    question: Annotated[str, typer.Argument(help="What to answer.")] = "",
    collection: CollectionName = "",
    questions: Annotated[Path | None, typer.Option(help='A file with {"id", "text"} a line.')] = None,
    model: Annotated[str, typer.Option(help="The chat model that words answers, e.g. openai:NAME.")] = "",
    draft: Annotated[
        Literal["auto", "always", "never"] | None,
        typer.Option(help="When a chat model words the answer: auto leaves it to quotes while the model is packaged."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Ask: every statement of the answer is cited, every number read or computed, and what is missing is said."""
    from core.answering import answer
    from core.errors import PlumblineError, UsageError
    from core.settings import Settings
    from core.vertical import vertical as find
    from core.workspace import Workspace

    if bool(question) == (questions is not None):
        raise UsageError(
            "Give a question, or a file of them by --questions",
            'Example: plumbline ask "What was net income in FY2023?" -v finance',
        )
    changed = {**({"chat": model} if model else {}), **({"draft": draft} if draft else {})}
    settings = Settings(**changed)  # type: ignore[arg-type]
    profession = find(vertical)
    with Workspace.open(settings) as workspace:
        if questions is None:
            given = answer(workspace, profession, question, collection or vertical, on_event=_progress())
            print_json(given.as_json()) if json else print(rendered(given.as_json()))
            return
        results: list[dict[str, Any]] = []
        failed = 0
        for row in read_lines(questions):
            try:
                made = answer(workspace, profession, row["text"], collection or vertical).as_json()
                results.append({**made, "answer_id": made["id"], "id": row["id"]})
            except PlumblineError as error:
                failed += 1
                say(f"plumbline: question {row['id']}: {error}")
                results.append({"id": row["id"], "question": row["text"], "error": str(error)})
        if json or not sys.stdout.isatty():
            print_json({"results": results})
        else:
            for result in results:
                print(f"\n— {result['id']}: {result['question']}")
                print(result.get("error") or rendered(result))
    if failed:
        raise typer.Exit(1 if failed == len(results) else 3)


def _progress() -> Any:
    """Says on a terminal's standard error how far the answer is."""
    if not sys.stderr.isatty():
        return None

    def tell(kind: str, data: Mapping[str, Any]) -> None:
        if kind == "retrieved":
            say(f"{len(data['hits'])} passages found")
        elif kind == "dropped":
            say(f"withheld: {data['text'][:80]} ({data['why']})")

    return tell


def rendered(answer: Mapping[str, Any]) -> str:
    """An Answer (as JSON) for a reader at a terminal: text, sources, calculations, what was withheld or is missing."""
    import shutil
    import textwrap

    width = min(100, shutil.get_terminal_size((100, 24)).columns)

    def block(text: str, indent: str = "   ") -> str:
        return textwrap.fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent)

    out = [textwrap.fill(answer["text"], width)]
    if answer["status"] not in ("answered", "abstained"):
        out.append(f"({answer['status'].replace('_', ' ')})")
    if answer["citations"]:
        out.append("\nSources")
    for c in answer["citations"]:
        place = _place(c["locator"])
        out.append(f"[{c['n']}] {c['source']}{', ' + place if place else ''}")
        quote = " ".join(c["quote"].split())
        out.append(block(f"“{quote if len(quote) <= 400 else quote[:397] + '…'}”"))
    if answer["facts"]:
        out.append("\nCalculations")
    for f in answer["facts"]:
        shown = f.get("display") or f"{shown_number(f['value'])} {f['unit']}"
        out.append(f"[{f['n']}] {f['entity']}: {f['name']} ({f['period']}) = {shown}")
        out.append(block(f"= {f['formula']}" + (f"   ({f['definition']})" if f.get("definition") else "")))
        for i in f["inputs"]:
            at = f" [{i['citation']}]" if i.get("citation") else ""
            out.append(block(f"{i['name']}: {shown_number(i['value'])} {i['unit']}{at}", "     "))
    for title, items in (
        ("Withheld", [f"{d['text']} — {d['why']}" for d in answer["dropped"]]),
        ("Missing", answer["missing"]),
        ("Please say", answer["asks"]),
        ("Note", answer["notices"]),
    ):
        if items and not (title == "Missing" and answer["status"] == "abstained"):
            out.append(f"\n{title}")
            out += [block(item, " - ") for item in items]
    return "\n".join(out)


def _place(locator: Mapping[str, Any]) -> str:
    if locator.get("page"):
        return f"page {locator['page']}"
    if locator.get("line"):
        return f"line {locator['line']}"
    return f"element {locator['element']}" if locator.get("element") else ""
