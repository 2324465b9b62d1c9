"""How exactly the writer's own text is found in mails whose own text is known, beside other parsers, and how fast.

The invented mails were written by an author who had not seen the rules, and split before any rule was tuned on the one half; the
open ones are two published collections (data not included). All mails were written by people who know what a parser must do, so
read these figures as a ceiling.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.intervals import wilson
from churnwatch.sources.html_text import html_to_text
from churnwatch.sources.mime import read_body, split_headers
from churnwatch.sources.replies import own_text

ROOT = Path(__file__).resolve().parents[1]
LIST_MAILS = ROOT.parent / "shared" / "data" / "parsers" / "linux_mips_raw.mbox.gz"
_FROM_LINE = re.compile(rb"^From mboxrd@z .*\n", re.MULTILINE)
_ROUNDS = 7
_HOSTILE_LINES = 1000
_HOSTILE_CHARS = 5000  # of HTML, in pieces
_GROWTH = 4

Parser = Callable[[str, str | None], str]

HOSTILE = {
    "quoted lines": "> a\n",
    "deeper and deeper": ">",
    "On, without end": "On ",
    "On, each line": "On 1\n",
    "colons": ":",
    "lines with a colon": "a:\n",
    "dates with address": "11.03.2024 12:30 a@b.example\n",
    "wrote:": "wrote:\n",
    "blank lines": "\n",
    "one long line": "слово ",
    "From:": "From: a\n",
    "From:, Subject:": "From: a\nSubject: b\n",
    "closing formulas": "С уважением,\n",
    "closings, postscripts": "С уважением,\nP.S. a\n",
    "rulers": "_____\na\n",
    "delimiters": "--\nКороткий текст.\n",
    "disclaimers": "this message is confidential\n\n",
    "names": "Ann\n\n",
    "answers between quotes": "> a\nb\n",
}
HOSTILE_HTML = {
    "blockquotes": "<blockquote>a",
    "ends of blockquotes": "</blockquote>",
    "unclosed tags": "<div ",
    "unclosed attributes": '<a b="',
    "unclosed comments": "<!--",
    "signatures": '<div class="signature">',
    "line breaks": "<br>",
    "entities": "&amp;&#99999999999;",
    "long attributes": "<div class=" + "a class=" * 50 + ">",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail and the text in it that a person reads as the writer's own."""

    body: str
    html: str | None
    own: str


@dataclass(frozen=True, slots=True)
class Score:
    """Mails, those read exactly, those with foreign text left and with own text lost, and the shares of characters of either."""

    mails: int
    exact: int
    with_left: int
    left_share: float  # of the characters that should go
    with_lost: int
    lost_share: float  # of the characters that should stay

    def __str__(self) -> str:
        return (
            f"{self.exact:>3} of {self.mails:<3} {wilson(self.exact, self.mails, 3):<20} "
            f"{self.with_left:>4} {self.left_share:>7.2%} {self.with_lost:>5} {self.lost_share:>7.2%}"
        )


def score(mails: Sequence[Mail], parser: Parser) -> Score:
    """How a parser reads the mails; how many blank lines it leaves between paragraphs does not count."""
    exact = with_left = with_lost = left = lost = foreign = own = 0
    for mail in mails:
        found = parser(mail.body, mail.html)
        exact += _paragraphs(found) == _paragraphs(mail.own)
        given, wanted = _lines(found), _lines(mail.own)
        extra, missing = _chars(given - wanted), _chars(wanted - given)
        with_left, with_lost, left, lost = (
            with_left + bool(extra),
            with_lost + bool(missing),
            left + extra,
            lost + missing,
        )
        own += _chars(wanted)
        foreign += _chars(_lines(_plain(mail.body, mail.html)) - wanted)
    return Score(len(mails), exact, with_left, left / max(foreign, 1), with_lost, lost / max(own, 1))


def collections() -> dict[str, list[Mail]]:
    """The invented mails by split, and the open ones where their data is there."""
    sys.path.insert(0, str(ROOT / "tests" / "sources"))
    cases, open_mails = import_module("own_text_cases").cases, import_module("open_mails").open_mails
    found = {split: [Mail(case.body, case.html, case.own) for case in cases(split)] for split in ("tune", "test")}
    return found | {"open": [Mail(mail.body, None, mail.own) for mail in open_mails()]}


def parsers() -> dict[str, Parser | None]:
    """Ours and, where they are installed, the others; these read plain text alone and get ours of an HTML mail."""
    found: dict[str, Parser | None] = {"churnwatch": own_text}
    try:
        languages = ["en", "de", "da", "fr", "es", "it", "nl", "pl", "sv", "cs", "ja", "ko", "zh", "david"]
        other = import_module("mailparser_reply").EmailReplyParser(languages=languages)
        found["mail-parser-reply"] = lambda body, html: other.parse_reply(_plain(body, html)) or ""
    except ImportError:
        found["mail-parser-reply"] = None
    try:
        older = import_module("email_reply_parser").EmailReplyParser
        found["email-reply-parser"] = lambda body, html: older.parse_reply(_plain(body, html))
    except ImportError:
        found["email-reply-parser"] = None
    return found


