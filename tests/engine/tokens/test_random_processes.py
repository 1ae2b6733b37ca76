"""Whatever the process and however it is played, the engine waits for exactly what BPMN's rules say it waits for."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.notation.diagram import read
from engine.words.errors import CannotGoOn
from tests.engine.tokens.game import Game
from tests.engine.tokens.play import Played
from tests.engine.tokens.random_processes import NAMES, VALUES, processes, tangles

RUNS = int(os.environ.get("BIHUAN_RANDOM_PROCESSES", "60"))
STEPS = 25


@given(drawn=processes(), data=st.data())
@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_engine_waits_for_what_the_rules_say(drawn: str, data: st.DataObject) -> None:
    play(drawn, data)


@given(drawn=tangles(), data=st.data())
@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
def test_however_the_flows_are_drawn(drawn: str, data: st.DataObject) -> None:
    play(drawn, data)


def play(drawn: str, data: st.DataObject) -> None:
    diagram = read(drawn.encode())
    game, played = Game(diagram), None
    if game.dead:
        with pytest.raises(CannotGoOn):
            Played(diagram)
        return
    played = Played(diagram)
    for _ in range(STEPS):
        enabled = game.enabled()
        assert played.enabled() == enabled
        assert played.over == game.over
        if game.over:
            return
        chosen = data.draw(st.sampled_from(enabled))
        answers = dict(zip(NAMES, data.draw(st.tuples(*[st.sampled_from(VALUES)] * len(NAMES))), strict=True))
        game.do(chosen, answers)
        if game.dead:  # joins that wait for each other, or for a way not taken: said, never silently stuck
            with pytest.raises(CannotGoOn):
                played.choose(chosen, answers)
            return
        played.choose(chosen, answers)
