"""`plumbline doctor`: what is installed, which models answer, where data lies, what is wrong and how to mend it.

It changes nothing and needs nothing but the base packages: every check that cannot be made becomes a problem named.
"""

from __future__ import annotations

import json as json_module
import time
from typing import TYPE_CHECKING, Any

import typer

from core.cli.common import AsJson

if TYPE_CHECKING:
    from core.settings import Settings

Problem = dict[str, Any]
LOW_SPACE = 500 * 10**6
"""Free bytes below which ingestion of a few hundred filings would fill the disk."""


def doctor(json: AsJson = False) -> None:
    """Check packages, weights, models, data and disk. Exit code 0: well; 3: some of it wrong; 1: cannot work."""
    begun = time.perf_counter()
    report = examine()
    report["seconds"] = round(time.perf_counter() - begun, 2)
    print(json_module.dumps(report, ensure_ascii=False, indent=1) if json else as_text(report))
    raise typer.Exit(exit_code(report["problems"]))


def exit_code(problems: list[Problem]) -> int:
    """0 without problems, 1 where one of them stops all work, else 3."""
    return 1 if any(p["fatal"] for p in problems) else 3 if problems else 0


def examine() -> dict[str, Any]:
    """The whole examination as plain JSON types."""
    import platform
    import sys

    from core import __version__
    from core.settings import Settings

    problems: list[Problem] = []
    settings = _settings(Settings, problems)
    report: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "executable": sys.executable,
        "packages": _packages(problems),
        "weights": _weights(settings, problems),
        "models": _models(settings, problems),
        "data": _data(settings, problems),
        "catalog": _catalog(settings, problems),
        "settings": settings.public(),
        "problems": problems,
    }
    return report


def _settings(kind: type[Settings], problems: list[Problem]) -> Settings:
    """The settings as they are; the defaults, and a problem, where those cannot be read."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    from core.settings import wrong_settings

    try:
        return kind()
    except ValidationError as error:
        for what in wrong_settings(error):
            _add(problems, what, "Mend it in the environment or plumbline.toml.", True)
    except TOMLDecodeError as error:
        _add(problems, f"plumbline.toml is not valid TOML: {error}", "Mend the file.", True)
    return kind.model_construct()


def as_text(report: dict[str, Any]) -> str:
    """The examination for a reader at a terminal."""
    lines = [f"Plumbline {report['version']}, Python {report['python']} on {report['platform']}", ""]
    missing = [p for p in report["packages"] if not p["ok"]]
    lines.append(f"Packages  {sum(p['ok'] for p in report['packages'])} of {len(report['packages'])} in order")
    lines += [f"          {p['name']} {p['installed'] or 'missing'}, {_for(p)}" for p in missing]
    for m in report["weights"]:
        lines.append(
            f"Weights   {m['state']:9} {m['name']}" + (f" ({m['problem']})" if m["state"] == "damaged" else "")
        )
    for m in report["models"]:
        lines.append(
            f"Model     {'answers  ' if m['answers'] else 'no answer'} {m['job']} {m['name']} ({m['seconds']} s)"
        )
    data = report["data"]
    lines.append(f"Data      {data['home']} ({data['free_bytes'] / 1e9:.1f} GB free)")
    lines.append(f"Catalog   {report['catalog']['state']}")
    for c in report["catalog"]["collections"]:
        lines.append(f"          {c['name']}: {c['sources']} sources, {c['passages']} passages ({c['vertical']})")
    lines.append("")
    if not report["problems"]:
        lines.append("All is well.")
    for p in report["problems"]:
        lines += [f"{'Cannot work' if p['fatal'] else 'Wrong'}: {p['what']}", f"  Mend: {p['remedy']}"]
    return "\n".join(lines)


def _for(package: Problem) -> str:
    return f"extra {package['extra']}" if package["extra"] else f"wanted {package['wanted'] or 'any'}"


def _add(problems: list[Problem], what: str, remedy: str, fatal: bool = False) -> None:
    problems.append({"what": what, "remedy": remedy, "fatal": fatal})


def _packages(problems: list[Problem]) -> list[dict[str, Any]]:
    """The distribution's requirements beside what is installed. A missing extra is no problem in itself."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(r) for r in requires("plumbline") or []]
    except PackageNotFoundError:
        _add(problems, "plumbline itself is not installed, only its source is found", "Run `pip install -e .` there.")
        return []
    rows = []
    for need in wanted:
        extra = _extra(need)
        if extra == "dev" or (need.marker and not need.marker.evaluate({"extra": extra})):
            continue
        try:
            installed = version(need.name)
        except PackageNotFoundError:
            installed = ""
        fits = bool(installed) and need.specifier.contains(installed, prereleases=True)
        rows.append(
            {"name": need.name, "wanted": str(need.specifier), "installed": installed, "extra": extra, "ok": fits}
        )
        target = f"plumbline[{extra}]" if extra else f"{need.name}{need.specifier}"
        if installed and not fits:
            _add(problems, f"{need.name} {installed} is not {need.specifier}", f"Run `pip install '{target}'`.")
        elif not installed and not extra:
            _add(problems, f"The package {need.name} is missing", f"Run `pip install '{target}'`.", fatal=True)
    return rows


