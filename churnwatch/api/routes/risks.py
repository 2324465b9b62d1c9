"""The risk list."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from churnwatch.api import board, problems, views
from churnwatch.api.keys import Needs
from churnwatch.api.questions import RiskQuery
from churnwatch.api.schemas import RiskPage
from churnwatch.api.service import TheService

router = APIRouter(prefix="/v1", tags=["risks"])


@router.get("/risks", dependencies=[Depends(Needs("read"))])
def list_risks(service: TheService, query: Annotated[RiskQuery, Query()]) -> RiskPage:
    """The clients by what is at stake, with reasons in words.

    Pages are stable: a cursor keeps the date of the scores, so that a night between two pages neither repeats nor drops anyone.
    """
    filters = board.Filters(
        query.manager_id, tuple(sorted(set(query.band))), query.min_band, query.min_probability, query.q
    )
    question = (query.as_of, query.sort, filters)
    after = None
    try:
        as_of = query.as_of or service.store.scores.latest_as_of()
        if query.cursor is not None:
            as_of, after = board.cursor_place(query.cursor, question)
        if as_of is None:
            return RiskPage(as_of=None, horizon_days=None, model_id=None, items=[], next_cursor=None)
        every = board.lines(service.store, as_of)
        admitted = board.ordered([line for line in every if filters.admit(line)], query.sort)
        page = board.page(admitted, as_of, question, query.limit, after)
    except board.CursorError as error:
        raise problems.of_parameter("cursor", str(error)) from error
    return RiskPage(
        as_of=as_of,
        horizon_days=every[0].risk.horizon_days if every else None,
        model_id=every[0].risk.model_id if every else None,
        items=[views.item(line) for line in page.lines],
        next_cursor=page.next_cursor,
    )
