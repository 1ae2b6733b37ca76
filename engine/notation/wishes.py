"""Reads who a task is for: `unit_clerk@=lead_unit, leader, =case.raised_by` as roles, units and officers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Wish:
    """Either a role (with the text of its unit: code or `=expression`, or "" for anywhere) or an officer's login."""

    role: str = ""
    unit: str = ""
    login: str = ""


@lru_cache(maxsize=4096)
def split_wishes(text: str) -> tuple[Wish, ...]:
    wishes: list[Wish] = []
    for part in _parts(text):
        wish = part.strip()
        if not wish:
            continue
        if wish.startswith("="):
            wishes.append(Wish(login=wish))
        else:
            role, _, unit = wish.partition("@")
            wishes.append(Wish(role=role.strip(), unit=unit.strip()))
    return tuple(wishes)


def _parts(text: str) -> list[str]:
    """Split at commas outside brackets and quotes; in one pass, however long a stranger's text is."""
    parts, depth, quoted, begin = [], 0, False, 0
    for at, sign in enumerate(text):
        if sign == '"' and (at == 0 or text[at - 1] != "\\"):
            quoted = not quoted
        elif not quoted and sign in "([{":
            depth += 1
        elif not quoted and sign in ")]}":
            depth -= 1
        elif not quoted and sign == "," and depth <= 0:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]]
