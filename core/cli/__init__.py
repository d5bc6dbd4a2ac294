"""`plumbline …`: thin, one file a verb. Verbs of a vertical appear beside the core's, found by entry point."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line. Errors meant for the user go to standard error without a traceback."""
    from core.errors import PlumblineError

    try:
        from core.cli.tree import build

        build()()
    except PlumblineError as error:
        print(f"plumbline: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("plumbline: interrupted; what was finished is kept.", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has gone (`plumbline … | head`): nothing to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
