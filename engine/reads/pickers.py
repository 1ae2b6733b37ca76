"""Which units and officers a form may name: the tree of units, the holders of a role, as they are today."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.notation.diagram import Field
from engine.notation.expressions import evaluate
from engine.words.commas import listed
from engine.words.numbers import case_id_of
from models import Case, Grant, Officer, Unit


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to choose. `depth`: how far down the tree; `group`: under which heading it stands."""

    value: str
    name: str
    name_en: str
    depth: int = 0
    group: str = ""
    group_en: str = ""


def picks(
    session: Session, fields: Sequence[Field], names: Mapping[str, Any], *, at: datetime
) -> dict[str, Sequence[Pick]]:
    """By field id, what its picker offers. One statement a field at most, none where no field picks."""
    found: dict[str, Sequence[Pick]] = {}
    for field in fields:
        if field.type in {"unit", "units"}:
            found[field.id] = units(
                session, kinds=_words(field, "kind", names, at), below=_words(field, "below", names, at)
            )
        elif field.type == "officer":
            found[field.id] = officers(session, roles=_words(field, "role", names, at))
    return found


def known(session: Session, offered: Mapping[str, Sequence[Pick]]) -> Callable[[Field, str], bool]:
    """For `forms.read`: whether an answer is among what was offered, or an issue that is there."""

    def is_known(field: Field, value: str) -> bool:
        if field.id in offered:
            return any(pick.value == value for pick in offered[field.id])
        if field.type == "issue":
            return session.get(Case, case_id_of(value) or 0) is not None
        return True

    return is_known


def units(session: Session, *, kinds: Sequence[str] = (), below: Sequence[str] = ()) -> list[Pick]:
    """Units in the order of the tree, grouped under the branch they belong to; those without one come first."""
    rows = session.execute(
        select(Unit.id, Unit.code, Unit.name, Unit.name_en, Unit.kind, Unit.path).where(Unit.ended_at.is_(None))
    ).all()
    by_id = {row.id: row for row in rows}
    roots = [row.path for row in rows if row.code in below]

    def way(path: str) -> list[Any]:
        return [by_id[int(step)] for step in path.strip(".").split(".") if step.isdigit() and int(step) in by_id]

    parents = {row.path.rstrip(".").rpartition(".")[0] + "." for row in rows}
    offered = []
    for row in sorted(rows, key=lambda row: [int(step) for step in row.path.strip(".").split(".") if step.isdigit()]):
        if kinds and row.kind not in kinds:
            continue
        if below and not any(row.path.startswith(root) for root in roots):
            continue
        above = way(row.path)
        # A unit right below the top heads a group of its own only when there is something in it.
        branch = above[1] if len(above) > 1 and above[1].path in parents else above[0]
        depth = max(0, len(above) - 2)
        pick = Pick(row.code, row.name, row.name_en, depth, branch.name, branch.name_en or branch.name)
        offered.append((branch is not above[0], pick))
    return [pick for _, pick in sorted(offered, key=lambda found: found[0])]


def officers(session: Session, *, roles: Sequence[str] = ()) -> list[Pick]:
    """Officers by unit, in the order of the tree; with `roles`, only who holds one of them somewhere."""
    home = aliased(Unit)
    question = (
        select(Officer.login, Officer.name, Officer.name_en, Officer.post, Officer.post_en, home.name, home.name_en)
        .join(home, home.id == Officer.unit_id)
        .where(Officer.ended_at.is_(None))
        .order_by(home.path, Officer.name)
    )
    if roles:
        question = question.where(Officer.id.in_(select(Grant.officer_id).where(Grant.role.in_(roles))))
    return [
        Pick(
            login,
            f"{name}（{post}）" if post else name,
            f"{name_en or name} ({post_en or post})" if post else name_en or name,
            0,
            unit,
            unit_en or unit,
        )
        for login, name, name_en, post, post_en, unit, unit_en in session.execute(question)
    ]


def _words(field: Field, name: str, names: Mapping[str, Any], at: datetime) -> list[str]:
    """A property that narrows the picker: words with commas, or an expression that gives a word or a list."""
    text = field.properties.get(name, "").strip()
    if not text.startswith("="):
        return listed(text)
    value = evaluate(text, names, at=at)
    return [str(word) for word in (value if isinstance(value, list) else [value]) if word is not None]
