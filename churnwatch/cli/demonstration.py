"""`churnwatch demo`: the synthetic agency, through the same doors as a user's own files."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import which
from time import perf_counter

from churnwatch import demo, ingestion, nightly, training
from churnwatch.cli import console, reports
from churnwatch.cli.console import Language
from churnwatch.core.config import load
from churnwatch.store import Store

_SHOWN = 15


def demonstrate(
    folder: Path, clients: int, *, build_only: bool, language: Language, clock: Callable[[], datetime]
) -> None:
    """Build the firm, ingest, train, run the night as of its last day, and show what a director would see."""
    started = perf_counter()
    with console.progress(quiet=False) as tell:
        firm = demo.build(folder, clients=clients, progress=lambda stage, share: tell(f"writing {stage}", share))
    made = "Built" if firm.built else "Found"
    console.out.print(
        f"{made} the synthetic agency in {firm.folder}: {firm.clients} clients, {firm.mails:,} mails, {firm.meetings:,} "
        f"calendar entries, {firm.calls:,} calls, {firm.invoices:,} invoices; {firm.left} clients left.",
        soft_wrap=True,
    )
    if build_only:
        return
    config = load(firm.config)
    with Store.open(config.store_url) as store:
        with console.progress(quiet=False) as tell:
            ingested = ingestion.ingest(config, store, clock(), lambda detail: tell("ingest", detail))
            trained = training.train(config, store, firm.as_of, clock(), tell)
            night = nightly.run(config, store, firm.as_of, clock, tell)
        console.out.print("Ingested: " + " · ".join(f"{name} {n:,}" for name, n in ingested.counts.items()))
        console.out.print()
        reports.print_training(trained)
        console.out.print()
        reports.print_risks(config, store, _SHOWN, None, language)
        console.out.print()
        opened = store.cases.open_cases()
        stage = {done.stage: done.counts for done in night.stages}
        outbox = config.path(config.delivery.folder or "outbox")
        console.out.print(
            f"{len(opened)} open alerts ({stage['decide'].get('opened', 0)} new); notices are in {outbox}"
        )
    console.out.print("Every name, number and figure above is synthetic.", style="yellow")
    console.out.print(f"Done in {perf_counter() - started:.0f} s. Open the page:")
    program = "churnwatch" if which("churnwatch") else sys.argv[0]
    console.out.print(f"  {program} serve --config {firm.config}", style="bold", soft_wrap=True)
