"""What people say of the tone of single messages."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends

from churnwatch.api.keys import Needs
from churnwatch.api.problems import ProblemError
from churnwatch.api.questions import ToneLabelIn
from churnwatch.api.schemas import ToneLabelOut
from churnwatch.api.service import TheService
from churnwatch.store import ApiKey

router = APIRouter(prefix="/v1", tags=["tone"])
_EXAMPLES = {
    "wrong": {
        "summary": "This message is not irritated",
        "value": {"event_id": "mail-4711", "label": "neutral"},
    }
}


@router.post("/tone/labels")
def label_tone(
    service: TheService,
    told: Annotated[ToneLabelIn, Body(openapi_examples=_EXAMPLES)],
    key: Annotated[ApiKey, Depends(Needs("write"))],
) -> ToneLabelOut:
    """Say whether a message is irritated, neutral or warm.

    A message that is said not to be irritated is no longer quoted as evidence. `churnwatch train-tone` learns the firm's own
    calibration from all labels. The last word holds; earlier ones are kept with who said them and when. Sending the same again
    answers like the first time.
    """
    said = service.store.labels.put(told.event_id, told.label, key.label, service.clock())
    if said is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No message has this id.")
    return ToneLabelOut(
        event_id=said.event_id,
        label=said.label,
        who=said.who,
        at=said.at,
        model=said.model_id,
        irritated=said.irritation,
    )
