"""Who does a task, as the standard lets it be said: potential owners and performers become roles and officers."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import pieces, translate
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work
from engine.notation.xml import local

_PARTY = re.compile(r"(user|group)\s*\(([^)]*)\)")


def performer(work: Work, task: etree._Element, who: etree._Element) -> None:
    text = (who.findtext(f"{B}resourceAssignmentExpression/{B}formalExpression") or "").strip()
    if not text:
        work.warn(who, local(who), "", "没有写明是谁", "it does not say who", m.BINDING, away=True)
        return
    try:
        groups, users = _parties(work, text, is_group=local(who) != "humanPerformer")
    except NotCertain as reason:
        work.warn(
            who,
            local(who),
            text,
            f"不能译成 FEEL：{reason.zh}",
            f"cannot be put into FEEL: {reason.en}",
            m.BINDING,
            away=True,
        )
        return
    if local(who) == "potentialOwner" or len(users) != 1 or groups:
        after = ", ".join([*groups, *users])
        work.note(
            who,
            local(who),
            text,
            f"candidateGroups {after}",
            "改为可办理的角色和人员",
            "now roles and officers who may do it",
            away=True,
        )
        work.candidates(task, after)
    else:
        work.note(who, local(who), text, f"assignee {users[0]}", "改为办理人", "now the assignee", away=True)
        task.set(f"{C}assignee", users[0])


def _parties(work: Work, text: str, *, is_group: bool) -> tuple[list[str], list[str]]:
    """`user(kermit), group(management), clerks` as roles and logins. A bare name is a group, or the performer."""
    groups: list[str] = []
    users: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        found = _PARTY.fullmatch(part)
        kind, name = (found[1], found[2].strip()) if found else ("group" if is_group else "user", part)
        given = translate.value(name, known=work.known)
        if given is not None and kind == "group":
            raise NotCertain("组由变量决定，请写明角色", "the group comes from a variable; name a role")
        if kind == "group":
            groups.append(name)
        else:
            users.append(f"={given.text}" if given is not None else f"={pieces.text(name).text}")
    return groups, users
