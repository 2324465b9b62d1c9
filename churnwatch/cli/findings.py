"""One signal's number in words, as a reading tells it: what it says of the client now and in its own past."""

import math

from churnwatch.cli.catalogue import definition
from churnwatch.cli.console import Language
from churnwatch.cli.glossary import Said
from churnwatch.explaining import Finding
from churnwatch.features import wording

_OWN_PAST = Said("own past", "раньше")
_THE_FIRM = Said("over the firm", "по фирме")
_IN_30_DAYS = Said(" in 30 days", " за 30 дней")
_A_WEEK = Said(" a week", " в неделю")
_RATES = {  # levels that are so many in a span that their unit does not name
    "volume_drop": _IN_30_DAYS,
    "trend_30": _IN_30_DAYS,
    "trend_90": _IN_30_DAYS,
    "spend_trend": _IN_30_DAYS,
    "volume_cusum": _A_WEEK,
}
_COMPARED = {"our_tone": _THE_FIRM}  # with what, where that is not the own past


def sentence(finding: Finding, currency: str, language: Language) -> str:
    """The reason's own words where the numbers bear them out, else the definition; with the numbers, where there are any."""
    signal, now, before = finding.signal, finding.now, finding.before
    told = definition(signal, language)
    if finding.notable and finding.speaks:
        told = wording.sentence(signal, now, before, language)
    without_numbers = (definition(signal, language), wording.sentence(signal, math.nan, math.nan, language))
    if signal.shown_in is not None and told in without_numbers and not math.isnan(now):
        rate = (f" {currency}" if signal.shown_in == "amount" else "") + (
            _RATES[signal.name].said_in(language) if signal.name in _RATES else ""
        )
        told += f": {wording.quantity(now, signal.shown_in, language)}{rate}"
        if not math.isnan(before):
            with_what = _COMPARED.get(signal.name, _OWN_PAST).said_in(language)
            told += f"; {with_what}: {wording.quantity(before, signal.shown_in, language)}{rate}"
    return told[:1].upper() + told[1:]


def number(finding: Finding, language: Language) -> str:
    """The signal's name and its value in its own unit."""
    value = f"{finding.value:.2f}".replace("-", "−")
    return f"{finding.signal.name} {value.replace('.', ',') if language == 'ru' else value:>5}"


def finding_as_dict(finding: Finding) -> dict[str, object]:
    """The number for scripts."""
    signal = finding.signal
    return {
        "signal": signal.name,
        "family": str(signal.family),
        "value": finding.value,
        "unit": signal.unit,
        "now": finding.now,
        "before": finding.before,
        "shown_in": signal.shown_in,
        "risky": signal.risky,
        "connected": finding.connected,
        "push": finding.push,
        "notable": finding.notable,
        "needs": signal.least if finding.missing else None,
        "event_ids": list(finding.event_ids),
    }
