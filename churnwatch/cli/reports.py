"""Longer answers: what training and backtests found, and the risk list with its numbers in context."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from churnwatch.cli import console
from churnwatch.cli.console import Language
from churnwatch.core.config import Config
from churnwatch.core.errors import ChurnwatchError
from churnwatch.core.types import Case, Client, Reason, Risk
from churnwatch.store import Store
from churnwatch.store.access import ApiKey

if TYPE_CHECKING:  # they load the model's libraries, which a list does not need
    from churnwatch.backtest import Report
    from churnwatch.model.metrics import Figure
    from churnwatch.training import Trained


def print_training(done: "Trained") -> None:
    """What there was, what it can therefore do, and how the candidates compared."""
    model = done.artifact.model
    console.out.print(
        f"{done.clients} clients · {done.months:.0f} months · {done.losses} lost clients · {done.rows:,} rows"
    )
    if done.note:
        console.out.print(done.note, style="yellow")
    if model.comparisons:
        console.out.print(
            f"Candidates on rows {model.validated_on}, calibrated on the other folds; the least log-loss serves:"
        )
        rows = [
            (
                ("→ " if one.name == model.name else "  ") + one.name,
                f"{one.log_loss:.4f}",
                f"{one.roc_auc:.3f}",
                f"{one.pr_auc:.3f}",
                f"{one.brier:.4f}",
            )
            for one in model.comparisons
        ]
        console.out.print(
            console.plain_table(("candidate", "log-loss", "ROC", "PR", "Brier"), rows, right=(1, 2, 3, 4))
        )
    claim = (
        "gives calibrated percentages" if model.claims_probability else "ranks and explains, but claims no percentage"
    )
    console.out.print(f"In service: {done.artifact.model_id} — {claim} for {model.horizon_days} days.")


def print_backtest(report: "Report", predictions: Path | None) -> None:
    """The table that a sceptic asks for."""
    console.out.print(
        f"{report.events:,} events · trained on {report.train_rows:,} rows ({report.train_losses} lost clients) · "
        f"{report.test_rows:,} test rows · split by {report.split}"
    )
    if report.purged_rows:
        console.out.print(
            f"{report.purged_rows} train rows dropped: their outcome was not complete before the test dates."
        )
    if report.split == "interleaved":
        console.out.print(
            "Test dates lie among the train dates: outcomes of other clients later than a test date have taught the model.",
            style="yellow",
        )
    if report.insufficient_rows:
        console.out.print(
            f"{report.insufficient_rows} test rows with too little data: given the base rate and flagged."
        )
    if report.problems:
        console.out.print(
            f"{len(report.problems)} event records not read; the first: {report.problems[0].place}: {report.problems[0].problem}"
        )
    if report.note:
        console.out.print(report.note, style="yellow")
    console.out.print(f"Model: {report.model}, base rate in training {report.base_rate:.3f}")
    if report.measured:
        rows = [
            (
                one.name,
                str(one.roc_auc),
                str(one.pr_auc),
                str(one.brier or "—"),
                _lead(one.roc_ahead),
                _lead(one.pr_ahead),
            )
            for one in report.measured
        ]
        titles = ("", "ROC-AUC", "PR-AUC", "Brier", "our lead, ROC", "our lead, PR")
        console.out.print(console.plain_table(titles, rows))
        console.out.print(
            "95 % intervals from 1,000 resamples of clients; leads are paired, bold where the interval excludes 0.",
            style="dim",
        )
    else:
        console.out.print("The test rows carry no outcome: nothing to measure.")
    if report.calibration is not None and report.test_base_rate is not None:
        one = report.calibration
        console.out.print(
            f"Calibration on test (base rate {report.test_base_rate:.3f}): slope {one.slope:.2f} · observed:expected "
            f"{one.observed_to_expected:.2f} · ECE {one.ece:.3f} · log-loss {one.log_loss:.4f}"
        )
    if predictions is not None:
        console.out.print(f"Wrote {len(report.predictions):,} predictions to {predictions}.")


def _lead(figure: "Figure | None") -> Text:
    if figure is None:
        return Text("")
    sure = figure.low > 0 or figure.high < 0
    return Text(f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]", style="bold" if sure else "dim")


def ranked(store: Store, manager: str | None) -> tuple[list[Risk], dict[str, Client], dict[str, str]]:
    """The latest risks by what is at stake, with the names that belong to them."""
    clients = {client.client_id: client for client in store.people.clients()}
    managers = {one.manager_id: one.name for one in store.people.managers()}
    wanted = None
    if manager is not None:
        found = [one for one in store.people.managers() if manager in (one.manager_id, one.name, one.email)]
        if not found:
            raise ChurnwatchError(
                f"No manager is called {manager!r}.", remedy="Use an id, a full name or an e-mail address."
            )
        wanted = {one.manager_id for one in found}
    latest = [
        risk
        for risk in store.scores.risks()
        if wanted is None or (risk.client_id in clients and clients[risk.client_id].manager_id in wanted)
    ]

    def urgency(risk: Risk) -> tuple[float, float, float, str]:
        lost = console.expected_loss(risk, clients.get(risk.client_id))
        return (-(lost or 0.0), -(risk.probability or 0.0), -(risk.band.rank if risk.band else -1), risk.client_id)

    return sorted(latest, key=urgency), clients, managers


def print_risks(config: Config, store: Store, limit: int, manager: str | None, language: Language) -> None:
    """The risk list."""
    latest, clients, managers = ranked(store, manager)
    if not latest:
        console.out.print("No scores yet. Run: churnwatch nightly")
        return
    first = latest[0]
    if language == "ru":
        title = f"Вероятность ухода за {first.horizon_days} дней на {first.as_of:%d.%m.%Y}, интервал 90 %"
    else:
        title = f"Probability of leaving within {first.horizon_days} days as of {first.as_of}, 90 % interval"
    if not any(risk.probability is not None for risk in latest):
        title = say_no_percentages(language)
    console.out.print(f"{config.firm.name} · {title}", style="bold")
    if config.firm.synthetic:
        console.out.print(console.say("synthetic", language), style="yellow")
    console.print_risk_list(latest[:limit], clients, managers, config.firm.currency, language)
    if len(latest) > limit:
        rest = len(latest) - limit
        console.out.print(f"… +{rest}: --limit {len(latest)}", style="dim")


def say_no_percentages(language: Language) -> str:
    """The title of a list ranked by the expert prior."""
    if language == "ru":
        return "Порядок и причины; процентов нет, пока модель не узнала о потерянных клиентах"
    return "Rank and reasons; no percentages until the model has learned from lost clients"


def risks_as_json(store: Store, limit: int, manager: str | None) -> list[dict[str, object]]:
    """The risk list for scripts."""
    latest, clients, _ = ranked(store, manager)
    return [
        risk_as_dict(risk)
        | {
            "name": clients[risk.client_id].name if risk.client_id in clients else None,
            "manager_id": clients[risk.client_id].manager_id if risk.client_id in clients else None,
            "expected_loss": console.expected_loss(risk, clients.get(risk.client_id)),
        }
        for risk in latest[:limit]
    ]


def risk_as_dict(risk: Risk) -> dict[str, object]:
    """One risk for scripts."""
    return {
        "client_id": risk.client_id,
        "as_of": risk.as_of,
        "horizon_days": risk.horizon_days,
        "model_id": risk.model_id,
        "probability": risk.probability,
        "low": risk.low,
        "high": risk.high,
        "band": str(risk.band) if risk.band else None,
        "insufficient": risk.insufficient,
        "frozen": {"since": risk.frozen.since, "why": str(risk.frozen.why)} if risk.frozen else None,
        "reasons": [_reason_as_dict(reason) for reason in risk.reasons],
    }


def case_as_dict(case: Case) -> dict[str, object]:
    """One case for scripts."""
    return {
        "case_id": case.case_id,
        "client_id": case.client_id,
        "manager_id": case.manager_id,
        "state": str(case.state),
        "opened_on": case.opened_on,
        "changed_at": case.changed_at,
        "version": case.version,
        "band": str(case.band),
        "probability": case.probability,
        "play": case.play,
        "reasons": [_reason_as_dict(reason) for reason in case.reasons],
    }


def _reason_as_dict(reason: Reason) -> dict[str, object]:
    return {
        "family": reason.family,
        "signal": reason.signal,
        "contribution": reason.contribution,
        "now": reason.now,
        "before": reason.before,
        "unit": reason.unit,
        "text": dict(reason.words),
        "event_ids": list(reason.event_ids),
    }


def scores_of(config: Config, store: Store, client_ids: list[str], events: Path | None, as_of: date) -> list[Risk]:
    """Fresh scores of some or all clients, from the store or from an events table; nothing is kept."""
    from churnwatch import nightly, scoring
    from churnwatch.core.table import EventTable
    from churnwatch.knowledge import Known, known_at
    from churnwatch.sources.events_table import read_frame

    artifact = nightly.model_in_service(config)
    if events is not None:
        frame, problems = read_frame(events)
        for problem in problems[:5]:
            console.complain(f"{problem.place}: {problem.problem}")
        table = EventTable.from_frame(scoring.with_readings(frame, config.firm.zone, scoring.reader_of(config)))
        known = Known(table, client_ids=table.clients)
    else:
        known = known_at(config, store, as_of)
    if unknown := sorted(set(client_ids) - set(known.client_ids)):
        raise ChurnwatchError(
            f"There is no client {unknown[0]!r} to score.", remedy="`churnwatch risks --json` lists the ids."
        )
    wanted = client_ids or known.client_ids
    return scoring.score(artifact, known.table, wanted, as_of, config.firm.calendar, frozen=known.frozen)


def print_scores(config: Config, store: Store, found: list[Risk], language: Language) -> None:
    """Fresh scores, the riskiest first."""
    clients = {client.client_id: client for client in store.people.clients()}
    managers = {one.manager_id: one.name for one in store.people.managers()}
    ordered = sorted(
        found, key=lambda risk: (-(risk.probability or 0.0), -(risk.band.rank if risk.band else -1), risk.client_id)
    )
    console.print_risk_list(ordered, clients, managers, config.firm.currency, language)


def print_keys(keys: list[ApiKey]) -> None:
    """API keys by prefix; the secret itself is never kept."""
    if not keys:
        console.out.print("No API keys. Create one: churnwatch keys create --label crm --scopes read,score")
        return
    rows = [
        (
            key.prefix,
            key.label,
            ",".join(key.scopes),
            key.created.date(),
            "revoked" if key.revoked else key.last_used.date() if key.last_used else "never",
        )
        for key in keys
    ]
    console.out.print(console.plain_table(("prefix", "label", "scopes", "created", "last used"), rows))


def key_as_dict(key: ApiKey) -> dict[str, object]:
    """One API key for scripts; its secret is not among what is kept."""
    return {
        "prefix": key.prefix,
        "label": key.label,
        "scopes": list(key.scopes),
        "created": key.created,
        "last_used": key.last_used,
        "revoked": key.revoked,
    }
