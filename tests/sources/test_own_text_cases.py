"""The collection of mails with their own text is well-formed: both splits, no doubles, nothing expected that isn't there."""

import re
from hashlib import sha256
from html import unescape

import pytest
from own_text_cases import FOLDER, SPLITS, Case, cases

ALL = [case for split in SPLITS for case in cases(split)]
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_ADDRESS = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}\b")


def shown(case: Case) -> str:
    """All text of a mail, in one line."""
    return " ".join(f"{case.body}\n{unescape(_TAG.sub('', case.html or ''))}".split())


def test_every_file_is_in_one_split() -> None:
    assert sorted(case.name for case in ALL) == sorted(path.stem for path in FOLDER.glob("*.txt"))


def test_there_are_enough_mails_of_each_kind() -> None:
    assert len(ALL) >= 110
    assert sum(case.language == "ru" for case in ALL) >= len(ALL) / 2
    assert len({case.program for case in ALL}) >= 20
    assert sum(case.html is not None for case in ALL) >= 20
    assert sum(not case.own for case in ALL) >= 8


@pytest.mark.parametrize("group", ["ru", "en", "the rest"])
def test_the_half_with_the_smaller_hash_is_for_testing(group: str) -> None:
    def names(split: str) -> set[str]:
        return {
            f"{case.name}.txt"
            for case in cases(split)
            if (case.language if case.language in {"ru", "en"} else "the rest") == group
        }

    by_hash = sorted(names("tune") | names("test"), key=lambda name: sha256(name.encode()).hexdigest())
    assert names("test") == set(by_hash[: len(by_hash) // 2])


def test_no_mail_comes_twice() -> None:
    assert len({(case.body, case.html) for case in ALL}) == len(ALL)
    assert len({case.name.partition("-")[0] for case in ALL}) == len(ALL)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_own_lines_come_from_the_mail_in_order(case: Case) -> None:
    there, at = shown(case), 0
    for line in filter(None, case.own.split("\n")):
        wanted = " ".join(line.split())
        at = there.find(wanted, at)
        assert at >= 0, line
        at += len(wanted)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_own_text_has_no_needless_blanks(case: Case) -> None:
    assert case.own == case.own.strip("\n")
    assert "\n\n\n" not in case.own
    assert all(line == line.rstrip() for line in case.own.split("\n"))
    assert "\u00a0" not in case.own


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_addresses_are_invented(case: Case) -> None:
    addresses = _ADDRESS.findall(f"{case.body}\n{case.html}")
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="one of tune, test"):
        cases("train")
