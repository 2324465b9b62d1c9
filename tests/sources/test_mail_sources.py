"""Mailboxes on disk: streamed, restartable, read once, and never stopped by one bad mail."""

import gzip
import io
import json
import os
import re
import shutil
import tarfile
from collections import Counter
from pathlib import Path

import mail_builders as build
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.contracts import (
    Checkpoint,
    OutOfReach,
    Reread,
    Skipped,
    SourceError,
    SourceItem,
    UnknownCorrespondent,
)
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.types import Client, Contact, Message
from churnwatch.sources.identity import Identity
from churnwatch.sources.mail import EmlSource, MaildirSource, MboxSource
from churnwatch.sources.mbox import split_mbox

UNREADABLE = Path("/proc/self/mem")  # can be opened, and not be read
PARSERS = Path(__file__).parents[3] / "shared" / "data" / "parsers"


def numbered(count: int, first: int = 0) -> list[bytes]:
    return [build.mail(f"Письмо {n}", message_id=f"<{n}@romashka.example>") for n in range(first, first + count)]


def mbox_source(path: Path, **options: int) -> MboxSource:
    return MboxSource("inbox", [path], build.cast_identity(), **options)


def ids(items: list[SourceItem]) -> list[str]:
    return [item.event_id.partition("@")[0].removeprefix("mail:") for item in items if isinstance(item, Message)]


def announced(items: list[SourceItem]) -> list[SourceItem]:
    return [item for item in items if isinstance(item, Reread)]


def last_cursor(items: list[SourceItem]) -> str:
    assert isinstance(items[-1], Checkpoint)
    return items[-1].cursor


def test_an_mbox_is_read_in_order_and_twice_alike(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(3)))
    first = list(mbox_source(path).read(None))
    assert ids(first) == ["0", "1", "2"]
    assert first == list(mbox_source(path).read(None))


def test_what_was_read_is_not_read_again_and_growth_is_read_from_the_old_end(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(30)))
    cursor = last_cursor(list(mbox_source(path).read(None)))
    assert ids(list(mbox_source(path).read(cursor))) == []
    with path.open("ab") as stream:
        stream.write(build.mbox(*numbered(2, first=30)))
    grown = list(mbox_source(path).read(cursor))
    assert ids(grown) == ["30", "31"]
    assert not announced(grown)
    assert ids(list(mbox_source(path).read(last_cursor(grown)))) == []


def test_a_rewritten_mbox_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(30)))
    cursor = last_cursor(list(mbox_source(path).read(None)))
    path.write_bytes(build.mbox(*numbered(1), *numbered(40, first=5)))
    items = list(mbox_source(path).read(cursor))
    assert len(ids(items)) == 41
    assert items[0] == Reread("inbox", str(path))
    assert len(announced(items)) == 1


def test_an_mbox_that_shrank_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(30)))
    cursor = last_cursor(list(mbox_source(path).read(None)))
    path.write_bytes(build.mbox(*numbered(12)))
    items = list(mbox_source(path).read(cursor))
    assert len(ids(items)) == 12
    assert announced(items) == items[:1] == [Reread("inbox", str(path))]


