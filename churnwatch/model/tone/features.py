"""What a message consists of for the tone model: hashed words, parts of words, pairs of neighbouring words and signs.

Everything goes by the column: texts are cut at blanks by Arrow, each distinct token is taken apart once, and what is left per
token is one look-up. The same code serves training and scoring.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from churnwatch.model.own_words import MAX_CHARACTERS, own_words

BITS = 19
BUCKETS = 1 << BITS
_PART_LETTERS = (3, 4, 5)
_PART_WEIGHT = 0.3  # of a run of letters, where a word or a pair of words weighs 1
_MAX_TOKEN = 40  # characters of a token that are looked at

Places = NDArray[np.int32]
Hashes = NDArray[np.uint64]

_PIECE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_STRANGE = re.compile(r"[^\w\s,;:.!?()'\"/+-]")
_FOREIGN = r'["«>`„“]'
_PLAIN = str.maketrans({"ё": "е", "Ё": "Е", "’": "'", "‘": "'", "‑": "-"})
_PRIME, _SPREAD = np.uint64(1099511628211), np.uint64(0x9E3779B97F4A7C15)
_NEXT, _FARTHER = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x51ED270B9F2E3D37)
_POWERS = np.multiply.accumulate(np.full(_MAX_TOKEN + 40, _PRIME))
_BEGINNING = np.uint64(0x1234567)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Messages as runs of tokens: message m has `code[start[m]:start[m + 1]]`, places in the list of distinct tokens."""

    code: Places
    start: Places
    distinct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edges:
    """The first and the last word of each distinct token, hashed: what neighbours see of it."""

    first: Hashes
    last: Hashes


def tokens(texts: Sequence[str]) -> Tokens:
    """Cut messages at blanks; only the writers' own words are looked at."""
    try:
        column = pa.array(texts, pa.string())
    except UnicodeEncodeError:  # half a character, as broken mail has it
        column = pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.string())
    strange = pc.or_(pc.match_substring_regex(column, _FOREIGN), pc.greater(pc.binary_length(column), MAX_CHARACTERS))
    if pc.any(strange).as_py():
        own = [own_words(text) for text in column.filter(strange).to_pylist()]
        column = pc.replace_with_mask(column, strange, pa.array(own, pa.string()))
    lists = pc.utf8_split_whitespace(column)
    words = lists.values.dictionary_encode()
    return Tokens(words.indices.to_numpy(), lists.offsets.to_numpy(), tuple(words.dictionary.to_pylist()))


def units(distinct: Sequence[str]) -> tuple[csr_matrix, Edges]:
    """Distinct tokens taken apart: what each tells by itself, a sparse row of bucket weights a token; and its edges."""
    pieces: list[str] = []
    piece_of: list[int] = []
    signs: list[str] = []
    sign_of: list[int] = []
    firsts, lasts = [], []
    valence = _valence()
    for place, written in enumerate(distinct):
        first, last, bare, told = _apart(written, valence)
        firsts.append(first)
        lasts.append(last)
        pieces += bare
        piece_of += [place] * len(bare)
        signs += told
        sign_of += [place] * len(told)
    parts, part_of = _parts(pieces)
    of_piece = np.array(piece_of, dtype=np.int32)
    token = np.concatenate([np.array(sign_of, dtype=np.int32), of_piece, of_piece[part_of]])
    bucket = bucket_of(np.concatenate([hashed(signs), hashed(pieces), parts]))
    weight = np.ones(len(bucket), dtype=np.float32)
    weight[len(bucket) - len(parts) :] = _PART_WEIGHT
    told_by_each = csr_matrix((weight, (token, bucket)), shape=(len(distinct), BUCKETS))
    return told_by_each, Edges(hashed(firsts), hashed(lasts))


def pairs(given: Tokens, edges: Edges) -> tuple[Places, Places]:
    """The bucket of each token with the one before it, and with the one before that; a message's own beginning stands for none."""
    size = len(given.code)
    first, last = edges.first[given.code], (edges.last * _NEXT)[given.code]
    begins = given.start[:-1][np.diff(given.start) > 0]
    before, earlier = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint64)
    before[1:] = last[:-1]
    before[begins] = _BEGINNING
    earlier[1:] = before[:-1]
    earlier[begins] = _BEGINNING
    return bucket_of(before ^ first), bucket_of((earlier * _FARTHER) ^ first)