def list_mails() -> list[Mail]:
    """Bodies of a public mailing list, whose own text nobody has marked; none where the data is not there."""
    if not LIST_MAILS.is_file():
        return []
    mails = _FROM_LINE.split(gzip.decompress(LIST_MAILS.read_bytes()))[1:]
    bodies = [read_body(*split_headers(mail)) for mail in mails]
    return [Mail("\n".join(text.content for text in body.texts if not text.html), None, "") for body in bodies]


def timed_mix(tune: Sequence[Mail], listed: Sequence[Mail]) -> list[Mail]:
    """Mails to time: half the tune mails, half a mailing list's, as many of the shorter as of the longer collection."""
    most = max(len(tune), len(listed))
    return [mails[number % len(mails)] for mails in (tune, listed) if mails for number in range(most)]


def mails_per_second(mails: Sequence[Mail], parser: Parser, rounds: int = _ROUNDS) -> float:
    """The best of several rounds on one core, by processor time."""
    return len(mails) / min(_took(mails, parser) for _ in range(rounds))


def growth(piece: str, *, html: bool) -> tuple[float, float]:
    """Milliseconds for a hostile mail of so many pieces, and how many times as long one of four times as many takes."""
    count = _HOSTILE_CHARS if html else _HOSTILE_LINES
    small, large = (Mail("", piece * n, "") if html else Mail(piece * n, None, "") for n in (count, count * _GROWTH))
    first, second = (min(_took([mail], own_text) for _ in range(_ROUNDS)) for mail in (small, large))
    return first * 1000, second / first


def _took(mails: Sequence[Mail], parser: Parser) -> float:
    begun = time.process_time()
    for mail in mails:
        parser(mail.body, mail.html)
    return time.process_time() - begun


def _plain(body: str, html: str | None) -> str:
    return body if body.strip() or html is None else html_to_text(html)


def _paragraphs(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")


def _lines(text: str) -> Counter[str]:
    return Counter(line for line in (line.strip() for line in text.replace("\xa0", " ").split("\n")) if line)


def _chars(lines: Mapping[str, int]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def measure() -> dict[str, object]:
    """Everything that is printed."""
    found, listed = collections(), list_mails()
    mix = timed_mix(found["tune"], listed)
    installed = {name: parser for name, parser in parsers().items() if parser is not None}
    return {
        "scores": {
            split: {name: score(mails, parser) for name, parser in installed.items()}
            for split, mails in found.items()
            if mails
        },
        "missing": [name for name, parser in parsers().items() if parser is None],
        "mix": {
            "mails": len(mix),
            "of_a_list": len(mix) // 2 if listed else 0,
            "chars": sum(len(mail.body or mail.html or "") for mail in mix) / len(mix),
        },
        "mails_per_second": {name: mails_per_second(mix, parser) for name, parser in installed.items()}
        | {"str.splitlines": mails_per_second(mix, lambda body, html: "\n".join((body or html or "").splitlines()))},
        "growth": {name: growth(piece, html=False) for name, piece in HOSTILE.items()}
        | {f"HTML: {name}": growth(piece, html=True) for name, piece in HOSTILE_HTML.items()},
    }


def show(figures: dict[str, object]) -> None:
    """Print the tables."""
    for split, scores in figures["scores"].items():  # type: ignore[attr-defined]
        print(f"{split:<20} exact      share [95 %]          mails with text left   own text lost")
        for name, one in scores.items():
            print(f"  {name:<18} {one}")
    for name in figures["missing"]:  # type: ignore[attr-defined]
        print(f"{name}: not installed, skipped")
    mix = figures["mix"]
    print(
        f"\nSpeed, one core, {mix['mails']} mails, {mix['of_a_list']} of them of a mailing list, {mix['chars']:.0f} characters on average:"
    )  # type: ignore[index]
    for name, speed in figures["mails_per_second"].items():  # type: ignore[attr-defined]
        print(f"  {name:<20} {speed:>9,.0f} mails/s")
    print(f"\nHostile mails: ms for n pieces, and how many times that for {_GROWTH}n ({_GROWTH:.1f} is linear)")
    for name, (milliseconds, times) in figures["growth"].items():  # type: ignore[attr-defined]
        print(f"  {name:<30} {milliseconds:>8.2f} {times:>5.1f}")


def main(arguments: Sequence[str]) -> None:
    """Print the figures; with `--json`, as JSON."""
    figures = measure()
    if "--json" in arguments:
        print(json.dumps(figures, default=asdict, indent=2))
    else:
        show(figures)


if __name__ == "__main__":
    main(sys.argv[1:])
