"""One signal's number in words, as a reading tells it: what it says of the client now and in its own past."""

import math

from churnwatch.cli.catalogue import definition
from churnwatch.cli.console import Language
from churnwatch.cli.glossary import Said
from churnwatch.explaining import Finding
from churnwatch.features import wording

_OWN_PAST = Said("own past", "раньше")
_PER_MONTH = Said("in 30 days", "за 30 дней")


def sentence(finding: Finding, currency: str, language: Language) -> str:
    """The reason's own words where the numbers bear them out, else the definition; with the numbers, where there are any."""
    signal, now, before = finding.signal, finding.now, finding.before
    told = definition(signal, language)
    if finding.notable and finding.speaks:
        told = wording.sentence(signal, now, before, language)
    without_numbers = (definition(signal, language), wording.sentence(signal, math.nan, math.nan, language))
    if signal.shown_in is not None and told in without_numbers and not math.isnan(now):
        money = f" {currency} {_PER_MONTH.said_in(language)}" if signal.shown_in == "amount" else ""
        told += f": {wording.quantity(now, signal.shown_in, language)}{money}"
        if not math.isnan(before):
            told += f"; {_OWN_PAST.said_in(language)}: {wording.quantity(before, signal.shown_in, language)}{money}"
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
        "push": finding.push,
        "notable": finding.notable,
        "needs": signal.least if finding.missing else None,
        "event_ids": list(finding.event_ids),
    }
