"""A step that is over leaves nothing in memory that Python would have to search for: not its tokens, nor what they held
(the session of the request among it)."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest

from engine.notation.spiff import step, view
from engine.notation.spiff.play import Play
from engine.notation.spiff.scopes import Part, Whole
from engine.notation.spiff.token import Token
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


@pytest.fixture
def left_over() -> Iterator[Callable[[], list[str]]]:
    """What kinds of things of a step there are more of now; nothing is collected meanwhile."""

    def count() -> list[object]:
        return [one for one in gc.get_objects() if isinstance(one, Token | Whole | Part | Play)]

    gc.collect()
    gc.disable()
    before = {id(one) for one in count()}
    yield lambda: sorted(type(one).__name__ for one in count() if id(one) not in before)
    gc.enable()


def drawing() -> Played:
    """A task with a timer on it, inside a sub-process done for each member of a list, beside another task."""
    host = d.sub("sub", d.several(over="=list"), d.start("ss"), d.task("inner"), d.task("then"), d.end("se"),
                 d.boundary("late", "inner", d.timer("PT2H"), interrupting=False), d.end("le"),
                 d.flows("ss inner then se"), d.flow("late", "le"))  # fmt: skip
    return Played(
        d.process(d.start(), d.gateway("parallel", "g"), host, d.task("beside"), d.end(), d.end("e2"),
                  d.flows("s g sub e", "g beside e2")),
        list=["x", "y"],
    )  # fmt: skip


def test_nothing_is_left_of_steps(left_over: Callable[[], list[str]]) -> None:
    played = drawing()
    assert left_over() == []
    for element in ("inner", "late", "beside", "then"):
        played.do(element)
        assert left_over() == [], element


def test_nothing_is_left_of_looking(left_over: Callable[[], list[str]]) -> None:
    played = drawing()
    task = next(id for id, kept in played.open.items() if kept["element"] == "inner")
    assert view.names(played.scene, played.state, task)["one"] == "x"
    resumed = step.resume(played.scene, played.state)
    assert resumed.names(task)["one"] == "x"
    step.complete(played.scene, played.state, task, {}, resumed=resumed)
    del resumed
    assert left_over() == []
