"""What is judged sound never gets stuck when it is played; what is judged stuck is stuck after the way that is told."""

from __future__ import annotations

import os
import re

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.notation.diagram import Diagram, Element, read
from engine.notation.soundness import Flaw, judge
from tests.engine.tokens.game import Game, Scope
from tests.engine.tokens.random_processes import NAMES, VALUES, processes, tangles

RUNS = int(os.environ.get("BIHUAN_RANDOM_PROCESSES", "60"))
STEPS = 25
_CONDITION = re.compile(r"(<conditionExpression>)[^<]*(</conditionExpression>)")


def given_random(drawn: st.SearchStrategy[str]):  # type: ignore[no-untyped-def]
    def decorate(test):  # type: ignore[no-untyped-def]
        steady = settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
        return steady(given(drawn=drawn, data=st.data())(test))

    return decorate


@given_random(processes())
def test_a_sound_process_is_never_stuck(drawn: str, data: st.DataObject) -> None:
    never_stuck(drawn, data)


@given_random(tangles())
def test_sound_flows_are_never_stuck(drawn: str, data: st.DataObject) -> None:
    never_stuck(drawn, data)


def never_stuck(drawn: str, data: st.DataObject) -> None:
    diagram = read(drawn.encode())
    verdict = judge(diagram)
    assume(not any(flaw.kind in {"stuck", "endless", "undecided"} for flaw in verdict.flaws))
    game = Game(diagram)
    for _ in range(STEPS):
        assert not game.dead
        if game.over:
            return
        answers = dict(zip(NAMES, data.draw(st.tuples(*[st.sampled_from(VALUES)] * len(NAMES))), strict=True))
        game.do(data.draw(st.sampled_from(game.enabled())), answers)
    assert not game.dead


@given_random(tangles())
def test_the_way_to_where_it_is_stuck_can_be_walked(drawn: str, data: st.DataObject) -> None:
    numbers = iter(range(10_000))
    diagram = read(_CONDITION.sub(lambda found: f"{found[1]}=q{next(numbers)} = 1{found[2]}", drawn).encode())
    stuck = [flaw for flaw in judge(diagram).flaws if flaw.kind == "stuck"]
    assume(stuck)
    flaw = data.draw(st.sampled_from(stuck))
    game = _Walked(diagram, flaw)
    game.walk()
    waiting = [flow.id for flow in diagram.incoming(flaw.element) if flow.id in flaw.there]
    assert waiting
    assert not any(game.top.flows[id] for id in flaw.missing)
    for _ in range(STEPS):
        assert all(game.top.flows[id] > 0 for id in waiting)
        assert not game.over
        if game.dead:
            return
        game.chosen = {}
        game.do(data.draw(st.sampled_from(game.enabled())), {})


class _Walked(Game):
    """Plays what a flaw's path tells: at every parting the flows that it names."""

    def __init__(self, diagram: Diagram, flaw: Flaw) -> None:
        self.asks = {flow.condition: flow for flow in diagram.flows if flow.condition}
        self.chosen: dict[str, list[set[str]]] = {}
        self.steps: list[str] = []
        self.now: dict[str, set[str]] = {}
        ids = list(flaw.path)
        while ids:
            id = ids.pop(0)
            ways = set()
            while ids and ids[0] not in diagram.elements:
                ways.add(ids.pop(0))
            if ways:
                self.chosen.setdefault(id, []).append(ways)
            if diagram.elements[id].kind == "userTask":
                self.steps.append(id)
        super().__init__(diagram)

    def walk(self) -> None:
        for id in self.steps:
            self.do(next(key for key in self.enabled() if key[1] == id), {})

    def _take(self, scope: Scope, id: str, element: Element) -> bool:
        # A join that cannot go on yet uses up no choice.
        before = list(self.chosen.get(element.id, ()))
        if before:
            self.now[element.id] = self.chosen[element.id].pop(0)
        taken = super()._take(scope, id, element)
        if not taken or (element.kind == "inclusiveGateway" and len(self.diagram.incoming(element.id)) > 1):
            self.chosen[element.id] = before
        return taken

    def _produce(self, scope: Scope, element: Element) -> None:
        if element.kind == "inclusiveGateway" and self.chosen.get(element.id):
            self.now[element.id] = self.chosen[element.id].pop(0)
        super()._produce(scope, element)

    def _true(self, condition: str, places: list[dict[str, int]]) -> bool:
        flow = self.asks.get(condition)
        return flow is not None and flow.id in self.now.get(flow.source, set())
