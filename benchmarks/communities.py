"""Turn the two public communities into the interchange format: a person is a client, answers of others to it are ours.

These people are not paying clients: the sets prove ingestion, baselines, calibration and the absence of leaks, no more.
"""

from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "communication"
HORIZON_DAYS = 180  # the snapshots' label: silent for the next 180 days
_ANSWER_WINDOW_S = 2 * 86_400  # a later message in a chat topic counts as an answer for this long


def mail_events() -> pd.DataFrame:
    """The mailing list: an answer is a mail whose parent the person wrote."""
    mails = pd.read_parquet(
        DATA / "mail_linux_mips.parquet", columns=["ts", "person", "msgid", "parent", "own_len", "subject"]
    ).drop_duplicates("msgid")
    author = mails.set_index("msgid")["person"]
    inbound = pd.DataFrame(
        {
            "event_id": mails["msgid"],
            "client_id": mails["person"],
            "direction": "in",
            "at": mails["ts"],
            "reply_to": mails["parent"],
        }
    )
    answered = mails["parent"].map(author)
    answers = mails[answered.notna() & (answered != mails["person"])]
    outbound = pd.DataFrame(
        {
            "event_id": answers["msgid"],
            "client_id": answered[answers.index],
            "direction": "out",
            "at": answers["ts"],
            "reply_to": answers["parent"],
        }
    )
    return _finished(pd.concat([inbound, outbound]), "email")


def chat_events() -> pd.DataFrame:
    """The team chat: the next message of somebody else in the same topic, within two days, is an answer."""
    chat = pd.read_parquet(DATA / "chat_lean_zulip.parquet", columns=["id", "ts", "person", "stream", "topic"])
    chat = chat.sort_values(["stream", "topic", "ts", "id"], ignore_index=True)
    thread = chat["stream"] + "/" + chat["topic"]
    event_id = "z" + chat["id"].astype(str)
    previous_same = (thread == thread.shift()).to_numpy()
    earlier_person = chat["person"].shift()
    is_answer = (
        previous_same & (earlier_person != chat["person"]) & (chat["ts"] - chat["ts"].shift() <= _ANSWER_WINDOW_S)
    )
    inbound = pd.DataFrame(
        {
            "event_id": event_id,
            "client_id": chat["person"],
            "direction": "in",
            "at": chat["ts"],
            "thread_id": thread,
            "reply_to": np.where(is_answer, event_id.shift(), None),
        }
    )
    answers = inbound[is_answer].assign(direction="out", client_id=earlier_person[is_answer])
    return _finished(pd.concat([inbound, answers]), "chat")


def cohort(name: str, train_to: str) -> pd.DataFrame:
    """The published snapshots as a cohort file: rows up to `train_to` train, later ones test."""
    snapshots = pd.read_parquet(DATA / f"{name}.snapshots.parquet")
    as_of = pd.to_datetime(snapshots["snap"], unit="s", utc=True)
    train = as_of <= pd.Timestamp(train_to, tz="UTC")
    return pd.DataFrame(
        {
            "client_id": snapshots["pid"],
            "as_of": as_of,
            "churned": snapshots["y"],
            "split": np.where(train, "train", "test"),
        }
    )


def _finished(events: pd.DataFrame, channel: str) -> pd.DataFrame:
    events = events.assign(kind="message", channel=channel, at=events["at"].astype("int64"))
    return events.sort_values(["client_id", "at", "event_id"], ignore_index=True)
