"""The patterns of a commitment in both languages at once: what commits, and what makes it none."""

import re

from churnwatch.model.promises import english, russian

# The name of a group says how it commits: `will`, someone of us will; `now`, is about to; `thing`, a thing will be there.
COMMITS = re.compile(
    rf"\b(?<!\bне )(?:(?P<will>{russian.WILL}|{english.WILL})|(?P<now>{russian.NOW}|{english.NOW})"
    rf"|(?P<thing>{russian.THING}|{english.THING}))"
)
_OPENING = r"\s{0,3}(?:(?:and|then|we|i)\s){0,2}"
COMMITS_OPENING_A_CLAUSE = re.compile(
    rf"{_OPENING}(?:(?P<will>{english.OPENING_WILL})|(?P<now>{english.OPENING_NOW})|(?P<thing>{english.OPENING_THING}))"
)
GOES_ON = re.compile(rf"{_OPENING}{english.VERB}")  # after "I'll look into it and"

TAG_QUESTION = re.compile(rf"[,.\s-]{{1,3}}(?:{russian.TAG_QUESTION}|{english.TAG_QUESTION})\s?\?\s{{0,3}}$")
CONDITION_OR_HEDGE = re.compile(rf"\b(?:{russian.CONDITION_OR_HEDGE}|{english.CONDITION_OR_HEDGE})\b")
JOINT_OR_ASKED = re.compile(rf"\b(?:{russian.JOINT_OR_ASKED}|{english.JOINT_OR_ASKED})\b")
THIRD_PARTY = re.compile(rf"\b(?:{russian.THIRD_PARTY}|{english.THIRD_PARTY})\b")
THEIR_DEED = re.compile(rf"\b(?:{russian.THEIR_DEED}|{english.THEIR_DEED})\b")
