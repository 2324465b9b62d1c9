import sys
from pathlib import Path

import firms
import pytest
from cli_answers import Answer, Run, width_of

from churnwatch import cli


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """An English terminal, wide enough for whole lines."""
    for name in ("LC_ALL", "LANG", "CHURNWATCH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    width_of(monkeypatch, 160)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`churnwatch …` from its first line to its exit code, in this process."""

    def run_here(*arguments: object) -> Answer:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["churnwatch", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        return Answer(int(ended.value.code or 0), shown.out, shown.err)

    return run_here


@pytest.fixture(scope="session")
def firm_after_a_night(firm_files: firms.Firm, tmp_path_factory: pytest.TempPathFactory) -> firms.Firm:
    firm = firm_files.copy(tmp_path_factory.mktemp("after"))
    firm.set('[delivery]\nfolder = "outbox"')
    firm.night()
    return firm


@pytest.fixture
def settled(firm_after_a_night: firms.Firm, tmp_path: Path) -> firms.Firm:
    """A firm of one's own after its first night."""
    return firm_after_a_night.copy(tmp_path / "settled")
