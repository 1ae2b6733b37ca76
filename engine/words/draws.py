"""Drawing lots (双随机) so that anybody can draw them again: the same seed and the same list give the same result.

Each member, as canonical JSON, is hashed together with the seed (SHA-256 of seed, a line feed, the member); the members
with the smallest hashes are drawn, in that order. Nothing of it depends on the order of the list, the machine or the
program, and one more member does not change how the others stand to each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

ALGORITHM = "sha256-least"
MOST_MEMBERS = 20_000


def seed_of(case: str, element: str, nth: int, at: str, by: str) -> str:
    """The seed of one draw, out of what the case itself records: its number, the step, how many draws went before,
    the moment of the act (ISO, UTC) and who acted. Nobody chooses it."""
    return hashlib.sha256("\n".join([case, element, str(nth), at, by]).encode()).hexdigest()


def distinct(members: Sequence[Any]) -> list[Any]:
    """Each member once, sorted by its canonical text."""
    return [orjson.loads(text) for text in sorted({_text(member) for member in members})]


def digest_of(members: Sequence[Any]) -> str:
    """A fingerprint of the list the lots are drawn from, whatever its order: of the sorted texts, one a line."""
    return hashlib.sha256(b"\n".join(sorted({_text(member) for member in members}))).hexdigest()


def draw(seed: str, members: Sequence[Any], count: int) -> list[Any]:
    """`count` of the members (all, if there are no more), in the order in which they are drawn."""
    ranked = sorted((_lot(seed, text), text) for text in {_text(member) for member in members})
    return [orjson.loads(text) for _lot_, text in ranked[: max(count, 0)]]


def holds(seed: str, members: Sequence[Any], digest: str, count: int, drawn: Sequence[Any]) -> bool:
    """Whether a recorded draw comes out the same when it is drawn again."""
    again = draw(seed, members, count)
    return digest_of(members) == digest and [_text(one) for one in again] == [_text(one) for one in drawn]


def _text(member: Any) -> bytes:
    return orjson.dumps(member, option=orjson.OPT_SORT_KEYS)


def _lot(seed: str, text: bytes) -> str:
    return hashlib.sha256(seed.encode() + b"\n" + text).hexdigest()
