"""Words of a source or a model on a page: shown as written, never as markup, a link or a formula."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def literal(text: str) -> str:
    """`text` for `st.markdown`, every character that Markdown, HTML, LaTeX or emoji codes would take escaped."""
    return SPECIAL.sub(r"\\\1", text).replace("\n", "  \n")
