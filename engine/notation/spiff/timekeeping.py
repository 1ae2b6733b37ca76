"""The clocks of a case while a step is played: they start, pause, go on, are extended and stop, and each says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.notation import clocks as clockwork
from engine.notation.diagram import Element
from engine.notation.spiff.sight import Sight
from engine.words import facts as f
from engine.words.calendar import Calendar, LimitNotReadable, NoWorkTime
from engine.words.errors import CannotGoOn
from engine.words.recurrence import Cycle, comes_next


class Timekeeping(Sight):
    def run_clock(self, element: Element, task: Any) -> None:
        name = element.property("clock")
        if name in self.clocks:
            self.resume(name)
            return
        limit = self.text_or_value(element, element.property("clock.limit"), task)
        calendar = self.text_or_value(element, element.property("clock.calendar"), task) or "work"
        share = self.text_or_value(element, element.property("clock.near"), task) or 0.8
        self.start_clock(element, name, limit, str(calendar), float(share))

    def start_clock(self, element: Element, name: str, limit: Any, calendar: str, share: float) -> None:
        calendars = self.scene.office.calendars
        try:
            again = name in self.clocks
            self.put(clockwork.start(name, limit, calendar, share, self.round, again, calendars=calendars, at=self.at))
        except (LimitNotReadable, NoWorkTime) as error:
            raise CannotGoOn(
                element.id,
                f"“{element.name}”的期限无法计算：{error.zh}",
                f"{element.name_en or element.id}: no deadline can be computed: {error.en}",
            ) from error

    def again(self, element: Element, cycle: Cycle, anchor: datetime, calendar: Calendar) -> datetime | None:
        """When a cycle that was set at `anchor` comes next."""
        try:
            return comes_next(cycle, anchor=anchor, after=self.at, calendar=calendar)
        except NoWorkTime as error:
            zh = f"“{element.name or element.id}”的周期无法计算：{error.zh}"
            en = f"{element.name_en or element.id}: the cycle cannot be computed: {error.en}"
            raise CannotGoOn(element.id, zh, en) from error

    def pause(self, name: str) -> None:
        clock = self.clocks.get(name)
        if clock is not None and clock.running:
            self.put(clockwork.pause(clock, self.round, calendars=self.scene.office.calendars, at=self.at))

    def resume(self, name: str) -> None:
        clock = self.clocks.get(name)
        if clock is not None and not clock.running:
            self.put(clockwork.resume(clock, self.round, calendars=self.scene.office.calendars, at=self.at))

    def extend_clock(self, element: Element, name: str, until: Any, reason: str) -> None:
        clock = self.clocks.get(name)
        if clock is None:
            raise CannotGoOn(
                element.id,
                f"时限“{name}”还没有开始，不能延期",
                f"The clock {name} has not started; it cannot be extended",
            )
        try:
            calendars = self.scene.office.calendars
            self.put(clockwork.extend(clock, until, reason, self.round, calendars=calendars, at=self.at))
        except (LimitNotReadable, NoWorkTime) as error:
            raise CannotGoOn(element.id, error.zh, error.en) from error

    def put(self, moved: tuple[clockwork.Running, f.CaseFact]) -> None:
        clock, fact = moved
        self.clocks[clock.name] = clock
        self.clocks_moved = True
        self.note(fact)
