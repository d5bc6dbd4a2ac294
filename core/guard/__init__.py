"""Keeps retrieved and uploaded text what it is: data. Finds text that addresses the assistant, and cleans what a
model read or wrote of everything that acts (chat control tokens, links, images, hidden characters).
"""

from core.guard.injection import instruction_spans, is_instruction, without_instructions
from core.guard.text import as_data, visible, without_active_content

__all__ = [
    "as_data",
    "instruction_spans",
    "is_instruction",
    "visible",
    "without_active_content",
    "without_instructions",
]
