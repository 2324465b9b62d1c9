"""The risk list as a page."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from churnwatch.api import board
from churnwatch.api.board import DEFAULT_SORT, Filters, Line, SortName
from churnwatch.api.pages.frame import draw, signed_in
from churnwatch.api.pages.sign_in import by_ticket
from churnwatch.api.service import TheService
from churnwatch.core.types import Band

router = APIRouter()
_PAGE_CLIENTS = 100
_STALE_DAYS = 2
_EVERY_SORT: tuple[SortName, ...] = get_args(SortName)
_SORTS: tuple[tuple[SortName, str], ...] = (
    ("-expected_loss", "sort_loss"),
    ("-probability", "sort_probability"),
    ("-recency", "sort_recency"),
    ("client", "sort_client"),
)
_SORTS_BY_HEAT = ((DEFAULT_SORT, "sort_heat"), *_SORTS[2:])  # where nothing is claimed in percent


@dataclass(frozen=True, slots=True)
class _Question:
    """What the address asks for; what makes no sense is taken for not asked."""

    manager_id: str = ""
    band: str = ""  # this one or a hotter one
    only: str = ""  # this one alone
    q: str = ""
    sort: SortName = DEFAULT_SORT
    cursor: str = ""

    @property
    def filters(self) -> Filters:
        bands = (Band(self.only),) if self.only else ()
        return Filters(self.manager_id or None, bands, Band(self.band) if self.band else None, q=self.q)

    def address(self) -> str:
        told = {"manager": self.manager_id, "band": self.band, "only": self.only, "q": self.q, "cursor": self.cursor}
        told["sort"] = "" if self.sort == DEFAULT_SORT else self.sort
        return f"/?{urlencode({name: value for name, value in told.items() if value})}"


@router.get("/")
def risk_list(request: Request, service: TheService) -> Response:
    """The clients by what is at stake."""
    if "ticket" in request.query_params:
        return by_ticket(request, service, request.query_params["ticket"])
    signed_in(request)
    as_of = service.store.scores.latest_as_of()
    if as_of is None:
        return draw(request, "no_scores.html", {})
    question = _asked(request)
    after = None
    if question.cursor:
        try:
            as_of, after = board.cursor_place(question.cursor, replace(question, cursor=""))
        except board.CursorError:
            question = replace(question, cursor="")
    every = board.lines(service.store, as_of)
    found = board.ordered([line for line in every if question.filters.admit(line)], question.sort)
    try:
        page = board.page(found, as_of, replace(question, cursor=""), _PAGE_CLIENTS, after)
    except board.CursorError:
        page = board.page(found, as_of, replace(question, cursor=""), _PAGE_CLIENTS, None)
    percentages = any(line.risk.probability is not None for line in every)
    shown: dict[str, Any] = {
        "as_of": as_of,
        "stale_days": _stale(as_of, service.today()),
        "horizon_days": every[0].risk.horizon_days if every else service.config.model.horizon_days,
        "percentages": percentages,
        "lines": page.lines,
        "count": len(found),
        "at_stake": sum(line.expected_loss or 0 for line in found),
        "tally": [(band, _count(every, band), _toggled(question, band))
                  for band in reversed(Band)],
        "unscored": _count(every, None),
        "managers": sorted(
            {(line.manager.name, line.manager.manager_id) for line in every if line.manager is not None}
        ),
        "question": question,
        "filtered": bool(question.manager_id or question.band or question.only or question.q),
        "sorts": _SORTS if percentages else _SORTS_BY_HEAT,
        "columns": {name: _turned(question, name) for name in ("expected_loss", "probability", "client", "recency")},
        "more": replace(question, cursor=page.next_cursor).address() if page.next_cursor else None,
        "start": replace(question, cursor="").address() if after is not None else None,
    }  # fmt: skip
    return draw(request, "risks.html", shown)


def _asked(request: Request) -> _Question:
    told = request.query_params
    sort = told.get("sort", "")
    return _Question(
        manager_id=told.get("manager", "")[:200],
        band=_band(told.get("band", "")),
        only=_band(told.get("only", "")),
        q=told.get("q", "")[:100].strip(),
        sort=next((one for one in _EVERY_SORT if one == sort), DEFAULT_SORT),
        cursor=told.get("cursor", "")[:2000],
    )


def _band(told: str) -> str:
    return told if told in set(Band) else ""


def _toggled(question: _Question, band: Band) -> str:
    """Where a click on a band's count leads: to it alone, or back."""
    only = "" if question.only == band.value else band.value
    return replace(question, band="", only=only, cursor="").address()


def _turned(question: _Question, column: str) -> tuple[str, str]:
    """Where a click on a column's head leads, and how the list stands by it now."""
    falling, rising = f"-{column}", column
    first = rising if column == "client" else falling
    now = {falling: "descending", rising: "ascending"}.get(question.sort, "")
    following = (rising if question.sort == falling else falling) if now else first
    sort = next(one for one in _EVERY_SORT if one == following)
    return replace(question, sort=sort, cursor="").address(), now


def _count(every: list[Line], band: Band | None) -> int:
    return sum(line.risk.band is band for line in every)


def _stale(as_of: date, today: date) -> int | None:
    age = (today - as_of).days
    return age if age >= _STALE_DAYS else None
