"""Units from a roster: a table of names, kinds and superiors becomes a tree, and may come twice in peace.

The roster knows names only, so a unit is the same when its name and its superior are;
its code is made by order (U0001).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts import officers
from engine.acts.imports import Line
from engine.notation import sheets
from engine.notation.sheets import Row, Sheet
from engine.words.errors import Fault
from engine.words.officers import Actor
from models import Unit

UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": ("单位", "单位名称", "名称", "name"),
    "kind": ("类别", "单位类别", "类型", "type"),
    "parent": ("上级", "上级单位", "隶属", "superior"),
    "code": ("代码", "单位代码"),
    "name_en": ("英文名", "英文名称", "english name"),
    "seed": ("来源", "来源文件", "batch"),
    "leader_role": ("负责人", "负责人职务", "leader role", "leader"),
}
NEEDED = ("unit",)
LONGEST = 200
_MADE = re.compile(r"U(\d{4,})")

# Names are unique within one source file of the roster, not across them: (seed, name).
_Key = tuple[str, str]


def read_units(content: bytes) -> Sheet:
    """The rows of a roster. Raises `NotValid` for the file as a whole."""
    return sheets.read(content, UNIT_COLUMNS, NEEDED)


@dataclass(slots=True)
class _Roster:
    """What is there already, and what has been added on the way."""

    children: dict[tuple[int | None, str], int] = field(default_factory=dict)
    named: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    codes: set[str] = field(default_factory=set)

    def add(self, id: int, code: str, name: str, parent: int | None) -> None:
        self.children[parent, name] = id
        self.named[name].append(id)
        self.codes.add(code)

    def next_code(self) -> str:
        used = [int(match[1]) for code in self.codes if (match := _MADE.fullmatch(code))]
        return f"U{max(used, default=0) + 1:04d}"


def units(session: Session, sheet: Sheet, *, by: Actor, at: datetime) -> list[Line]:
    """Adds every unit of the roster that is not there, superiors first; a superior that has no row of its own is added
    at the top of the tree. One line per row, in the order of the file."""
    roster = _Roster()
    for unit in session.execute(select(Unit.id, Unit.code, Unit.name, Unit.parent_id).where(Unit.ended_at.is_(None))):
        roster.add(unit.id, unit.code, unit.name, unit.parent_id)
    lines: dict[int, Line] = {}
    done: dict[_Key, int] = {}
    for row, parent in _superiors_first(sheet.rows, lines):
        above = done.get((row.cells.get("seed", ""), parent)) if parent else None
        if parent and above is None:
            above = _named(session, roster, parent, by=by, at=at)
        lines[row.number], id = _one(session, roster, row, above, by=by, at=at)
        if id is not None:
            done[_key(row)] = id
    return [lines[row.number] for row in sheet.rows]


def _one(
    session: Session, roster: _Roster, row: Row, above: int | None, *, by: Actor, at: datetime
) -> tuple[Line, int | None]:
    name, code = row.cells["unit"], row.cells.get("code", "")
    there = roster.children.get((above, name))
    if there is not None:
        return Line(row.number, name, "already there"), there
    if code and code in roster.codes:
        return Line(row.number, name, "refused", (_fault("code", f"代码 {code} 已用", f"{code} is taken"),)), None
    code = code or roster.next_code()
    id = officers.add_unit(
        session, code, name, name_en=row.cells.get("name_en", ""), kind=row.cells.get("kind", "")[:40], parent=above,
        by=by, at=at,
    )  # fmt: skip
    roster.add(id, code, name, above)
    return Line(row.number, name, "added"), id


def _named(session: Session, roster: _Roster, name: str, *, by: Actor, at: datetime) -> int:
    """A superior that is only mentioned: the one unit of that name, else a new one at the top."""
    known = roster.named.get(name, [])
    if len(known) == 1:
        return known[0]
    if (None, name) in roster.children:
        return roster.children[None, name]
    code = roster.next_code()
    id = officers.add_unit(session, code, name, by=by, at=at)
    roster.add(id, code, name, None)
    return id


def _superiors_first(rows: tuple[Row, ...], lines: dict[int, Line]) -> Iterator[tuple[Row, str]]:
    """Rows with the name of their superior, in an order in which the superior comes first; bad rows become lines."""
    first: dict[_Key, Row] = {}
    for row in rows:
        faults = [*row.faults, *_faults(row)]
        twin = first.get(_key(row))
        if twin is not None and not faults:
            faults.append(_fault("unit", f"与第 {twin.number} 行重复", f"is already in row {twin.number}"))
        if faults:
            lines[row.number] = Line(row.number, row.cells.get("unit", ""), "refused", tuple(faults))
        else:
            first[_key(row)] = row
    above = {key: (key[0], row.cells.get("parent", "")) for key, row in first.items()}
    lost: set[_Key] = set()
    while True:
        graph = {key: {parent} for key, parent in above.items() if key not in lost and parent in first}
        try:
            order = [*(key for key in first if key not in graph), *TopologicalSorter(graph).static_order()]
            break
        except CycleError as error:
            lost.update(error.args[1])
    for key in dict.fromkeys(order):
        row, parent = first[key], above[key]
        if key in lost or parent in lost:
            lost.add(key)
            fault = _fault("parent", f"上级“{parent[1]}”没有着落（层级成环）", f"{parent[1]} leads round in a circle")
            lines[row.number] = Line(row.number, key[1], "refused", (fault,))
        else:
            yield row, parent[1]


def _faults(row: Row) -> Iterator[Fault]:
    name = row.cells.get("unit", "")
    if not name:
        yield _fault("unit", "不能为空", "must not be empty")
    for column in ("unit", "parent"):
        if len(row.cells.get(column, "")) > LONGEST:
            yield _fault(column, f"超过 {LONGEST} 个字", f"has more than {LONGEST} characters")


def _key(row: Row) -> _Key:
    return row.cells.get("seed", ""), row.cells.get("unit", "")


def _fault(column: str, zh: str, en: str) -> Fault:
    return Fault(column, f"“{UNIT_COLUMNS[column][0]}”{zh}", f"{column}: {en}")
