"""`plumbline …`: thin, one file a verb. Verbs of a vertical appear beside the core's, found by entry point."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line. What goes wrong is told on standard error, never as a traceback (PLUMBLINE_DEBUG=1
    shows it)."""
    from core.errors import PlumblineError

    try:
        from core.cli.tree import build

        build()()
    except PlumblineError as error:
        _stop(str(error), error.exit_code)
    except KeyboardInterrupt:
        _stop("interrupted; what was finished is kept.", 1)
    except BrokenPipeError:
        # The reader of our output has gone (`plumbline … | head`): nothing to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("PLUMBLINE_DEBUG"):
            raise
        _stop(*_unforeseen(error))


def _unforeseen(error: Exception) -> tuple[str, int]:
    """The message and exit code for an error that no verb foresaw."""
    from tomllib import TOMLDecodeError

    if isinstance(error, TOMLDecodeError):
        return f"plumbline.toml is not valid TOML: {error}. Mend the file.", 2
    if type(error).__name__ == "ValidationError" and getattr(error, "title", "") == "Settings":
        from core.settings import wrong_settings

        return "; ".join(wrong_settings(error)) + ". Mend it in the environment or plumbline.toml.", 2  # type: ignore[arg-type]
    what = f"{type(error).__name__}: {error}"
    return f"unexpected {what}. Please report it, with the traceback that PLUMBLINE_DEBUG=1 shows.", 1


def _stop(message: str, code: int) -> None:
    print(f"plumbline: {message}", file=sys.stderr)
    sys.exit(code)
