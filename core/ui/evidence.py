"""A citation opened: the page of the source with the quoted words marked, or the words in their context."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import PlumblineError
from core.evidence import Box, Source
from core.ui.session import workspace

if TYPE_CHECKING:
    from PIL.Image import Image

SCALE = 2.0
AROUND = 45
"""Points of the page shown above and below the marked words."""
MARK = (255, 214, 10, 96)


def marked_page(path: Path, page: int, quote: str, box: Box | None = None) -> tuple[Image, Image | None]:
    """The page's picture with `quote` marked where it stands (else `box`), and the strip of it around the mark (None
    where nothing could be marked).

    Raises UnreadableFile for a page that the file does not have.
    """
    from PIL import Image as pillow
    from PIL import ImageDraw

    from core.reading import locate, page_image

    picture = page_image(path, page, SCALE).convert("RGBA")
    boxes = locate(path, page, quote) or ([box] if box else [])
    layer = pillow.new("RGBA", picture.size)
    draw = ImageDraw.Draw(layer)
    for x0, top, x1, bottom in boxes:
        draw.rectangle(
            [SCALE * x0 - 3, SCALE * top - 2, SCALE * x1 + 3, SCALE * bottom + 2], fill=MARK, outline=(180, 120, 0, 255)
        )
    marked = pillow.alpha_composite(picture, layer).convert("RGB")
    if not boxes:
        return marked, None
    top = max(0, int(SCALE * (min(b[1] for b in boxes) - AROUND)))
    bottom = min(marked.height, int(SCALE * (max(b[3] for b in boxes) + AROUND)))
    return marked, marked.crop((0, top, marked.width, bottom))


@st.dialog("Source", width="large")
def open_citation(collection: str, citation: dict[str, Any]) -> None:
    """A dialog that shows where a citation stands."""
    show_evidence(collection, citation)


def show_evidence(collection: str, citation: dict[str, Any]) -> None:
    """The evidence of a citation: page picture where the source has pages, else the passage around the quote."""
    source = workspace().catalog.source(collection, citation["source_id"])
    if source is None:
        st.warning("This source has been removed since the answer was given. The quote was:")
        st.text(citation["quote"])
        return
    page = citation["locator"].get("page")
    st.markdown(f"**{_name(source)}**" + (f", page {page} of {source.pages}" if page else ""))
    st.text(citation["quote"])
    if page:
        try:
            box = citation["locator"].get("box")
            picture, strip = marked_page(workspace().file(source), page, citation["quote"], tuple(box) if box else None)
        except PlumblineError as error:
            st.error(str(error))
            return
        if strip is None:
            st.caption("The cited words could not be marked on the page.")
        else:
            words = f"Page {page}, the cited words marked"
            st.image(strip, width="stretch", caption=words, alt=f"{words}, {source.name}")
        st.image(picture, width="stretch", caption=f"Page {page}, whole", alt=f"Page {page} of {source.name}")
    elif citation.get("passage_id"):
        for passage in workspace().catalog.passages(collection, [citation["passage_id"]]):
            st.caption(" › ".join(passage.heading_path))
            st.text(passage.text)
    with workspace().file(source).open("rb") as file:
        st.download_button("Download this source", file.read(), file_name=source.name, on_click="ignore")


def _name(source: Source) -> str:
    from core.ui.escape import literal

    return literal(source.label)
