"""How texts sound, on demand."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends

from churnwatch.api.keys import Needs
from churnwatch.api.problems import ProblemError
from churnwatch.api.questions import MAX_TEXTS, ToneIn
from churnwatch.api.schemas import CueOut, Tone, ToneOut
from churnwatch.api.service import TheService
from churnwatch.model.verdict import Verdict, verdicts

router = APIRouter(prefix="/v1", tags=["tone"])
_EXAMPLES = {
    "two": {
        "summary": "A complaint and thanks",
        "value": {"texts": ["Сколько можно ждать? Пишу третий раз.", "Thank you, this is exactly what we needed!"]},
    }
}


@router.post("/tone", dependencies=[Depends(Needs("score"))])
def hear_tone(service: TheService, told: Annotated[ToneIn, Body(openapi_examples=_EXAMPLES)]) -> Tone:
    """The chance that each text is irritated or warm, and the words that tell it, in Russian and English.

    The firm's own phrases and calibration count. Of each text the first 20,000 characters are read. Nothing is stored, so asking
    again gives the same answer for as long as `model` is the same.
    """
    if len(told.texts) > MAX_TEXTS:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"One call takes at most {MAX_TEXTS} texts. Send them in parts."
        )
    reader = service.reader
    return Tone(model=reader.model_id, items=[_item(verdict) for verdict in verdicts(reader, told.texts)])


def _item(verdict: Verdict) -> ToneOut:
    return ToneOut(
        irritated=verdict.irritated,
        warm=verdict.warm,
        cues=[CueOut(**cue._asdict()) for cue in verdict.cues],
        lang=verdict.lang,
    )