def _extra(need: Any) -> str:
    """The extra that a requirement belongs to; "" for a base one."""
    import re

    found = re.search(r"extra\s*==\s*['\"]([^'\"]+)", str(need.marker or ""))
    return found.group(1) if found else ""


def _weights(settings: Settings, problems: list[Problem]) -> list[dict[str, Any]]:
    from dataclasses import asdict

    from core.models import status

    used = {settings.chat, settings.embedder, settings.reranker}
    models = status(settings, verify=True)
    for m in models:
        if m.state == "damaged":
            _add(
                problems,
                f"The weights of {m.name} are damaged: {m.problem}",
                f"Run `plumbline models install {m.name}`.",
            )
        elif m.state == "missing" and f"packaged:{m.name}" in used:
            _add(problems, f"The weights of {m.name} are not installed", "Run `plumbline models install`.")
    return [asdict(m) for m in models]


def _models(settings: Settings, problems: list[Problem]) -> list[dict[str, Any]]:
    from dataclasses import asdict

    from core.models.probe import probe

    told = [p["remedy"] for p in problems]
    probes = probe(settings)
    for p in probes:
        # Weights that are not there have been named already.
        if not p.answers and not (p.name.startswith("packaged:") and "models install" in p.remedy and told):
            _add(problems, f"The {p.job} does not work: {p.problem}", p.remedy)
    return [asdict(p) for p in probes]


def _data(settings: Settings, problems: list[Problem]) -> dict[str, Any]:
    """Where data lies and whether there is room. Makes nothing: the nearest folder that exists is asked."""
    import os
    import shutil

    home = settings.home.expanduser().absolute()
    near = next(p for p in (home, *home.parents) if p.exists())
    writable = near.is_dir() and os.access(near, os.W_OK | os.X_OK)
    free = shutil.disk_usage(near).free
    remedy = "Set PLUMBLINE_HOME to a folder with space and write permission."
    if not writable:
        _add(problems, f"The data folder {home} cannot be written", remedy, fatal=True)
    if free < LOW_SPACE:
        _add(
            problems,
            f"The disk of {home} has only {free / 1e6:.0f} MB free",
            "Free disk space, or " + remedy[0].lower() + remedy[1:],
        )
    return {
        "home": str(home),
        "exists": home.is_dir(),
        "writable": writable,
        "free_bytes": free,
        "models": str(settings.models_dir),
        "tenant": str(home / "tenants" / settings.tenant),
    }


def _catalog(settings: Settings, problems: list[Problem]) -> dict[str, Any]:
    """The tenant's collections, where a catalog exists; an absent one is not made."""
    from core.errors import PlumblineError

    state: dict[str, Any] = {"state": "none yet", "collections": []}
    if not (settings.home / "tenants" / settings.tenant / "catalog.db").is_file():
        return state
    try:
        from core.workspace import Workspace

        with Workspace.open(settings) as workspace:
            catalog = workspace.catalog
            version = _index_version(workspace)
            for name in catalog.collections():
                row = catalog.collection(name)
                pending = len(catalog.pending(name))
                state["collections"].append(
                    {
                        "name": name,
                        "vertical": row.vertical,
                        "sources": len(catalog.sources(name)),
                        "passages": catalog.count_passages(name),
                        "pending": pending,
                    }
                )
                if pending:
                    _add(
                        problems,
                        f"{pending} files of {name} are half ingested",
                        "Run the same `plumbline ingest` again.",
                    )
                if version and row.index_version != version:
                    _add(
                        problems,
                        f"Collection {name} was indexed with another embedder than {settings.embedder}",
                        f"Set the embedder back, or run `plumbline reindex -c {name}`.",
                    )
        state["state"] = "in order"
    except PlumblineError as error:
        state["state"] = "unreadable"
        _add(problems, error.what, error.remedy, fatal=True)
    except Exception as error:
        state["state"] = "unreadable"
        _add(problems, f"The catalog cannot be read: {error}", "Restore a backup of the data folder.", fatal=True)
    return state


def _index_version(workspace: Any) -> str:
    """The version that an index made now would have; "" where the embedder does not load (named elsewhere)."""
    from core.errors import PlumblineError
    from core.indexing.index import index_version

    try:
        return index_version(workspace)
    except PlumblineError:
        return ""
