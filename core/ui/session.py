"""What one browser session holds: its workspace, its questions and answers. Nothing is shared between sessions but
the weights of the models, which hold no tenant's data.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.indexing import IngestReport, ingest
from core.vertical import Vertical
from core.workspace import Workspace

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def workspace() -> Workspace:
    """The session's own workspace on the tenant of the settings."""
    if "workspace" not in st.session_state:
        st.session_state["workspace"] = Workspace.open()
    opened: Workspace = st.session_state["workspace"]
    return opened


def history(collection: str) -> list[dict[str, Any]]:
    """Answers given in this session for a collection, oldest first, as JSON types."""
    kept: dict[str, list[dict[str, Any]]] = st.session_state.setdefault("history", {})
    return kept.setdefault(collection, [])


def take_uploads(files: list[UploadedFile], vertical: Vertical, collection: str) -> IngestReport:
    """Ingests uploaded files with a progress bar; a file keeps its name, its folder is gone afterwards."""
    bar = st.progress(0.0, text="Reading…")
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for file in files:
            path = Path(folder) / plain_name(file.name)
            path.write_bytes(file.getbuffer())
            paths.append(path)

        def show(name: str, done: int, total: int) -> None:
            bar.progress(done / max(total, 1), text=f"Read {name} ({done / 1e6:.1f} of {total / 1e6:.1f} MB)")

        report = ingest(workspace(), paths, vertical, collection, show)
    bar.empty()
    return report


def plain_name(name: str) -> str:
    """An uploaded file's name without folders or characters that mean something to a file system."""
    return re.sub(r"[^\w.()+, -]", "_", Path(name.replace("\\", "/")).name).lstrip(".") or "upload"
