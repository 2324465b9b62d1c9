"""In which language a page speaks, and its words: the address says it, then the last choice, the browser, the firm."""

import tomllib
from functools import cache
from importlib.resources import files

from fastapi import Request

from churnwatch.core.config import Language

COOKIE = "churnwatch_lang"
LANGUAGES: tuple[Language, ...] = ("en", "ru")


def chosen(request: Request, firms_own: Language) -> Language:
    """The language of an answer."""
    for told in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if (known := _known(told or "")) is not None:
            return known
    return accepted(request.headers.get("accept-language", "")) or firms_own


def accepted(header: str) -> Language | None:
    """The one of our languages that a browser likes best.

    >>> accepted("de-DE,de;q=0.9,ru;q=0.7,en;q=0.5"), accepted("de"), accepted("en;q=0, ru;q=x")
    ('ru', None, None)
    """
    liked: list[tuple[float, Language]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.partition(";")
        known = _known(tag.strip().partition("-")[0].lower())
        try:
            liking = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if known is not None and liking > 0:
            liked.append((liking, known))
    return max(liked, key=lambda pair: pair[0])[1] if liked else None


def words(language: Language) -> dict[str, str]:
    """The pages' phrases."""
    return _phrases()[language]


@cache
def _phrases() -> dict[str, dict[str, str]]:
    tables = tomllib.loads(files("churnwatch.api.pages").joinpath("words.toml").read_text(encoding="utf-8"))
    return {language: dict(table) for language, table in tables.items()}


def _known(told: str) -> Language | None:
    return next((language for language in LANGUAGES if language == told), None)
