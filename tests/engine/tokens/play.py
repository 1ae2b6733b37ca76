"""A diagram played through the engine's own step, without a database: frozen and thawed between any two steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from engine.notation.diagram import Diagram
from engine.notation.scene import Office, Published, Scene, Step
from engine.notation.spiff import step
from engine.notation.spiff.play import Play
from engine.notation.spiff.scopes import around
from engine.notation.spiff.specs import build
from engine.notation.spiff.state import restored
from engine.words import facts as f
from engine.words.officers import CLOCK
from engine.words.values import from_json
from tests.engine.tokens.game import Enabled

BEGIN = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


class Played:
    def __init__(self, diagram: Diagram, at: str | None = None, **variables: Any) -> None:
        office = Office({}, {}, {}, {}, {})
        published = Published(1, diagram, {}, build(diagram))
        self.scene = Scene(
            published=published, office=office, case=2026000001, number="2026-000001", stage="registered", round=1,
            level=0, opened_at=BEGIN, opened_by=None, raiser_unit=None, variables={}, serial=0, by=CLOCK, at=BEGIN,
        )  # fmt: skip
        self.step = 0
        self.since: dict[str, int] = {}
        self.state = b""
        self.facts: list[f.CaseFact] = []
        self._took(step.start(self.scene, variables, at))

    def _took(self, done: Step | None) -> None:
        assert done is not None
        self.facts = done.facts
        self.state = done.state
        variables = dict(self.scene.variables)
        for fact in done.facts:
            if isinstance(fact, f.VariablesChanged):
                variables.update({name: from_json(value) for name, value in fact.after.items()})
        later = self.scene.at + timedelta(minutes=1)
        self.scene = replace(self.scene, variables=variables, serial=done.serial, at=later)
        for id in self.open:
            self.since.setdefault(id, self.step)

    # --- acting -------------------------------------------------------------------------------------------------

    def do(self, element: str, **answers: Any) -> None:
        """Completes a task, fires a timer, delivers a message: the first that is open at this element."""
        self._act(next(id for id, kept in self.open.items() if kept["element"] == element), answers)

    def choose(self, key: Enabled, answers: dict[str, int]) -> None:
        self._act(next(id for id, other in self._keys().items() if other == key), answers if key[0] == "task" else {})

    def _act(self, id: str, answers: dict[str, Any]) -> None:
        self.step += 1
        kind = self.open[id]["kind"]
        if kind == "task":
            self._took(step.complete(self.scene, self.state, id, answers))
        elif kind == "timer":
            self._took(step.fire(self.scene, self.state, id))
        else:
            self._took(step.deliver(self.scene, self.state, id, answers, None))

    # --- looking ------------------------------------------------------------------------------------------------

    @property
    def kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = orjson.loads(self.state)
        return kept

    @property
    def open(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.kept["open"]
        return found

    @property
    def waiting(self) -> str:
        """The elements that wait for somebody or something, in one line; signals may come from anywhere at any time."""
        return " ".join(sorted(kept["element"] for kept in self.open.values() if kept["kind"] != "signal"))

    @property
    def over(self) -> bool:
        return bool(self.kept["done"])

    @property
    def variables(self) -> dict[str, Any]:
        return dict(self.scene.variables)

    def passed(self) -> list[str]:
        return [element for fact in self.facts if isinstance(fact, f.TokensMoved) for element in fact.passed]

    def enabled(self) -> list[Enabled]:
        return sorted(self._keys().values())

    def _keys(self) -> dict[str, Enabled]:
        specs = self.scene.published.specs
        tokens = {token.id: token for token in restored(self.kept, specs, Play(self.scene)).tokens}
        keys: dict[str, Enabled] = {}
        for id, kept in self.open.items():
            if kept["kind"] == "signal":
                continue
            token = tokens[kept["token"]]
            path = tuple(one.internal_data["index"] for one in around(token) if "index" in one.internal_data)
            keys[id] = (kept["kind"], kept["element"], path[::-1], self.since[id])
        return keys
