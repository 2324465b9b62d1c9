"""Which beliefs become alerts tonight: who is warm enough, not yet in hand, not lately alerted, and worth a manager's week."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from churnwatch.core.config import PolicySettings
from churnwatch.core.types import Band, Case, CaseState, Client, Risk, Standstill

ENDED = "ended"
UNKNOWN_CLIENT = "unknown_client"
OPEN_CASE = "open_case"
SOURCE_DOWN = "source_down"
NOT_ENOUGH_DATA = "not_enough_data"
BELOW_BAND = "below_band"
COOLDOWN = "cooldown"
BUDGET = "budget"

_FAST_FAMILY = "exit_words"  # words of leaving do not wait for next week's budget
_VALUE_WHERE_NONE_KNOWN = 1.0  # then the order is that of the probabilities


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case to open: `expected_loss` (per month, the firm's currency) is None where there is no probability."""

    case_id: str
    risk: Risk
    band: Band
    manager_id: str | None
    expected_loss: float | None
    fast: bool  # opened because of words of leaving, whatever the budget

    @property
    def client_id(self) -> str:
        """Whose case it is."""
        return self.risk.client_id

    def case(self, play: str, at: datetime) -> Case:
        """The case as it is opened."""
        return Case(
            case_id=self.case_id,
            client_id=self.client_id,
            manager_id=self.manager_id,
            state=CaseState.OPEN,
            opened_on=self.risk.as_of,
            changed_at=at,
            version=1,
            band=self.band,
            probability=self.risk.probability,
            play=play,
            reasons=self.risk.reasons,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """Cases to open, most urgent first, and under each reason the clients for whom none is opened."""

    open: tuple[Candidate, ...]
    held: Mapping[str, tuple[str, ...]]


def decide(
    risks: Sequence[Risk],
    clients: Mapping[str, Client],
    open_cases: Mapping[str, Case],
    last_opened: Mapping[str, date],
    opened_this_week: Mapping[str | None, int],
    settings: PolicySettings,
    as_of: date,
) -> Decision:
    """Tonight's alerts. `opened_this_week` counts by manager the cases opened in the seven days that end with `as_of`.

    Cases are to be opened in the order given: then a night that was killed half-way and runs again opens just the rest.
    A fast-path case takes from the manager's budget but is never stopped by it.
    """
    usual_value = _usual_value(clients)
    warm: list[Candidate] = []
    held: dict[str, list[str]] = {}
    for risk in _one_per_client(risks):
        why = _held_at_once(risk, clients, open_cases, last_opened, settings, as_of)
        if why is not None:
            held.setdefault(why, []).append(risk.client_id)
        elif risk.band is not None:
            warm.append(_candidate(risk, risk.band, clients[risk.client_id], usual_value, as_of))

    opened = Counter(opened_this_week)
    chosen: list[Candidate] = []
    for candidate in sorted(warm, key=lambda item: _urgency(item, clients, usual_value)):
        if candidate.fast or opened[candidate.manager_id] < settings.per_manager_per_week:
            opened[candidate.manager_id] += 1
            chosen.append(candidate)
        else:
            held.setdefault(BUDGET, []).append(candidate.client_id)
    return Decision(tuple(chosen), {why: tuple(held[why]) for why in sorted(held)})


def case_id(client_id: str, as_of: date) -> str:
    """The same case for the same client and night, however often the night is run."""
    digest = hashlib.sha256(f"{as_of.isoformat()}\0{client_id}".encode()).hexdigest()
    return f"case_{digest[:20]}"


def _one_per_client(risks: Sequence[Risk]) -> list[Risk]:
    """By client id; of several horizons or models the hottest."""
    hottest: dict[str, Risk] = {}
    for risk in sorted(risks, key=lambda item: (-_heat(item), -_chance(item), item.horizon_days, item.model_id)):
        hottest.setdefault(risk.client_id, risk)
    return [hottest[client_id] for client_id in sorted(hottest)]


def _held_at_once(
    risk: Risk,
    clients: Mapping[str, Client],
    open_cases: Mapping[str, Case],
    last_opened: Mapping[str, date],
    settings: PolicySettings,
    as_of: date,
) -> str | None:
    last = last_opened.get(risk.client_id)
    checks = (
        (ENDED, risk.insufficient == ENDED),
        (UNKNOWN_CLIENT, risk.client_id not in clients),
        (OPEN_CASE, risk.client_id in open_cases),
        (SOURCE_DOWN, risk.frozen is not None and risk.frozen.why is Standstill.SOURCE_DOWN),
        (NOT_ENOUGH_DATA, risk.band is None),
        (BELOW_BAND, _heat(risk) < settings.open_band.rank),
        (COOLDOWN, last is not None and as_of < last + timedelta(days=settings.cooldown_days)),
    )
    return next((why for why, holds in checks if holds), None)


def _candidate(risk: Risk, band: Band, client: Client, usual_value: float, as_of: date) -> Candidate:
    fast = any(reason.family == _FAST_FAMILY and reason.contribution > 0 for reason in risk.reasons)
    loss = None if risk.probability is None else risk.probability * _value(client, usual_value)
    return Candidate(case_id(risk.client_id, as_of), risk, band, client.manager_id, loss, fast)


def _urgency(
    candidate: Candidate, clients: Mapping[str, Client], usual_value: float
) -> tuple[bool, bool, float, int, float, str]:
    """Fast path, then measured losses from the largest, then bands without a percentage from the hottest and dearest."""
    return (
        not candidate.fast,
        candidate.expected_loss is None,
        -(candidate.expected_loss or 0.0),
        -candidate.band.rank,
        -_value(clients[candidate.client_id], usual_value),
        candidate.client_id,
    )


def _usual_value(clients: Mapping[str, Client]) -> float:
    known = [value for client in clients.values() if (value := _known_value(client)) is not None]
    return median(known) if known else _VALUE_WHERE_NONE_KNOWN


def _value(client: Client, usual_value: float) -> float:
    known = _known_value(client)
    return usual_value if known is None else known


def _known_value(client: Client) -> float | None:
    value = client.monthly_value
    return value if value is not None and math.isfinite(value) and value >= 0 else None


def _heat(risk: Risk) -> int:
    return -1 if risk.band is None else risk.band.rank


def _chance(risk: Risk) -> float:
    return -1.0 if risk.probability is None else risk.probability
