"""Plumbline's shared core: from a file to evidence, from a question to a verified, cited answer.

Importing this package loads no model library; torch, chromadb and transformers load where they are used.
"""

__version__ = "0.1.0"
