"""Messages that another model has read are read again by the one in service: batch by batch, so that a kill loses nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from churnwatch import scoring
from churnwatch.core.config import Config
from churnwatch.store import Store

_MESSAGES_AT_ONCE = 2_000  # so that other writers never wait for long
Progress = Callable[[float], None]  # the share that is done


@dataclass(frozen=True, slots=True)
class Reread:
    """How many messages were read again, how many still wait for it, and how many cannot be, because no text is kept."""

    model_id: str
    read: int
    waiting: int
    without_text: int


def reread(config: Config, store: Store, most: int | None = None, progress: Progress | None = None) -> Reread:
    """Read up to `most` messages again (None = all) whose text is kept and which another model than today's has read.

    What was read again is found no more, so a run that was killed is simply started again.
    """
    reader = scoring.reader_of(config)
    before = store.readings.out_of_date(reader.model_id)
    wanted = before.with_text if most is None else min(most, before.with_text)
    done = 0
    while messages := store.readings.to_read_again(reader.model_id, min(_MESSAGES_AT_ONCE, wanted - done)):
        store.readings.put(reader.model_id, messages, reader.read_all([message.text or "" for message in messages]))
        done += len(messages)
        if progress is not None:
            progress(done / wanted)
    return Reread(reader.model_id, done, max(0, before.with_text - done), before.without_text)
