"""The facts behind the panel as pandas frames, derived once from the file: messages, waits, fates of meetings.

It keeps to what pandas 2 knows as well, for the peer that cannot run on a newer one.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.engine.subset import SHORT_ACK

_READ = ["client_id", "kind", "direction", "at", "thread_id", "words", "cues", "starts_at", "status"]
_NEVER = pd.Timestamp("2200-01-01")


def read_events(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Messages and revisions of meetings by client, then time, as the file has them; and the number of clients."""
    events = pd.read_parquet(path, columns=_READ)
    clients = events["client_id"].cat.remove_unused_categories()
    in_order = clients.cat.categories.sort_values()
    events["client"] = clients.cat.set_categories(in_order).cat.codes.astype(np.int64)
    events["thread"] = events["thread_id"].cat.codes
    events["at"] = events["at"].dt.tz_localize(None)
    events["starts_at"] = events["starts_at"].dt.tz_localize(None)
    events["inbound"] = events["direction"] == "in"
    talk = events.loc[events["kind"] == "message", ["client", "thread", "at", "inbound", "words", "cues"]]
    revisions = events.loc[events["kind"] == "meeting", ["client", "thread", "at", "inbound", "status", "starts_at"]]
    return talk, revisions, len(in_order)


def client_letters(talk: pd.DataFrame) -> pd.DataFrame:
    """Client messages by time, with their log length."""
    letters = talk.loc[talk["inbound"], ["client", "at", "words", "cues"]].sort_values("at", ignore_index=True)
    letters["value"] = np.log1p(letters["words"])
    letters["short"] = (letters["cues"].astype(np.int64) & SHORT_ACK) != 0
    return letters[["client", "at", "value", "short"]]


def both_waits(talk: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Waits of log2(1 + hours) booked at the answer, by time: answers of the client, and ours."""
    talk = talk[["client", "thread", "at", "inbound"]].sort_values("thread", kind="stable")
    new_thread = talk["thread"] != talk["thread"].shift()
    turns = talk[new_thread | (talk["inbound"] != talk["inbound"].shift())]
    answers = turns["thread"] == turns["thread"].shift()
    hours = (turns["at"] - turns["at"].shift())[answers] / pd.Timedelta(hours=1)
    waits = turns.loc[answers, ["client", "at", "inbound"]].assign(value=np.log2(1 + hours)).sort_values("at")
    return waits[waits["inbound"]], waits[~waits["inbound"]]


def meeting_fates(revisions: pd.DataFrame) -> pd.DataFrame:
    """Revisions that settle a meeting while they are its last: known from `at` to `until`, booked at `fate_at`."""
    revisions = revisions.sort_values("thread", kind="stable")
    until = revisions["at"].shift(-1).where(revisions["thread"] == revisions["thread"].shift(-1))
    refused = revisions["status"].isin(["declined", "cancelled"])
    fates = pd.DataFrame(
        {
            "client": revisions["client"],
            "at": revisions["at"],
            "until": until.fillna(_NEVER),
            "fate_at": revisions["at"].where(refused, revisions["starts_at"]),
            "avoided": refused,
        }
    )
    return fates[~refused | revisions["inbound"]]
