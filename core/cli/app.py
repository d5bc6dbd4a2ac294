"""`plumbline app`: the Streamlit front ends."""

from __future__ import annotations

from typing import Annotated

import typer


def app(
    name: Annotated[str, typer.Argument(help="finance, healthcare, education, … (those that have a page).")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine only by default.")] = "127.0.0.1",
) -> None:
    """Open a vertical's page in the browser. Stop it with Ctrl-C."""
    import subprocess
    import sys
    from importlib.util import find_spec

    from core.errors import MissingExtra, UsageError
    from core.vertical import vertical, verticals

    page = vertical(name).page()
    if page is None:
        having = [v.name for v in verticals().values() if v.page()]
        raise UsageError(f"{name} has no page", f"Pages: {', '.join(having) or 'none'}.")
    if find_spec("streamlit") is None:
        raise MissingExtra("Streamlit is not installed", "Install it: pip install 'plumbline[app]'.")
    options = {
        "server.port": port,
        "server.address": host,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "server.maxUploadSize": 500,
    }
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += [part for key, value in options.items() for part in (f"--{key}", str(value))]
    raise typer.Exit(subprocess.run(command, check=False).returncode)
