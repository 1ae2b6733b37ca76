"""What a program asks for in an address: each parameter read strictly, all that is wrong told at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from flask import request

from engine.words.errors import Fault, NotValid
from engine.words.numbers import case_id_of

_YES = {"true": True, "1": True, "false": False, "0": False}


@dataclass(slots=True)
class Asked:
    """Reads parameters one by one; `finish` raises `NotValid` for those that were wrong, and for any other."""

    faults: list[Fault] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def text(self, name: str, *, most: int = 100, among: Collection[str] | None = None) -> str:
        (value, *more) = self._all(name) or [""]
        if more:
            self.wrong(name, "只能写一次", "may be given once")
        elif len(value) > most or not value.isprintable():
            self.wrong(name, f"至多 {most} 个可见字符", f"has at most {most} printable characters")
        elif value and among is not None and value not in among:
            one_of = "、".join(among), ", ".join(among)
            self.wrong(name, f"须是 {one_of[0]} 之一", f"is one of {one_of[1]}")
        return value

    def texts(self, name: str, *, most: int = 20) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(value for value in self._all(name) if value))
        if len(found) > most or any(len(value) > 100 or not value.isprintable() for value in found):
            self.wrong(
                name, f"至多 {most} 个，每个至多 100 字", f"is given {most} times at most, of 100 characters each"
            )
        return found

    def yes(self, name: str) -> bool:
        return _YES.get(self.text(name, among=tuple(_YES)), False)

    def whole(self, name: str, usual: int, *, least: int, most: int) -> int:
        value = self.text(name)
        if not value:
            return usual
        if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or not least <= int(value) <= most:
            self.wrong(name, f"须是 {least} 至 {most} 的整数", f"is a whole number from {least} to {most}")
            return usual
        return int(value)

    def day(self, name: str) -> date | None:
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(name, "须是日期，如 2026-03-10", "is a day, as 2026-03-10")
            return None

    def case(self, name: str) -> int | None:
        """The id behind a number."""
        value = self.text(name)
        found = case_id_of(value)
        if value and found is None:
            self.wrong(name, "须是事项编号，如 2026-000012", "is the number of a case, as 2026-000012")
        return found

    def finish(self) -> None:
        for name in sorted(set(request.args) - self.known)[:20]:
            self.faults.append(Fault(name[:100], f"不认识“{name[:60]}”", f'There is no "{name[:60]}" here'))
        if self.faults:
            raise NotValid(self.faults)

    def _all(self, name: str) -> list[str]:
        self.known.add(name)
        return request.args.getlist(name)

    def wrong(self, name: str, zh: str, en: str) -> None:
        self.faults.append(Fault(name, f"{name} {zh}", f"{name} {en}"))
