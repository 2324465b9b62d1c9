"""What a command line answers, and how wide its terminal is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console

from churnwatch.cli import console


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output, which must be one JSON document."""
        return json.loads(self.out)


Run = Callable[..., Answer]


def width_of(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr(console, "out", Console(highlight=False, markup=False, width=columns))
    monkeypatch.setattr(console, "err", Console(highlight=False, markup=False, width=columns, stderr=True))
