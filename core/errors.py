"""One error type per kind of remedy. Every message names the input and says what to do about it."""

from __future__ import annotations


class PlumblineError(Exception):
    """Base of all errors meant for the user; printed without a traceback, exit code 1."""

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}. {remedy}" if remedy else what)


class UsageError(PlumblineError):
    """The call is wrong (unknown name, missing argument): call again, corrected; exit code 2."""

    exit_code = 2


class UnreadableFile(PlumblineError):
    """A file cannot be read (encrypted, empty, no text layer, truncated, mislabelled): mend the file."""


class ModelUnavailable(PlumblineError):
    """A model's weights or endpoint are not there: install, or change the setting."""


class MissingExtra(ModelUnavailable):
    """An optional package is not installed: install the extra it belongs to."""


class StorageError(PlumblineError):
    """The catalog or a derived index cannot be read or written (disk full, corrupt, newer schema)."""


class Busy(PlumblineError):
    """Another process writes to this home: wait for it, or stop it."""
