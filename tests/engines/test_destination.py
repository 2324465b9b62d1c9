from pathlib import Path

import pytest

from churnwatch.core.errors import ConfigError, SourceUnavailableError
from churnwatch.engines.destination import COMPLETE, whole


def write(out: Path, word: str, *, overwrite: bool = False) -> None:
    with whole(out, overwrite=overwrite) as draft:
        draft.mkdir()
        (draft / "part").write_text(word)
        (draft / COMPLETE).touch()
        assert not out.exists() or (out / "part").read_text() != word


def fail_half_way(out: Path) -> None:
    with whole(out, overwrite=True) as draft:
        draft.mkdir()
        (draft / "part").write_text(str(1 / 0))


def test_the_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "new" / "out", "first")
    assert (tmp_path / "new" / "out" / "part").read_text() == "first"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


def test_after_an_error_the_former_result_stands_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "out", "first")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(tmp_path / "out")
    assert (tmp_path / "out" / "part").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_former_result_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write(tmp_path / "out", "first")
    with pytest.raises(ConfigError, match="is there already"):
        write(tmp_path / "out", "second")
    write(tmp_path / "out", "second", overwrite=True)
    assert (tmp_path / "out" / "part").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_no_result_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    with pytest.raises(ConfigError, match="holds no snapshots"):
        write(tmp_path / "letters", "second", overwrite=True)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"


def test_what_is_written_is_its_owners_alone_from_the_first_file_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole(out, overwrite=False) as draft:
        assert draft.parent.stat().st_mode & 0o777 == 0o700
        (draft / "inner").mkdir(parents=True, mode=0o755)
        (draft / "inner" / "part").touch(0o644)
    assert {path.name: path.stat().st_mode & 0o777 for path in (out, *out.rglob("*"))} == {
        "out": 0o700,
        "inner": 0o700,
        "part": 0o600,
    }


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceUnavailableError, match="cannot be written"):
        write(tmp_path / "file" / "out", "first")
