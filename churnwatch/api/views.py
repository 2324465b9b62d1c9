"""From the words of the product to the shapes of the API."""

from churnwatch.api.board import Line
from churnwatch.api.schemas import AlertOut, ClientBrief, FreezeOut, HistoryPoint, ReasonOut, RiskItem, ScoreOut, Words
from churnwatch.core.types import Case, Client, Manager, Reason, Risk


def reason(one: Reason) -> ReasonOut:
    """A reason."""
    return ReasonOut(
        family=one.family,
        signal=one.signal,
        text=Words(en=one.words.get("en", ""), ru=one.words.get("ru", "")),
        now=one.now,
        before=one.before,
        unit=one.unit,
        contribution=one.contribution,
        event_ids=list(one.event_ids),
    )


def score(risk: Risk) -> ScoreOut:
    """A belief."""
    return ScoreOut(
        probability=risk.probability,
        low=risk.low,
        high=risk.high,
        band=risk.band,
        insufficient=risk.insufficient,
        frozen=FreezeOut(since=risk.frozen.since, why=risk.frozen.why) if risk.frozen else None,
        reasons=[reason(one) for one in risk.reasons],
    )


def client(one: Client, manager: Manager | None) -> ClientBrief:
    """A client."""
    return ClientBrief(
        id=one.client_id,
        name=one.name,
        manager_id=one.manager_id,
        manager_name=manager.name if manager else None,
        monthly_value=one.monthly_value,
    )


def item(line: Line) -> RiskItem:
    """A line of the risk list."""
    return RiskItem(
        client=client(line.client, line.manager),
        expected_loss=line.expected_loss,
        silent_days=line.silent_days,
        **dict(score(line.risk)),
    )


def point(risk: Risk) -> HistoryPoint:
    """A belief as a point in time."""
    return HistoryPoint(
        as_of=risk.as_of,
        probability=risk.probability,
        low=risk.low,
        high=risk.high,
        band=risk.band,
        insufficient=risk.insufficient,
        horizon_days=risk.horizon_days,
        model_id=risk.model_id,
    )


def alert(case: Case, name: str | None) -> AlertOut:
    """A case."""
    return AlertOut(
        id=case.case_id,
        client_id=case.client_id,
        client_name=name,
        manager_id=case.manager_id,
        state=case.state,
        opened_on=case.opened_on,
        changed_at=case.changed_at,
        version=case.version,
        band=case.band,
        probability=case.probability,
        play=case.play,
        reasons=[reason(one) for one in case.reasons],
    )
