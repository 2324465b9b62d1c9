"""Whether all is well with churnwatch itself."""

from typing import Annotated

from fastapi import APIRouter, Depends

from churnwatch import __version__
from churnwatch.api.keys import key_if_any
from churnwatch.api.schemas import Health, HealthDetail, StageOut
from churnwatch.api.service import TheService
from churnwatch.core.errors import ArtifactError
from churnwatch.store import ApiKey

router = APIRouter(prefix="/v1", tags=["health"])
_MOST_PROBLEMS = 10_000  # counted


@router.get("/health", response_model_exclude_unset=True)
def read_health(service: TheService, key: Annotated[ApiKey | None, Depends(key_if_any)]) -> Health:
    """Without a key whether the server and its store answer; with any key also how the latest night went."""
    store = service.store
    as_of = store.scores.latest_as_of()
    if key is None:
        return Health(status="ok")
    model_id, problem = None, None
    try:
        model_id = service.models.current().model_id
    except ArtifactError as error:
        problem = f"There is no model that can score. {error.remedy}"
    return Health(
        status="ok",
        detail=HealthDetail(
            version=__version__,
            as_of=as_of,
            model_id=model_id,
            model_problem=problem,
            stages=[
                StageOut(
                    as_of=one.as_of,
                    stage=one.stage,
                    counts=one.counts,
                    seconds=one.seconds,
                    finished_at=one.finished_at,
                )
                for one in store.runs.latest()
            ],
            source_problems=len(store.ingest.problems(limit=_MOST_PROBLEMS)),
            outbox=store.outbox.counts(),
        ),
    )
