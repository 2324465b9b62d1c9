"""THE STRAIGHT LINE: ingest -> snapshot -> score -> decide -> deliver.

Each stage reads the tables before it and writes its own, idempotent by key: a night that was killed anywhere and is started
again ends as if nothing had happened.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import TypeVar

from churnwatch import ingestion, rereading, scoring
from churnwatch.alerts import delivery, policy
from churnwatch.alerts.channels import open_channels
from churnwatch.alerts.notice import compose
from churnwatch.alerts.playbook import Situation, choose
from churnwatch.alerts.quotes import pick
from churnwatch.core.config import Config, Language
from churnwatch.core.errors import ArtifactError
from churnwatch.core.types import Case, Client, Contact, Cue, Kind, Manager, Message, Notice, Quote, Risk
from churnwatch.features import Snapshots
from churnwatch.features.freeze import of_clients
from churnwatch.knowledge import Known, known_at
from churnwatch.model import artifact as artifacts
from churnwatch.model.artifact import Artifact
from churnwatch.model.estimator import first_day
from churnwatch.model.tone import Reader
from churnwatch.store import Store

CALIBRATION_RESTS = (
    "the firm's own calibration was learned on another model and is not used. "
    "Run: churnwatch train-tone, or churnwatch train-tone --reset."
)
_EVIDENCE_DAYS = 56
_BUDGET_DAYS = 7
_MOST_READ_AGAIN = 300_000  # messages a night, some minutes
Progress = Callable[[str, str], None]  # stage, what it is at
Clock = Callable[[], datetime]
Product = TypeVar("Product")


@dataclass(frozen=True, slots=True)
class StageReport:
    """One finished stage: what it counted, how long it took, and what went wrong without stopping the night."""

    stage: str
    counts: dict[str, int]
    seconds: float
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """A finished night."""

    as_of: date
    stages: tuple[StageReport, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that went wrong, in order."""
        return tuple(problem for stage in self.stages for problem in stage.problems)


def run(config: Config, store: Store, as_of: date, clock: Clock, progress: Progress | None = None) -> Night:
    """One night as of `as_of`; see the module's docstring."""
    tell = progress or (lambda _stage, _detail: None)
    stages: list[StageReport] = []

    def finished(name: str, stage: Callable[[], tuple[Counted, Product]]) -> Product:
        tell(name, "")
        started = perf_counter()
        counted, product = stage()
        stages.append(StageReport(name, counted.counts, perf_counter() - started, counted.problems))
        store.runs.put(as_of, name, counted.counts, stages[-1].seconds, clock())
        return product

    finished("ingest", lambda: ingest(config, store, clock(), tell))
    taken = finished("snapshot", lambda: snapshot(config, store, as_of))
    risks = finished("score", lambda: score(config, store, model_in_service(config), as_of, taken))
    finished("decide", lambda: decide(config, store, risks, as_of, clock()))
    finished("deliver", lambda: deliver(config, store, clock))
    return Night(as_of, tuple(stages))


@dataclass(frozen=True, slots=True)
class Counted:
    """What a stage did."""

    counts: dict[str, int]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The night's snapshots, one per client whose relation is not over, and what they were measured on."""

    known: Known
    measured: Snapshots


# --- ingest, snapshot and score ---------------------------------------------------------------------------------------


def ingest(config: Config, store: Store, now: datetime, tell: Progress) -> tuple[Counted, None]:
    """Read what is new in every source, and again what another tone model has read."""
    done = ingestion.ingest(config, store, now, lambda detail: tell("ingest", detail))
    again = rereading.reread(config, store, _MOST_READ_AGAIN, lambda share: tell("ingest", f"read again: {share:.0%}"))
    more = {"read_again": again.read, "read_otherwise": again.waiting + again.without_text}
    problems = list(done.problems)
    if again.waiting:
        problems.append(
            f"{again.waiting} messages are still read by another tone model, so signals of tone mix both. "
            "The next nights read them again, and `churnwatch retone` does it at once."
        )
    if scoring.calibration_rests(config):
        problems.append(f"Tone: {CALIBRATION_RESTS}")
    return Counted(done.counts | {name: n for name, n in more.items() if n}, tuple(problems)), None


