"""How the rules of a decision table stand to each other: which match together, which never count, what none matches.

A column is cut into regions that no cell tells apart (`feel/regions.js`); a rule is then a box of regions, and boxes
are compared exactly. Cells that are general expressions are left open, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from engine.notation import expressions
from engine.notation.dmn import Rule, Table

MAX_PAIRS = 500_000
MAX_BOXES = 20_000
_AT = datetime(2000, 1, 1, tzinfo=UTC)
Box = tuple[int, ...]  # one set of regions for each column, as bits


class TooMany(Exception):
    """More combinations than are looked at."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rules that match the same input, and such an input: column label → value as FEEL."""

    first: Rule
    second: Rule
    example: dict[str, str]


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule that never counts: `why` is impossible (its cells allow no input), masked (`by` come before it) or
    repeated (`by` says the same)."""

    rule: Rule
    why: str
    by: tuple[Rule, ...]
    example: dict[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a table. `open`: rules with a cell that is no plain test; `gap`: an input no rule matches,
    `sure` when none of the open rules could; `limited`: more combinations than are looked at."""

    clashes: tuple[Clash, ...]
    idle: tuple[Idle, ...]
    gap: dict[str, str] | None
    sure: bool
    open: tuple[Rule, ...]
    limited: bool


@lru_cache(maxsize=256)
def judge(table: Table) -> Verdict:
    """Raises ExpressionFailed when even the cutting takes too long."""
    return _Judge(table).verdict()


class _Judge:
    def __init__(self, table: Table) -> None:
        self.table = table
        columns = [
            {"type": column.type, "allowed": column.allowed, "cells": [rule.cells[n] for rule in table.rules]}
            for n, column in enumerate(table.inputs)
        ]
        question = {"kind": "regions", "context": 0, "columns": columns}
        (answer,) = expressions.put([question], [{}], _AT, UTC)
        if "error" in answer:
            raise expressions.failure("", answer["error"])
        self.regions: list[list[str]] = [each["regions"] for each in answer["columns"]]
        cells = [each["cells"] for each in answer["columns"]]
        self.full: Box = tuple((1 << len(regions)) - 1 for regions in self.regions)
        self.closed: list[tuple[Rule, Box]] = []
        self.open: list[tuple[Rule, Box]] = []
        for row, rule in enumerate(table.rules):
            asked = [column[row] for column in cells]
            box = tuple(
                whole if found is None else sum(1 << n for n in found)
                for found, whole in zip(asked, self.full, strict=True)
            )
            (self.open if None in asked else self.closed).append((rule, box))

    def verdict(self) -> Verdict:
        clashes: tuple[Clash, ...] = ()
        idle: tuple[Idle, ...] = ()
        gap, sure, limited = None, True, False
        try:
            clashes = tuple(self._clashes())
            idle = tuple(self._idle(clashes))
            gap, sure = self._gap()
        except TooMany:
            limited = True
        return Verdict(clashes, idle, gap, sure, tuple(rule for rule, _ in self.open), limited)

    def _clashes(self) -> Iterator[Clash]:
        """Where only one rule may match, or all must agree."""
        if self.table.policy not in ("U", "A"):
            return
        if len(self.closed) ** 2 // 2 > MAX_PAIRS:
            raise TooMany
        for n, (rule, box) in enumerate(self.closed):
            for other, second in self.closed[n + 1 :]:
                both = tuple(a & b for a, b in zip(box, second, strict=True))
                if all(both) and (self.table.policy == "U" or _differ(rule, other)):
                    yield Clash(rule, other, self._example(both))

    def _idle(self, clashes: Sequence[Clash]) -> Iterator[Idle]:
        clashing = {each.second.id for each in clashes}
        for n, (rule, box) in enumerate(self.closed):
            if not all(box):
                yield Idle(rule, "impossible", (), {})
                continue
            before = self._before(n, rule)
            if not before or rule.id in clashing:
                continue
            left = [box]
            used = []
            for other, second in before:
                smaller = _without(left, second)
                if smaller != left:
                    used.append(other)
                left = smaller
            if not left:
                why = "masked" if self.table.policy in ("F", "P") else "repeated"
                yield Idle(rule, why, tuple(used), self._example(box))

    def _before(self, place: int, rule: Rule) -> list[tuple[Rule, Box]]:
        """The rules that count instead of a rule where they match, too."""
        match self.table.policy:
            case "F":
                return self.closed[:place]
            case "P":
                rank = self._rank(rule)
                return [each for each in self.closed if _below(self._rank(each[0]), rank)]
            case "U" | "A":
                return [each for each in self.closed[:place] if not _differ(each[0], rule)]
        return []

    def _rank(self, rule: Rule) -> tuple[int, ...] | None:
        """How high the outputs of a rule stand in the lists of priority; None where that is not plain to see."""
        found = []
        for column, text in zip(self.table.outputs, rule.outputs, strict=True):
            if column.allowed:
                listed = [each.strip() for each in column.allowed.split(",")]
                if text.strip() not in listed:
                    return None
                found.append(listed.index(text.strip()))
        return tuple(found)

    def _gap(self) -> tuple[dict[str, str] | None, bool]:
        """Only where something must match, and nothing stands in for it."""
        defaults = any(column.default is not None for column in self.table.outputs)
        if len(self.table.policy) > 1 or self.table.policy in ("C", "R", "O") or defaults:
            return None, True
        if not self.full or not all(self.full):
            return None, True
        left = [self.full]
        for _, box in self.closed:
            left = _without(left, box)
        if not left:
            return None, True
        surely = left
        for _, box in self.open:
            surely = _without(surely, box)
        return self._example((surely or left)[0]), bool(surely)

    def _example(self, box: Box) -> dict[str, str]:
        """An input out of a box: of each column its first region; columns where anything will do are left out."""
        found = {}
        for column, regions, bits in zip(self.table.inputs, self.regions, box, strict=True):
            first = (bits & -bits).bit_length() - 1
            if regions[first] != "-":
                found[column.label] = regions[first]
        return found


def _without(boxes: list[Box], less: Box) -> list[Box]:
    """What is left of boxes when another one is cut out of them."""
    out: list[Box] = []
    for box in boxes:
        if not all(a & b for a, b in zip(box, less, strict=True)):
            out.append(box)
            continue
        rest = list(box)
        for n, bits in enumerate(less):
            outside = rest[n] & ~bits
            if outside:
                out.append((*rest[:n], outside, *rest[n + 1 :]))
            rest[n] &= bits
    if len(out) > MAX_BOXES:
        raise TooMany
    return out


def _differ(rule: Rule, other: Rule) -> bool:
    """Whether two rules write different results; that two expressions come to the same value is not looked into."""
    return [text.strip() for text in rule.outputs] != [text.strip() for text in other.outputs]


def _below(a: tuple[int, ...] | None, b: tuple[int, ...] | None) -> bool:
    return a is not None and b is not None and a < b