def matrix(texts: Sequence[str]) -> csr_matrix:
    """What each message tells, a sparse row of bucket weights a message: what the model is trained on."""
    given = tokens(texts)
    told, edges = units(given.distinct)
    counted = counts(given, given.code, len(given.distinct)) @ told
    for bucket in pairs(given, edges):
        counted = counted + counts(given, bucket, BUCKETS)
    return cast("csr_matrix", counted.tocsr())


def counts(given: Tokens, of_token: Places, width: int) -> csr_matrix:
    """Per message, how often each number below `width` stands at one of its tokens."""
    once = np.ones(len(of_token), dtype=np.float32)
    return csr_matrix((once, of_token, given.start), shape=(len(given.start) - 1, width))


def bucket_of(found: Hashes) -> Places:
    """The bucket of each hash."""
    return ((found * _SPREAD) >> np.uint64(64 - BITS)).astype(np.int32)


def hashed(strings: Sequence[str]) -> Hashes:
    """A 64-bit hash of each string that is not empty."""
    if not len(strings):
        return np.empty(0, dtype=np.uint64)
    letters, start = _letters(strings)
    place = np.arange(len(letters)) - np.repeat(start[:-1], np.diff(start))
    return np.add.reduceat(letters * _POWERS[place], start[:-1])


def _parts(pieces: Sequence[str]) -> tuple[Hashes, Places]:
    """Runs of letters in each piece between its brackets, hashed, and the piece of each."""
    if not pieces:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int32)
    letters, start = _letters([f"<{piece}>" for piece in pieces])
    piece = np.repeat(np.arange(len(pieces), dtype=np.int32), np.diff(start))
    left = np.repeat(start[1:], np.diff(start)) - np.arange(len(letters))
    found, of = [], []
    for size in _PART_LETTERS:
        sums = np.full(max(len(letters) - size + 1, 0), np.uint64(size * 7919))
        for step in range(size):
            sums += letters[step : step + len(sums)] * _POWERS[step + 3]
        whole = left[: len(sums)] >= size
        found.append(sums[whole])
        of.append(piece[: len(sums)][whole])
    return np.concatenate(found), np.concatenate(of)


def _letters(strings: Sequence[str]) -> tuple[Hashes, Places]:
    start = np.zeros(len(strings) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in strings], out=start[1:])
    return np.frombuffer("".join(strings).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64), start


def _apart(token: str, valence: Mapping[str, str]) -> tuple[str, str, list[str], list[str]]:
    """The first and the last word for pairs, the words whose parts count, and what else the token tells."""
    if "://" in token or token.startswith("www."):
        return "#url", "#url", [], ["#url"]
    if "@" in token:
        name = "#at" if token[0] == "@" else "#mail"
        return name, name, [], [name]
    token = token[:_MAX_TOKEN].translate(_PLAIN)
    folded = _STRETCHED.sub(r"\1\1", token.lower())
    pieces = ["0" if piece[0].isdigit() else piece for piece in _PIECE.findall(folded)]
    words = [piece for piece in pieces if piece != "0"]
    told = [bent for word in words if (bent := valence.get(word) or _by_stem(word, valence))]
    if "0" in pieces:
        told.append("#0")
    end = len(folded.rstrip("!?.…,;:)(\"'»*"))
    tail = folded[end:]
    if tail:
        told.append(f"#.{tail[:3]}")
        if words:
            told.append(f"{words[-1]}.{tail[:3]}")
    if words and len(token) > 1 and token.isupper():
        told += ["#caps", f"{words[0]}#caps"]
    if strange := _STRANGE.findall(folded):
        told += [f"#{sign}" for sign in strange]
        told += [bent for sign in strange if (bent := valence.get(sign))]
    if not words and (bent := valence.get(folded)):
        told.append(bent)
    if not pieces:
        name = f"#{folded[:3]}"
        return name, name, [], [*told, name]
    return pieces[0], pieces[-1], words, told


def _by_stem(word: str, valence: Mapping[str, str]) -> str | None:
    for size in range(len(word), 2, -1):
        if bent := valence.get(f"{word[:size]}*"):
            return bent
    return None


@lru_cache(maxsize=1)
def _valence() -> Mapping[str, str]:
    """How words sound in a customer's mouth, as signs of their own."""
    found: dict[str, str] = {}
    for language in ("en", "ru"):
        text = resources.files(__package__).joinpath(f"valence-{language}.tsv").read_text("utf-8")
        for line in text.splitlines()[1:]:
            stem, told = line.split("\t")
            found[stem] = f"#v{told}"
    return found
