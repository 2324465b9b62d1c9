"""Two open collections of mail bodies, and which lines of each are the writer's own.

The collections come as texts without expectations, so these are ours, by the rules of own_text_mails/README.md. They differ from
what a parser of visible replies would say in this: names and list footers below a text are no words of the writer's.
"""

import tarfile
from dataclasses import dataclass
from pathlib import Path

ARCHIVES = Path(__file__).resolve().parents[3] / "shared" / "data" / "parsers"
_COLLECTIONS = ("email_reply_parser", "mail_parser_reply")

# Line numbers from 1; a gap between two of them is one blank line.
_IN_BOTH = {
    "correct_sig": "1",
    "email_1_1": "1 3-5",
    "email_1_3": "1 3",
    "email_1_4": "1",
    "email_1_5": "1 3-8 10-12 14-15",
    "email_1_6": "1",
    "email_1_7": "1",
    "email_1_8": "13 19",
    "email_2_1": "1",
    "email_2_2": "1",
    "email_2_3": "1",
    "email_bullets": "1 3 5 8-9",
    "email_one_is_not_on": "1 3 5",
    "email_sig_delimiter_in_middle_of_line": "1 3 5 7",
    "greedy_on": "1 3 5-6",
    "pathological": "1-2",
}
_OWN_LINES = {
    "email_reply_parser": _IN_BOTH
    | {
        "email_1_2": "1 9-11 13 15-17 19-21 24 26 28 30 32-34",
        "email_BlackBerry": "1",
        "email_iPhone": "1",
        "email_long_quote": "1 3-4 6-8",
        "email_multi_word_sent_from_my_mobile_device": "1",
        "email_sent_from_my_not_signature": "1 3",
    },
    "mail_parser_reply": _IN_BOTH
    | {
        "begins_with_signature": "1 3-4",
        "caution": "5 8 10-11 14-20 23 26",
        "caution2": "1 3",
        "email_3_1": "1 3",
        "email_danish_1": "1 3",
        "email_danish_2": "1 3",
        "email_danish_3": "1 3",
        "email_danish_4": "1 3",
        "email_danish_5": "1 3",
        "email_gmail": "1",
        "email_headers_no_delimiter": "1",
        "email_ja_1_1": "1",
        "email_ja_1_2": "1 3 5 8",
        "email_nl_1_1": "1 3-4",
        "email_nl_1_2": "1",
        "email_partial_quote_header": "1 3 5-6",
        "email_pl_1_1": "",
        "email_pl_1_2": "",
        "email_pl_1_3": "",
        "email_sent_from_BlackBerry": "1",
        "email_sent_from_iPhone": "1",
        "email_sent_from_multi_word_mobile_device": "1",
        "email_sent_from_not_signature": "1 3",
        "email_sv_anon_1": "1 3-4",
        "email_swedish_1": "1 3 5",
        "email_swedish_2": "1 3-5",
        "forward": "1-5",
        "multi_header": "1",
        "multiline_on": "",
        "multiline_on_de": "1",
        "outlook": "1 3 5-6 8",
    },
}
# Why an expectation is what it is, where a reader may well think otherwise.
REASONS = {
    "email_1_1": "the name behind a dash and the list's footer sign the mail",
    "email_1_6": "'Sent from a magnificent torch of pixels' is what a phone was told to say",
    "email_3_1": "below the marked quote stands the mail that a program passed on, with a head without colons",
    "email_long_quote": "the line of marks is quoted; what stands below it is the writer's",
    "email_pl_1_1": "a mail that begins with another mail's header is that mail, passed on",
    "multiline_on": "nobody can tell an answer under a head without marks",
    "caution2": "a bare name signs the mail, though it ends with a full stop",
}


@dataclass(frozen=True, slots=True)
class OpenMail:
    """One body of a collection, and its own text."""

    name: str
    body: str
    own: str


def open_mails(archives: Path = ARCHIVES) -> list[OpenMail]:
    """All bodies of both collections; none where the data is not there."""
    if not archives.is_dir():
        return []
    return [mail for collection in _COLLECTIONS for mail in _read(archives / f"{collection}.tar.gz", collection)]


def _read(archive: Path, collection: str) -> list[OpenMail]:
    mails = []
    with tarfile.open(archive) as files:
        for member in sorted((one for one in files if one.name.endswith(".txt")), key=lambda one: one.name):
            body = files.extractfile(member).read().decode("utf-8")  # type: ignore[union-attr]
            name = Path(member.name).stem
            mails.append(OpenMail(f"{collection}/{name}", body, _lines(body, _OWN_LINES[collection][name])))
    return mails


def _lines(body: str, numbers: str) -> str:
    lines = body.replace("\r\n", "\n").split("\n")
    ranges = [(int(first), int(last or first)) for first, _, last in (one.partition("-") for one in numbers.split())]
    return "\n\n".join("\n".join(line.rstrip() for line in lines[first - 1 : last]) for first, last in ranges)