def test_a_damaged_mbox_is_read_from_its_start_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox.gz"
    whole = gzip.compress(build.mbox(*[build.mail(os.urandom(3000).hex()) for _ in range(9)]))
    path.write_bytes(whole[: len(whole) // 2])
    items = list(mbox_source(path).read(None))
    (error,) = [item for item in items if isinstance(item, SourceError)]
    assert error.part == str(path)
    cursor = last_cursor(items)
    assert [type(item) for item in mbox_source(path).read(cursor)] == [Checkpoint]  # it would end at the same place
    path.write_bytes(whole)
    items = list(mbox_source(path).read(cursor))
    assert announced(items) == items[:1]
    assert len(ids(items)) == 9
    assert not any(isinstance(item, SourceError) for item in items)


@pytest.mark.parametrize("before", [1, 30])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_mail_that_is_still_being_written_is_read_when_it_is_whole(
    tmp_path: Path, before: int, line_end: bytes
) -> None:
    path = tmp_path / "inbox.mbox"
    last = build.mail("Первая строка\nВторая строка", message_id="<last@romashka.example>")
    whole = build.mbox(*numbered(before), last).replace(b"\n", line_end)
    earlier = build.mbox(*numbered(before)).replace(b"\n", line_end)
    for cut in (12, 40):  # within the last line, and in the one before
        path.write_bytes(earlier)
        items = list(mbox_source(path).read(None))
        assert ids(items) == [str(n) for n in range(before)]
        path.write_bytes(whole[:-cut])
        items = list(mbox_source(path).read(last_cursor(items)))
        assert ids(items) == []
        with path.open("ab") as stream:
            stream.write(whole[-cut:])
        (message,) = [
            item
            for item in mbox_source(path).read(last_cursor(items))
            if isinstance(item, Message) and item.event_id.startswith("mail:last@")
        ]
        assert message.text == "Первая строка\nВторая строка"


def test_an_exports_last_mail_needs_no_blank_line(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(3)).rstrip(b"\n"))
    first = list(mbox_source(path).read(None))
    assert ids(first) == ["0", "1", "2"]
    assert [type(item) for item in mbox_source(path).read(last_cursor(first))] == [Checkpoint]


def test_a_gzipped_mbox_is_never_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox.gz"
    path.write_bytes(gzip.compress(build.mbox(*numbered(3)).rstrip(b"\n")))
    assert ids(list(mbox_source(path).read(None))) == ["0", "1", "2"]


def test_an_mbox_that_vanishes_while_another_is_read_is_one_error_and_comes_back(tmp_path: Path) -> None:
    for number, name in enumerate(("a.mbox", "b.mbox", "c.mbox")):
        (tmp_path / name).write_bytes(build.mbox(*numbered(1, first=number)))
    reading = mbox_source(tmp_path).read(None)
    items = [next(reading)]
    (tmp_path / "b.mbox").unlink()
    items += reading
    assert ids(items) == ["0", "2"]
    (error,) = [item for item in items if isinstance(item, SourceError)]
    assert (error.place, error.part) == ("b.mbox", str(tmp_path / "b.mbox"))
    (tmp_path / "b.mbox").write_bytes(build.mbox(*numbered(1, first=1)))
    again = list(mbox_source(tmp_path).read(last_cursor(items)))
    assert [type(item) for item in again] == [Reread, Message, Checkpoint]


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux")
def test_what_was_reported_of_an_mbox_out_of_reach_is_void_when_it_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.symlink_to(UNREADABLE)
    first = list(mbox_source(path).read(None))
    again = list(mbox_source(path).read(last_cursor(first)))
    assert first == again
    assert [type(item) for item in first] == [SourceError, OutOfReach, Checkpoint]
    path.unlink()
    path.write_bytes(build.mbox(*numbered(1)))
    items = list(mbox_source(path).read(last_cursor(again)))
    assert [type(item) for item in items] == [Reread, Message, Checkpoint]


def test_another_identity_reads_all_again(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(2)))
    cursor = last_cursor(list(mbox_source(path).read(None)))
    other = Identity(own_domains=("buro.example",), clients=(Client("new", "New", domains=("romashka.example",)),))
    found = [item for item in MboxSource("inbox", [path], other).read(cursor) if isinstance(item, Message)]
    assert [item.client_id for item in found] == ["new", "new"]


@pytest.mark.parametrize(
    "cursor", ["", "rubbish", "[]", "null", '{"version":1}', '{"version":1,"identity":3,"files":[]}']
)
def test_a_cursor_that_cannot_be_understood_counts_as_none(tmp_path: Path, cursor: str) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(2)))
    assert ids(list(mbox_source(path).read(cursor))) == ["0", "1"]


