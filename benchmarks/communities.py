"""Backtests on two public communities: a person is a client, its messages are `in`, answers of others to it are `out`.

    python -m benchmarks.communities            # both; prints the table of `churnwatch backtest`
    python -m benchmarks.communities mail --folder OUT   # keeps the events, cohort and predictions

These people are not paying clients: the sets prove ingestion, baselines, calibration and the absence of leaks, no more. They
lie beside the checkout (shared/data) and are not part of the project.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "communication"
HORIZON_DAYS = 180  # the snapshots' label: silent for the next 180 days
_ANSWER_WINDOW_S = 2 * 86_400  # a later message in a chat topic counts as an answer for this long


def mail_events(*, with_text: bool = False) -> pd.DataFrame:
    """The mailing list: an answer is a mail whose parent the person wrote. Of a text the set keeps 1,500 characters."""
    columns = ["ts", "person", "msgid", "parent", *(["own_text"] if with_text else [])]
    mails = pd.read_parquet(DATA / "mail_linux_mips.parquet", columns=columns).drop_duplicates("msgid")
    author = mails.set_index("msgid")["person"]
    inbound = pd.DataFrame(
        {
            "event_id": mails["msgid"],
            "client_id": mails["person"],
            "direction": "in",
            "at": mails["ts"],
            "reply_to": mails["parent"],
            **({"text": mails["own_text"]} if with_text else {}),
        }
    )
    answered = mails["parent"].map(author)
    answers = mails[answered.notna() & (answered != mails["person"])]
    outbound = inbound.loc[answers.index].assign(client_id=answered[answers.index], direction="out")
    return _finished(pd.concat([inbound, outbound]), "email")


def chat_events(*, with_text: bool = False) -> pd.DataFrame:
    """The team chat: the next message of somebody else in the same topic, within two days, is an answer.

    The set keeps 240 characters of a text, and none of a third of them (only four streams have texts).
    """
    columns = ["id", "ts", "person", "stream", "topic", *(["text"] if with_text else [])]
    chat = pd.read_parquet(DATA / "chat_lean_zulip.parquet", columns=columns)
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
            **({"text": chat["text"].mask(chat["text"] == "")} if with_text else {}),
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


# name: (events, snapshots, last as-of that may teach)
SETS = {
    "mail": (mail_events, "mail_linux_mips", "2008-12-31"),
    "chat": (chat_events, "chat_lean_zulip", "2021-12-31"),
}


def backtest(name: str, folder: Path) -> int:
    """Write a community's tables into `folder` and run the command on them as anyone would."""
    events, snapshots, train_to = SETS[name]
    paths = {part: folder / f"{name}_{part}.parquet" for part in ("events", "cohort", "predictions")}
    events().to_parquet(paths["events"])
    cohort(snapshots, train_to).to_parquet(paths["cohort"])
    command = [sys.executable, "-m", "churnwatch", "backtest", "--horizon", str(HORIZON_DAYS)]
    return subprocess.run([*command, *(f"--{part}={path}" for part, path in paths.items())], check=False).returncode


def main() -> int:
    """Run one community or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*SETS, []], help="mail, chat; default: both")
    parser.add_argument("--folder", type=Path, help="keep the tables here")
    chosen = parser.parse_args()
    if not DATA.exists():
        print(f"The public communities are not there ({DATA}).")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name in chosen.names or SETS:
            print(f"== {name}: people of a public community, silent for the next {HORIZON_DAYS} days ==", flush=True)
            if code := backtest(name, folder):
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
