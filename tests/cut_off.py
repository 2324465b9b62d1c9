"""What a firm would have that stopped reading at an as-of: the slow and sure way to see nothing of the future."""

from dataclasses import replace

import pandas as pd

from churnwatch.core.roster import Roster


def frame_before(frame: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Interchange rows without those known later, and with later payments not entered."""
    seen = frame[frame["known_at"] < instant(as_of)].copy()
    today = instant(as_of).round("D")  # dates come as midnights in UTC, the as-of is the firm's
    later = (seen["paid_on"] >= today) | (seen["paid_known_at"] >= instant(as_of))
    seen["paid_on"] = seen["paid_on"].mask(later)
    return seen


def roster_before(roster: Roster, as_of: int) -> Roster:
    """The roster without managers' changes at the as-of and later."""
    told = {client: tuple(at for at in changes if at < as_of) for client, changes in roster.manager_changes.items()}
    return replace(roster, manager_changes=told)


def instant(micros: int) -> pd.Timestamp:
    """UTC microseconds as pandas has them."""
    return pd.Timestamp(micros * 1000, tz="UTC")
