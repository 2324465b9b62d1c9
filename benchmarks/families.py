"""What each family of signals adds to plain RFM on the two public communities, and what is lost without it.

    python -m benchmarks.families                      # both; learns on the train part, judges on the test part
    python -m benchmarks.families mail --train-only    # judges on later dates of the train part: for work in progress
    python -m benchmarks.families chat --without-text  # as if only who wrote when were known
    python -m benchmarks.families --json               # for scripts

Every line is the same learner on other columns (`benchmarks.ablation`); the rows that teach and the rows that judge are those of
`churnwatch backtest`, less the few of which nothing is said. "rfm" is recency, counts and tenure (`model.candidates.RFM`);
"activity" is what that family holds beyond them.

    columns   signals of the family
    known     share of their values that are known on the judged rows
    ROC, PR   area under the curve; log-loss in nats a row
    lead      first minus second, turned so that more is better (log-loss: nats saved), 95 % interval over resamples of clients

The last lines say what a family adds to RFM by its lead in log-loss, the one of the three that sees ranks and probabilities
both: "adds" or "harms" where the interval excludes 0. Were all ten families idle, one run in five would still find one that
"adds". "Too few messages" is a missing value and so a flag, and tells of activity: a family may lead by its flags alone.
These people are not paying clients: what adds nothing here may add elsewhere, and the other way round.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from benchmarks import communities
from benchmarks.ablation import BASE, Ablated, Ablation, Figures, ablate
from churnwatch import scoring
from churnwatch.backtest import without_future
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.table import EventTable
from churnwatch.model.candidates import RFM
from churnwatch.model.dataset import Fold, TrainingSet, folds

_ROUNDS = 1000
_SEED = 1


def families() -> dict[str, list[str]]:
    """RFM first, then every family of the catalogue in its order, without what RFM holds."""
    found: dict[str, list[str]] = {BASE: list(RFM)}
    for name, family in zip(scoring.SIGNAL_NAMES, scoring.FAMILIES, strict=True):
        if name not in RFM:
            found.setdefault(family, []).append(name)
    return found


def events(name: str, *, with_text: bool) -> EventTable:
    """A community's events, with what the tone reader finds in the texts; the texts themselves are dropped."""
    load, _, _ = communities.SETS[name]
    frame = load(with_text=with_text)
    return EventTable.from_frame(
        scoring.with_readings(frame.assign(at=pd.to_datetime(frame["at"], unit="s", utc=True)))
    )


def measure(table: EventTable, cohort: pd.DataFrame) -> tuple[TrainingSet, Fold]:
    """Every signal of the rows of which something can be said, and which of them teach and which judge, as in a backtest."""
    as_of = cohort["as_of"].dt.as_unit("us").astype("int64").to_numpy()
    index = scoring.index_of(table, list(cohort["client_id"]), as_of)
    measured = scoring.snapshots(table, index, BusinessCalendar(always_open=True))
    able = np.array([why is None for why in scoring.insufficient(measured)])
    data = TrainingSet(
        x=measured.values.to_numpy(),
        y=cohort["churned"].to_numpy(dtype=np.int64),
        client=pd.factorize(cohort["client_id"])[0].astype(np.int64),
        as_of=as_of,
        names=scoring.SIGNAL_NAMES,
        horizon_days=communities.HORIZON_DAYS,
    ).rows(np.flatnonzero(able))
    is_test = (cohort["split"] == "test").to_numpy()[able]
    test = np.flatnonzero(is_test)
    return data, Fold(without_future(data, np.flatnonzero(~is_test), test)[0], test)


def report(found: Ablation) -> str:
    """The tables for people."""
    last = " in the last fold" if found.folds > 1 else ""
    lines = [
        f"learnt on {found.train_rows:,} rows{last}, judged on {found.judged_rows:,} ({found.judged_losses:,} fell silent)",
        _line("", "", ("ROC", "PR", "log-loss")),
        _line("RFM alone", "", _shown(found.rfm)),
        _line("all families", "", _shown(found.everything)),
        _line("lead of all over RFM", "", _shown(found.all_over_rfm, sign="+")),
    ]
    tables: dict[str, Callable[[Ablated], Figures | None]] = {
        "RFM and a family: lead over RFM": lambda family: family.over_rfm,
        "all families: lead over all but this one": lambda family: family.in_all,
        "a family alone": lambda family: family.alone,
    }
    for title, part in tables.items():
        lines += ["", title, _line("", "columns, known", ("ROC", "PR", "log-loss"))]
        for family in found.families:
            if (figures := part(family)) is not None:
                sign = "" if figures is family.alone else "+"
                lines.append(_line(family.name, f"{family.columns}, {family.known:.0%}", _shown(figures, sign)))
    lines += ["", *(f"{family.name}: {family.verdict}" for family in found.families)]
    lines += [f"{name}: nothing of it is known here" for name in found.unmeasured]
    return "\n".join(lines)


def _line(name: str, size: str, cells: Sequence[str]) -> str:
    return f"{name:<21}{size:>15}  " + "  ".join(f"{cell:<25}" for cell in cells).rstrip()


def _shown(figures: Figures, sign: str = "") -> list[str]:
    parts = ((figures.roc_auc, 3), (figures.pr_auc, 3), (figures.log_loss, 4))
    return [f"{f.value:{sign}.{n}f} [{f.low:{sign}.{n}f}, {f.high:{sign}.{n}f}]" for f, n in parts]


def as_json(found: Ablation) -> dict[str, object]:
    """The same for scripts; a figure as value, low, high."""
    return asdict(found) | {"verdicts": {family.name: family.verdict for family in found.families}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one community or both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*communities.SETS, []], help="mail, chat; default: both")
    parser.add_argument(
        "--train-only", action="store_true", help="leave the test part alone: judge inside the train part"
    )
    parser.add_argument("--without-text", action="store_true", help="leave the texts unread")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    if not communities.DATA.exists():
        print(f"The public communities are not there ({communities.DATA}).")
        return 1
    answers = {}
    for name in chosen.names or communities.SETS:
        _, snapshots, train_to = communities.SETS[name]
        table = events(name, with_text=not chosen.without_text)
        data, split = measure(table, communities.cohort(snapshots, train_to))
        cut = [split]
        if chosen.train_only:
            data = data.rows(split.train)
            cut, _ = folds(data)
        found = ablate(data, families(), cut, _ROUNDS, _SEED, lambda what: print(f"  {what}", file=sys.stderr))
        if chosen.json:
            answers[name] = as_json(found)
        else:
            print(
                f"== {name}{', inside the train part' if chosen.train_only else ''} ==\n{report(found)}\n", flush=True
            )
    if chosen.json:
        print(json.dumps(answers, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
