"""The alert as one person reads it: who, how likely, why, in whose words, and what to do about it today."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from urllib.parse import quote as url_quoted

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from churnwatch.alerts import wording
from churnwatch.alerts.playbook import Playbook, read_playbook
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.config import Firm, Language
from churnwatch.core.types import Band, Case, Client, Contact, Manager, Notice, Quote, Reason, Risk

SCHEMA = "churnwatch.notice"
SCHEMA_VERSION = 1

_MOST_REASONS = 3
_MOST_QUOTES = 2
_LONGEST_SUBJECT_CHARS = 140
_COLOURS = {Band.CALM: "#15803d", Band.WARMING: "#a16207", Band.SIMMERING: "#c2410c", Band.BOILING: "#b91c1c"}


def compose(
    case: Case,
    risk: Risk,
    client: Client,
    manager: Manager | None,
    recipient: str,
    quotes: Sequence[Quote],
    language: Language,
    firm: Firm,
    base_url: str,
    contact: Contact | None = None,
    playbook: Playbook | None = None,
) -> Notice:
    """The notice of a case in one language; `contact` is whom the words to start with address."""
    playbook = playbook or read_playbook()
    say = _phrases()[language]
    pushing = strongest(risk.reasons or case.reasons)
    shown_quotes = list(quotes[:_MOST_QUOTES])
    heat = risk.band or case.band
    name = wording.one_line(client.name) or client.client_id
    url = f"{base_url.rstrip('/')}/clients/{url_quoted(client.client_id, safe='')}"
    play = playbook.play(case.play)
    due = _working_day_after(risk.as_of, play.working_days, firm.calendar)
    addressed = wording.one_line(contact.name) if contact else ""
    headline = wording.says_of(name, heat, language)
    reasons = [wording.one_line(reason.words[language]) for reason in pushing]
    words = playbook.opening_words(
        case.play, [reason.family for reason in pushing], addressed or say["unnamed_contact"], name, language
    )
    shown: dict[str, object] = {
        "language": language,
        "say": say,
        "subject": _subject(headline, risk, reasons),
        "headline": headline,
        "colour": _COLOURS[heat],
        "chance": _chance(risk, say, language),
        "owner": say["owner"].format(manager=wording.one_line(manager.name)) if manager else say["no_owner"],
        "as_of": say["as_of"].format(day=wording.day(risk.as_of, language, year=True)),
        "reasons": [reason[:1].upper() + reason[1:] for reason in reasons],
        "quotes": [_marked(quote, risk.as_of, firm, say, language) for quote in shown_quotes],
        "play": play.said_in(language),
        "who": say["who"].format(
            role=playbook.roles[play.by].said_in(language), channel=playbook.channels[play.channel].said_in(language)
        ),
        "until": say["until"].format(
            weekday=wording.weekday(due, language),
            day=wording.day(due, language),
            working_days=wording.working_days(play.working_days, language),
        ),
        "words": words,
        "synthetic": firm.synthetic,
        "url": url,
    }
    pages = _pages()
    return Notice(
        case_id=case.case_id,
        client_id=client.client_id,
        recipient=recipient,
        language=language,
        subject=str(shown["subject"]),
        text=pages.get_template("notice.txt.j2").render(shown),
        html=pages.get_template("notice.html.j2").render(shown),
        payload=_payload(case, risk, client, manager, pushing, shown_quotes, heat, language)
        | {
            "play": {
                "name": case.play,
                "title": play.said_in(language).title,
                "by": play.by,
                "channel": play.channel,
                "due_on": due.isoformat(),
            },
            "url": url,
            "synthetic": firm.synthetic,
        },
    )


def strongest(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons that raise the risk most, strongest first."""
    pushing = [reason for reason in reasons if reason.contribution > 0]
    return sorted(pushing, key=lambda reason: (-reason.contribution, reason.signal))[:_MOST_REASONS]


def _subject(headline: str, risk: Risk, reasons: Sequence[str]) -> str:
    chance = f" ({wording.percent(risk.probability)})" if risk.probability is not None else ""
    why = f": {reasons[0].rstrip('.')}" if reasons else ""
    return wording.shortened(f"{headline}{chance}{why}", _LONGEST_SUBJECT_CHARS)


def _chance(risk: Risk, say: Mapping[str, str], language: Language) -> str:
    if risk.probability is None:
        why = say.get(f"why_{risk.insufficient}", say["why_other"])
        return say["no_percentage"].format(why=why)
    chance = say["chance"].format(
        days=wording.days(risk.horizon_days, language), percent=wording.percent(risk.probability)
    )
    if risk.low is None or risk.high is None:
        return f"{chance}."
    return f"{chance} ({wording.percent_range(risk.low, risk.high)})."


def _marked(quote: Quote, as_of: date, firm: Firm, say: Mapping[str, str], language: Language) -> dict[str, str]:
    when = quote.at.astimezone(firm.zone).date()
    day = wording.day(when, language, year=when.year != as_of.year)
    return {
        "source": say[f"from_{quote.direction.word}"].format(day=day),
        "before": quote.text[: quote.cue_start],
        "cue": quote.text[quote.cue_start : quote.cue_end],
        "after": quote.text[quote.cue_end :],
    }


def _working_day_after(day: date, count: int, calendar: BusinessCalendar) -> date:
    while count:
        day += timedelta(days=1)
        count -= calendar.is_business_day(day)
    return day


def _payload(
    case: Case,
    risk: Risk,
    client: Client,
    manager: Manager | None,
    reasons: Sequence[Reason],
    quotes: Sequence[Quote],
    heat: Band,
    language: Language,
) -> dict[str, object]:
    """The same for machines: nothing here but JSON types, and no word of the client's outside `quotes`."""
    return {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "case_id": case.case_id,
        "client": {"id": client.client_id, "name": client.name},
        "manager": {"id": manager.manager_id, "name": manager.name} if manager else None,
        "language": language,
        "as_of": risk.as_of.isoformat(),
        "horizon_days": risk.horizon_days,
        "model_id": risk.model_id,
        "band": heat.value,
        "probability": _finite(risk.probability),
        "low": _finite(risk.low),
        "high": _finite(risk.high),
        "insufficient": risk.insufficient,
        "reasons": [
            {
                "signal": reason.signal,
                "family": reason.family,
                "contribution": _finite(reason.contribution),
                "now": _finite(reason.now),
                "before": _finite(reason.before),
                "unit": reason.unit,
                "words": reason.words[language],
                "event_ids": list(reason.event_ids),
            }
            for reason in reasons
        ],
        "quotes": [
            {
                "event_id": quote.event_id,
                "at": quote.at.isoformat(),
                "direction": quote.direction.word,
                "text": quote.text,
                "cue_start": quote.cue_start,
                "cue_end": quote.cue_end,
            }
            for quote in quotes
        ],
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


@cache
def _phrases() -> dict[str, dict[str, str]]:
    tables = tomllib.loads(files("churnwatch.alerts").joinpath("phrases.toml").read_text(encoding="utf-8"))
    return {language: dict(table) for language, table in tables.items()}


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=PackageLoader("churnwatch.alerts"),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters["wrapped"] = wording.wrapped
    return pages
