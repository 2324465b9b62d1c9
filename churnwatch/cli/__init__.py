"""The command line: one command per verb. Only here and in the API is the clock read.

Exit codes: 0 all well · 1 failed · 2 wrong configuration or usage · 3 finished, but something needs a look.
"""

import os
import sys

# One thread per process: the matrices are small, and thread pools only get in each other's way (see benchmarks/).
os.environ.setdefault("OMP_NUM_THREADS", "1")


def main() -> None:
    """Run the command line; an expected error is printed with its remedy, without a traceback."""
    from churnwatch.cli import commands, console, desk, retone, signals, snapshot, tone, train_tone  # noqa: F401 - all but console put their verbs into the app
    from churnwatch.cli.options import app
    from churnwatch.core.errors import ChurnwatchError, ConfigError

    try:
        app()
    except ConfigError as error:
        console.complain(error.message, error.remedy)
        sys.exit(2)
    except ChurnwatchError as error:
        console.complain(error.message, error.remedy)
        sys.exit(1)
    except KeyboardInterrupt:
        console.complain("Stopped.", "Nothing is lost: run the same command again.")
        sys.exit(130)
