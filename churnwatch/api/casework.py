"""Moving a case from one state to the next, by hand, so that doing the same twice is doing it once."""

from datetime import datetime
from http import HTTPStatus

from churnwatch.api.problems import ProblemError
from churnwatch.core.errors import StoreError
from churnwatch.core.types import Case, CaseState
from churnwatch.store import Store


def move(store: Store, case_id: str, to: CaseState, version: int, who: str, why: str, at: datetime) -> Case:
    """The case in its new state; 404 where there is none, 409 where it cannot go there or has moved already."""
    if store.cases.case(case_id) is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No alert has this id.")
    try:
        return store.cases.move(case_id, to, version, who, why, at)
    except StoreError as error:
        case = store.cases.case(case_id)  # raises again where it was the database that failed
        if case is not None and case.version == version + 1 and case.state is to:
            last = store.cases.transitions(case_id)[-1]
            if (last.who, last.why) == (who, why):
                return case
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from error