def snapshot(config: Config, store: Store, as_of: date) -> tuple[Counted, Taken]:
    """Measure every signal of every client as of the date, and keep it."""
    taken = take(config, store, as_of)
    values = taken.measured.values.set_axis(list(taken.known.client_ids), axis="index")
    store.scores.put_snapshots(as_of, scoring.CATALOGUE_VERSION, values, taken.known.frozen)
    events = int((taken.known.table.kind <= max(Kind)).sum())
    frozen = Counter(f"frozen_{one.why}" for one in taken.measured.frozen if one is not None)
    counts = {
        "clients": len(values),
        "events": events,
        "signals": len(scoring.SIGNAL_NAMES),
        **dict(sorted(frozen.items())),
    }
    return Counted(counts, taken.known.problems), taken


def score(config: Config, store: Store, artifact: Artifact, as_of: date, taken: Taken) -> tuple[Counted, list[Risk]]:
    """Turn the snapshots into risks with reasons, and keep them."""
    known = taken.known
    risks = scoring.score(artifact, known.table, known.client_ids, as_of, config.firm.calendar, taken.measured)
    store.scores.put_risks(risks)
    bands = Counter(str(risk.band) for risk in risks if risk.band is not None)
    silent = sum(risk.insufficient is not None for risk in risks)
    return Counted({"clients": len(risks), **dict(sorted(bands.items())), "not_enough_data": silent}), risks


def take(config: Config, store: Store, as_of: date) -> Taken:
    """Measure the clients whose relation is not over, on all that was known at the as-of midnight; nothing is kept."""
    known = known_at(config, store, as_of)
    calendar = config.firm.calendar
    index = scoring.index_of(known.table, known.client_ids, scoring.instants(calendar, as_of, len(known.client_ids)))
    frozen = of_clients(known.frozen, known.client_ids)
    return Taken(known, scoring.snapshots(known.table, index, calendar, frozen=frozen))


def model_in_service(config: Config) -> Artifact:
    """The trained model, or the expert prior where none was trained; `ArtifactError` where it is of another catalogue."""
    folder = config.path(config.model.path)
    if folder.exists():
        artifact = artifacts.load(folder)
        if artifact.catalogue == scoring.CATALOGUE_VERSION and artifact.model.horizon_days == config.model.horizon_days:
            return artifact
        raise ArtifactError(
            f"The model in {folder} was trained for other signals or another horizon.", remedy="Run: churnwatch train."
        )
    model = first_day(scoring.SIGNAL_NAMES, config.model.horizon_days, config.model.yearly_churn)
    return artifacts.unsaved(model, scoring.CATALOGUE_VERSION)


# --- decide and deliver -----------------------------------------------------------------------------------------------


def decide(config: Config, store: Store, risks: Sequence[Risk], as_of: date, now: datetime) -> tuple[Counted, None]:
    """Open cases where the policy says so; case and notices enter in one transaction."""
    clients = {client.client_id: client for client in store.people.clients()}
    open_cases = {case.client_id: case for case in store.cases.open_cases()}
    this_week = store.cases.opened_since(as_of - timedelta(_BUDGET_DAYS - 1))
    decision = policy.decide(risks, clients, open_cases, store.cases.last_opened(), this_week, config.policy, as_of)
    managers = {manager.manager_id: manager for manager in store.people.managers()}
    reader = scoring.reader_of(config)
    opened, problems = 0, []
    for candidate in decision.open:
        client = clients[candidate.client_id]
        manager = managers.get(client.manager_id or "")
        case, notices = _alert(config, store, reader, candidate, client, manager, now)
        if config.delivery.email and not any(channel == "email" for channel, _ in notices):
            problems.append(
                f"{client.client_id}: nobody to write to; set the manager's e-mail or policy.fallback_email."
            )
        opened += store.cases.open(case, now, "policy", notices)
    held = {f"held_{why}": len(ids) for why, ids in sorted(decision.held.items())}
    return Counted({"opened": opened, **held}, tuple(problems)), None


