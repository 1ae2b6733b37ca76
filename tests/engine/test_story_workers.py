"""Stories in which a program outside answers: it gives, fails and is tried again, or throws what the border catches."""

from __future__ import annotations

import pytest

from engine.acts import stories
from engine.acts.stories import Told
from engine.words.errors import NotValid
from tests.engine.breadth.outside import outside
from tests.engine.test_stories import HEAD, failures
from tests.engine.tokens import drawn as d

FIELD = """<extensionElements><camunda:formData><camunda:formField id="permit" type="string" label="许可"/>
</camunda:formData></extensionElements>"""
PROCESS = d.xml(
    d.start(inner=FIELD), outside("ask", "permits.lookup", "in permit number", "out status status"),
    d.boundary("b", "ask", d.on("error", "unknown_permit")),
    d.el("userTask", "use", FIELD.replace("permit", "note"), camunda_candidateGroups="unit_clerk"),
    d.end(), d.end("lost"), d.flows("s ask use e", "b lost"),
).replace('name="use"', 'name="用"').replace('name="ask"', 'name="查"').encode()  # fmt: skip
RAISED = "{raise: {permit: P-1}, by: asker}"


def tell(*steps: str) -> Told:
    book = stories.read(HEAD + "".join(f"      - {step}\n" for step in steps))
    return stories.run(PROCESS, {}, book, book.stories[0])


def test_a_worker_gives_fails_and_throws() -> None:
    told = tell(
        RAISED,
        "expect: {tasks: []}",
        '{worker: permits.lookup, fails: "no answer"}',
        '{worker: permits.lookup, at: "+2m", gives: {status: valid}}',
        "expect: {tasks: [use], variables: {status: valid}}",
        "{does: use, by: clerk}",
        "expect: {over: true}",
    )
    assert failures(told) == []
    assert "ask" in told.ways.elements
    assert "s-ask" in told.ways.flows
    assert "ask-use" in told.ways.flows
    thrown = tell(RAISED, "{worker: permits.lookup, throws: unknown_permit}", "expect: {tasks: [], over: true}")
    assert failures(thrown) == []
    assert {"b-lost", "s-ask"} <= thrown.ways.flows
    assert "ask-use" not in thrown.ways.flows


def test_what_does_not_fit_is_told() -> None:
    assert "1 jobs" not in str(failures(tell(RAISED, "{worker: permits.lookup, gives: {}}")))
    ((step, said),) = failures(tell(RAISED, "{worker: other, gives: {}}"))
    assert (step, "no step for a program outside" in said) == (2, True)
    found = failures(tell(RAISED, "{worker: permits.lookup, fails: x}", "{worker: permits.lookup, gives: {}}"))
    assert "0 jobs of the topic" in found[0][1]  # it is not due yet


@pytest.mark.parametrize(
    "step",
    ["{worker: 3, gives: {}}", "{worker: x}", "{worker: x, gives: {}, fails: y}", "{worker: x, gives: 7}",
     "{worker: x, throws: {}}", "{worker: x, gives: {}, by: clerk}"],
)  # fmt: skip
def test_a_badly_written_step_is_named(step: str) -> None:
    with pytest.raises(NotValid):
        stories.read(HEAD + f"      - {step}\n")
