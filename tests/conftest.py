"""What all tests share: the cast (`import builders`), a firm on disk (`import firms`), and how much hypothesis may do."""

from pathlib import Path

import firms
import pytest
from hypothesis import settings

# Derandomised: a change is judged by the same examples everywhere; no example is timed on a busy machine.
settings.register_profile("suite", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def firm_files(tmp_path_factory: pytest.TempPathFactory) -> firms.Firm:
    """The firm's files as they stand on the last day. Copy it, never change it."""
    return firms.write_firm(tmp_path_factory.mktemp("firm"))


@pytest.fixture
def firm(firm_files: firms.Firm, tmp_path: Path) -> firms.Firm:
    """A firm of one's own, before its first night."""
    return firm_files.copy(tmp_path / "firm")