def _alert(
    config: Config,
    store: Store,
    reader: Reader,
    candidate: policy.Candidate,
    client: Client,
    manager: Manager | None,
    now: datetime,
) -> tuple[Case, list[tuple[str, Notice]]]:
    risk = candidate.risk
    evidence = _evidence(store, risk, config.firm.calendar.midnight(risk.as_of))
    wrong = store.labels.not_irritated([message.event_id for message in evidence])
    quotes = pick([message for message in evidence if message.event_id not in wrong], reader)
    promised = any(
        read.cues & Cue.WE_PROMISED for read in reader.read_all([message.text for message in evidence if message.text])
    )
    case = candidate.case(choose(risk.reasons, Situation(band=risk.band, we_promised=promised)), now)
    contact = _main_contact(store.people.contacts(client.client_id))
    return case, _notices(config, case, risk, client, manager, quotes, contact)


def _evidence(store: Store, risk: Risk, midnight: datetime) -> list[Message]:
    """Messages behind the reasons first; the client's other recent ones after them; none that came later."""
    keys = [(event_id, risk.client_id) for reason in risk.reasons for event_id in reason.event_ids]
    cited = store.events.texts(keys)
    recent = store.events.messages(risk.client_id, limit=40, before=midnight)
    oldest = midnight - timedelta(_EVIDENCE_DAYS)
    found = {message.event_id: message for message in [*cited.values(), *recent]}
    return [message for message in found.values() if message.at >= oldest and message.known_at < midnight]


def _main_contact(contacts: Sequence[Contact]) -> Contact | None:
    return min(contacts, key=lambda contact: (not contact.decision_maker, contact.contact_id), default=None)


def _notices(
    config: Config,
    case: Case,
    risk: Risk,
    client: Client,
    manager: Manager | None,
    quotes: Sequence[Quote],
    contact: Contact | None,
) -> list[tuple[str, Notice]]:
    """One notice per configured channel: people get e-mail (or a file), machines the webhook."""
    language: Language = "ru" if (manager.language if manager else config.firm.language) == "ru" else "en"
    address = (manager.email if manager else None) or config.policy.fallback_email
    in_folder = config.delivery.folder or not (config.delivery.email or config.delivery.webhook)
    recipients: Mapping[str, str | None] = {
        "email": address if config.delivery.email else None,
        "folder": (address or client.manager_id or "nobody") if in_folder else None,
        "webhook": "webhook" if config.delivery.webhook else None,
    }
    return [
        (
            channel,
            compose(
                case, risk, client, manager, recipient, quotes, language, config.firm, config.api.base_url, contact
            ),
        )
        for channel, recipient in recipients.items()
        if recipient is not None
    ]


def deliver(config: Config, store: Store, clock: Clock) -> tuple[Counted, None]:
    """Send what is due from the outbox."""
    channels = open_channels(config.delivery, config.root, clock)
    done = delivery.deliver(store.outbox, channels, clock, config.delivery.max_attempts)
    problems = []
    if waiting := store.outbox.counts()["pending"]:
        problems.append(f"Notices not out yet: {waiting}. A night that starts an hour later or more tries them again.")
    if done.dead:
        problems.append(f"Notices that could not be delivered: {done.dead}. `churnwatch alerts` says why.")
    return Counted({"sent": done.sent, "retrying": done.retrying, "dead": done.dead}, tuple(problems)), None


def channel_names(config: Config, clock: Clock) -> list[str]:
    """The configured channels, or `ConfigError`; nothing is sent."""
    return sorted(open_channels(config.delivery, config.root, clock))