def test_every_checkpoint_restarts_exactly_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(build.mbox(*numbered(1100)))
    items = list(mbox_source(path).read(None))
    places = [place for place, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert len(places) == 3
    for place in places:
        checkpoint = items[place]
        assert isinstance(checkpoint, Checkpoint)
        assert ids(list(mbox_source(path).read(checkpoint.cursor))) == ids(items[place:])


def test_a_gzipped_mbox_is_read_and_a_damaged_one_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox.gz"
    whole = gzip.compress(
        build.mbox(*[build.mail(os.urandom(3000).hex(), message_id=f"<{n}@r.example>") for n in range(1500)])
    )
    path.write_bytes(whole)
    assert len(ids(list(mbox_source(path).read(None)))) == 1500
    path.write_bytes(whole[: len(whole) // 2])
    items = list(mbox_source(path).read(None))
    assert 100 < len(ids(items)) < 1000
    (error,) = [item for item in items if isinstance(item, SourceError)]
    assert "cannot be read any further" in error.problem
    path.write_bytes(b"no gzip at all")
    assert Counter(map(type, mbox_source(path).read(None))) == {SourceError: 1, Checkpoint: 1}


def test_lines_that_begin_with_from_do_not_split_a_mail(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    body = "Hello\n\nFrom here on we need answers.\n\n>From 2024 12:30 on as well.\n>>From twice\n\n"
    body += "From a@b.example at 12:30 in 2024\nno header here\n"
    path.write_bytes(build.mbox(build.mail(body, subject="x")) + build.mbox(*numbered(1)))
    first, second = [item for item in mbox_source(path).read(None) if isinstance(item, Message)]
    assert first.text is not None
    assert "From here on we need answers.\n\nFrom 2024 12:30 on as well." in first.text
    assert "no header here" in first.text
    assert second.text == "Письмо 0"


def test_rubbish_between_mails_costs_one_error_each(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    damaged = b"From - Mon Mar 11 12:30:00 2024\nX: \x00\xff\xfe rubbish\n\n"
    path.write_bytes(b"leading rubbish\n" + build.mbox(*numbered(1)) + damaged + build.mbox(*numbered(1, first=1)))
    items = list(mbox_source(path).read(None))
    assert ids(items) == ["0", "1"]
    assert [item.place for item in items if isinstance(item, SourceError)] == [
        "inbox.mbox message 1",
        "inbox.mbox message 3",
    ]


def test_an_oversized_mail_is_reported_and_its_beginning_read(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    big = build.mail("Слово\n" + "x" * 5_000_000, message_id="<big@r.example>")
    path.write_bytes(build.mbox(big, *numbered(1)))
    items = list(mbox_source(path, max_mail_bytes=1 << 20).read(None))
    assert ids(items) == ["big", "0"]
    (error,) = [item for item in items if isinstance(item, SourceError)]
    problem = "larger than 1 MiB: only its beginning was read"
    assert error == SourceError("inbox", "inbox.mbox message 1", problem, str(path))


class _SmallReads(io.BytesIO):
    """A stream that gives at most so many bytes at once."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size if size is None or size < 0 else min(size, self._size))


PIECES = [
    b"From - Mon Mar 11 12:30:00 2024\n",
    b"Subject: a\n",
    b"\n",
    b"\nFrom ",
    b"From me\n",
    b">From you\n",
    b"body\r\n",
    b"From a 1:11 2024\nX: y\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.integers(1, 50), st.integers(1, 200))
def test_splitting_does_not_depend_on_how_the_bytes_arrive(pieces: list[bytes], size: int, kept: int) -> None:
    data = b"".join(pieces)
    whole = list(split_mbox(io.BytesIO(data), 0, kept))
    assert whole == list(split_mbox(_SmallReads(data, size), 0, kept))
    assert all(len(record.raw) <= kept for record in whole)
    for record in whole:
        rest = list(split_mbox(io.BytesIO(data[record.end :]), record.end, kept))
        assert rest == [later for later in whole if later.end > record.end]


@given(st.binary(max_size=500))
def test_no_bytes_make_splitting_fail(data: bytes) -> None:
    assert sum(1 for _ in split_mbox(io.BytesIO(data), 0, 100)) <= 1 + data.count(b"From ")


def test_a_maildir_with_folders_is_read_once(tmp_path: Path) -> None:
    for number, folder in enumerate(("new", "cur", ".Sent/cur", "tmp")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"17{number}.M1.host:2,S").write_bytes(numbered(1, first=number)[0])
    source = MaildirSource("post", [tmp_path], build.cast_identity())
    items = list(source.read(None))
    assert sorted(ids(items)) == ["0", "1", "2"]
    cursor = last_cursor(items)
    assert ids(list(source.read(cursor))) == []
    late = tmp_path / "new" / "189.M1.host"
    late.write_bytes(numbered(1, first=9)[0])
    os.utime(late, (0, 0))  # an old mail that is moved in keeps its date
    assert ids(list(source.read(cursor))) == ["9"]


@pytest.mark.parametrize("mark", [":", ";"])
def test_flags_do_not_make_a_mail_of_a_maildir_new(tmp_path: Path, mark: str) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    path = tmp_path / "new" / "17.M1.host"
    path.write_bytes(numbered(1)[0])
    source = MaildirSource("post", [tmp_path], build.cast_identity())
    cursor = last_cursor(list(source.read(None)))
    for flags in ("2,", "2,S", "2,RS"):
        path = path.rename(tmp_path / "cur" / f"17.M1.host{mark}{flags}")
        assert [type(item) for item in source.read(cursor)] == [Checkpoint]
    path.with_name(f"17.M2.host{mark}2,RS").write_bytes(numbered(1, first=1)[0])
    assert ids(list(source.read(cursor))) == ["1"]


@pytest.mark.parametrize("kind", [MaildirSource, EmlSource])
def test_a_mail_that_seems_older_than_one_read_before_is_not_lost(
    kind: type[MaildirSource | EmlSource], tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    late, early = folder / "late.eml", folder / "early.eml"
    early.write_bytes(
        numbered(1)[0]
    )  # its state changes before the other's does, and it is moved in after that one was read
    aside = early.rename(tmp_path / "aside")
    late.write_bytes(numbered(1, first=1)[0])
    far_future_s = 4_000_000_000
    os.utime(late, (far_future_s, far_future_s))
    source = kind("post", [tmp_path], build.cast_identity())
    cursor = last_cursor(list(source.read(None)))
    aside.rename(early)
    grown = list(source.read(cursor))
    assert ids(grown) == ["0"]
    assert ids(list(source.read(last_cursor(grown)))) == []


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux")
@pytest.mark.parametrize("kind", [MaildirSource, EmlSource])
def test_a_mail_that_could_not_be_read_is_tried_again(kind: type[MaildirSource | EmlSource], tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    path, other = tmp_path / "new" / "17.M1.eml", tmp_path / "new" / "17.M2.eml"
    path.symlink_to(UNREADABLE)
    other.write_bytes(numbered(1, first=1)[0])
    source = kind("post", [tmp_path], build.cast_identity())
    items = list(source.read(None))
    assert Counter(map(type, items)) == {SourceError: 1, OutOfReach: 1, Message: 1, Checkpoint: 1}
    path.unlink()
    path.write_bytes(numbered(1)[0])
    assert ids(list(source.read(last_cursor(items)))) == ["0"]


def test_an_eml_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(numbered(1)[0])
    source = EmlSource("files", [tmp_path], build.cast_identity())
    cursor = last_cursor(list(source.read(None)))
    path.write_bytes(numbered(1, first=10)[0])
    assert ids(list(source.read(cursor))) == ["10"]


def test_eml_files_are_found_in_folders_and_named_ones_whatever_their_ending(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.eml").write_bytes(numbered(1)[0])
    (tmp_path / "note.txt").write_bytes(b"no mail")
    (tmp_path / "b").write_bytes(numbered(1, first=1)[0])
    apple = numbered(1, first=2)[0]
    (tmp_path / "c.emlx").write_bytes(str(len(apple)).encode() + b"\n" + apple + b"<?xml?><plist/>")
    source = EmlSource("files", [tmp_path, tmp_path / "b"], build.cast_identity())
    assert sorted(ids(list(source.read(None)))) == ["0", "1", "2"]
    assert ids(list(source.read(last_cursor(list(source.read(None)))))) == []


def test_the_same_mail_in_two_mailboxes_has_one_id(tmp_path: Path) -> None:
    raw = build.mail("From time to time\n", message_id=None)
    (tmp_path / "a.eml").write_bytes(raw.replace(b"\n", b"\r\n"))
    (tmp_path / "a.mbox").write_bytes(build.mbox(raw.replace(b"\nFrom ", b"\n>From ")))
    from_eml = list(EmlSource("e", [tmp_path], build.cast_identity()).read(None))
    from_mbox = list(MboxSource("m", [tmp_path], build.cast_identity()).read(None))
    assert [i for i in from_eml if isinstance(i, Message)] == [i for i in from_mbox if isinstance(i, Message)] != []


@pytest.mark.parametrize("kind", [MboxSource, MaildirSource, EmlSource])
def test_a_path_that_is_gone_raises_and_says_so(kind: type[MboxSource], tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="there is no"):
        list(kind("inbox", [tmp_path / "gone"], build.cast_identity()).read(None))


def test_a_file_that_is_gone_leaves_the_cursor(tmp_path: Path) -> None:
    for name in ("a.mbox", "b.mbox"):
        (tmp_path / name).write_bytes(build.mbox(*numbered(1)))
    cursor = last_cursor(list(mbox_source(tmp_path).read(None)))
    (tmp_path / "a.mbox").unlink()
    items = list(mbox_source(tmp_path).read(cursor))
    assert announced(items) == items[:-1] == [Reread("inbox", str(tmp_path / "a.mbox"))]
    assert len(json.loads(last_cursor(items))["files"]) == 1


@pytest.fixture
def parsers() -> Path:
    if not PARSERS.is_dir():
        pytest.skip("the shared parser data is not there")
    return PARSERS


@pytest.mark.shared
def test_all_two_hundred_real_list_mails_are_read(parsers: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.mbox.gz"
    shutil.copy(parsers / "linux_mips_raw.mbox.gz", path)
    with gzip.open(path) as stream:
        raw = stream.read()
    senders = {found.decode("latin-1") for found in re.findall(rb"^From:[^\n]*?([\w.+-]+@[\w.-]+)", raw, re.MULTILINE)}
    contacts = [Contact(address, "list", addresses=(address,)) for address in senders]
    identity = Identity(own_domains=("buro.example",), clients=(Client("list", "The list"),), contacts=contacts)
    items = list(MboxSource("list", [path], identity).read(None))
    assert Counter(map(type, items)) == {Message: 200, Checkpoint: 1}
    messages = [item for item in items if isinstance(item, Message)]
    assert len({item.event_id for item in messages}) == 200
    assert all(item.at <= item.known_at and item.contact_id for item in messages)
    assert not any(item.automatic for item in messages)  # "Precedence: bulk", yet written by people we know
    assert sum(bool(item.text) for item in messages) >= 190
    assert items == list(MboxSource("list", [path], identity).read(None))


@pytest.mark.shared
def test_hostile_mails_are_all_survived(parsers: Path, tmp_path: Path) -> None:
    with tarfile.open(parsers / "spamscope_mail_parser.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    paths = sorted((tmp_path / "tests" / "mails").iterdir())
    identity = build.cast_identity()
    items = [item for path in paths for item in EmlSource("spam", [path], identity).read(None)]
    assert Counter(map(type, items)) == {UnknownCorrespondent: 22, Skipped: 22, SourceError: 1, Checkpoint: 23}
    senders = {item.address for item in items if isinstance(item, UnknownCorrespondent)}
    spammers = Identity(
        clients=(Client("spam", "Spam"),), contacts=[Contact(a, "spam", addresses=(a,)) for a in senders]
    )
    read = [item for path in paths for item in EmlSource("spam", [path], spammers).read(None)]
    assert sum(isinstance(item, Message) for item in read) == 22
