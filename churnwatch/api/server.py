"""Serving: one process on one address; what is logged names no query, because a ticket may stand in it."""

import logging
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from churnwatch.api.app import create_app
from churnwatch.core.config import Config
from churnwatch.store import Store

_GRACE_S = 10


class WithoutQuery(logging.Filter):
    """Takes the query off the path in a line of uvicorn's access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; it always passes."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                value.partition("?")[0] if isinstance(value, str) and value.startswith("/") else value
                for value in record.args
            )
        return True


def serve(
    config: Config,
    store: Store,
    host: str,
    port: int,
    ticket: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Serve until the process is told to stop."""
    app = create_app(config, store, clock=clock, ticket=ticket)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=log_config(),
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


def log_config() -> dict[str, Any]:
    """Uvicorn's logging, with our own lines and without queries."""
    settings = deepcopy(LOGGING_CONFIG)
    settings["filters"] = {"without_query": {"()": WithoutQuery}}
    settings["handlers"]["access"]["filters"] = ["without_query"]
    settings["loggers"]["churnwatch"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return settings
