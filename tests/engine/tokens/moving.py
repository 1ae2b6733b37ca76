"""A played case moved to another drawing, without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.notation.diagram import Diagram
from engine.notation.moving import CannotMove, Holders, Order, Plan, Rows, Wishes
from engine.notation.scene import Published
from engine.notation.spiff import moved
from engine.notation.spiff.specs import build
from engine.words import facts as f
from tests.engine.tokens.play import Played


class Movable(Played):
    """Keeps what the rows would hold of tasks, waits and timers."""

    tasks: dict[str, dict[str, Any]]
    waits: dict[str, dict[str, Any]]
    timers: dict[str, dict[str, Any]]

    def _took(self, done: Any) -> None:
        at = self.scene.at
        super()._took(done)
        for kept in ("tasks", "waits", "timers"):
            if not hasattr(self, kept):
                setattr(self, kept, {})
        for fact in done.facts:
            match fact:
                case f.TaskOpened():
                    names = ("element", "name", "name_en", "wanted", "bars", "unit", "priority", "clock")
                    row = {name: getattr(fact, name) for name in names}
                    self.tasks[fact.task] = {**row, "opened_at": at, "claimed_by": None}
                case f.TimerSet():
                    self.timers[fact.timer] = {"element": fact.element, "token": fact.token, "due": fact.due}
                case f.TimerMoved():
                    self.timers[fact.timer]["due"] = fact.after
                case f.TimerRedrawn():
                    self.timers[fact.timer]["element"] = fact.element
                case f.TaskRedrawn():
                    self.tasks[fact.task].update(fact.after)
                case f.WaitRedrawn():
                    self.waits[fact.wait].update(fact.after)
                case f.WaitOpened():
                    names = ("element", "token", "name", "correlation", "button", "button_en", "wanted")
                    self.waits[fact.wait] = {name: getattr(fact, name) for name in names}

    def tried(self, to: Diagram, wishes: Wishes | None = None) -> moved.Moved:
        plan = Plan(self.scene.published, Published(2, to, {}, build(to)), wishes or Wishes())
        rows = Rows(self.tasks, self.waits, self.timers)
        return moved.move(self.scene, plan, self.state, rows, Holders({}, {}), Order(1, 1, 2, "why"))

    def undoes(self) -> bool:
        """Something is being undone right now: the one time when a case may not move."""
        return b'"undoing"' in self.state

    def move(self, to: Diagram, wishes: Wishes | None = None) -> moved.Moved:
        done = self.tried(to, wishes)
        self.scene = replace(self.scene, published=Published(2, to, {}, build(to)))
        self._took(done.step)
        return done

    def refused(self, to: Diagram, **mapping: str) -> str:
        """The reasons, by element, in one line."""
        with pytest.raises(CannotMove) as no:
            self.tried(to, Wishes(mapping))
        assert all(reason.zh and reason.en for reason in no.value.reasons)
        return " ".join(sorted(f"{reason.why}:{reason.element}" for reason in no.value.reasons))
