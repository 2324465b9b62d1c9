"""The arithmetic of sliding windows over booked facts, twice: in numpy for anyone, compiled for millions of rows.

Both give the same numbers. Compiling takes a while the first time, so it is only thought of where numpy would take longer.
"""

from types import ModuleType

from churnwatch.features.kernel import plain

COMPILED_FROM = (
    600_000  # event rows plus four times the snapshots; numpy needs longer than compiling from about there on
)


def choose(rows: int, snapshots: int) -> ModuleType:
    """The kernel for a job of this size: compiled where it pays and numba is installed (the extra `fast`)."""
    if rows + 4 * snapshots < COMPILED_FROM:
        return plain
    try:
        from churnwatch.features.kernel import compiled
    except ImportError:
        return plain
    return compiled
