"""Drawings whose verdict is known: the cases that published soundness checkers show, and what our own elements add."""

from __future__ import annotations

import time

import pytest

from engine.notation.diagram import Diagram
from engine.notation.soundness import judge
from tests.engine.tokens import drawn as d

PARTS = {
    "x": "exclusive",
    "p": "parallel",
    "i": "inclusive",
}


def sheet(ways: str, *more: str, tasks: str = "") -> Diagram:
    """Chains such as "s x1 a x2 e"; the first letter says what it is: s e starts and ends, x p i gateways, t a waiting
    step, l lets two flows leave it. `more`: elements drawn by the caller."""
    ids = dict.fromkeys(id for way in ways.split("|") for id in way.split())
    given = "".join(more)
    parts = []
    for id in ids:
        if f'id="{id}"' in given:
            continue
        if id[0] == "s":
            parts.append(d.start(id))
        elif id[0] == "e":
            parts.append(d.end(id))
        elif id[0] in PARTS:
            parts.append(d.gateway(PARTS[id[0]], id))
        else:
            parts.append(d.task(id))
    return d.process(*parts, given, d.flows(*(way for way in ways.split("|"))))


def flaws(diagram: Diagram) -> set[tuple[str, str]]:
    return {(flaw.kind, flaw.element) for flaw in judge(diagram).flaws}


PUBLIC = {
    # drawn after the examples of rust_bpmn_analyzer and bpmn-analyzer-js (MIT), whose tests say the same of them
    "a split and a join of one kind": ("s p1 t1 p2 e|p1 t2 p2", set()),
    "a choice that a parallel gateway joins": ("s x1 t1 p2 e|x1 t2 p2", {("stuck", "p2"), ("dead", "p2")}),
    "a split that a choice joins": ("s p1 t1 x2 e|p1 t2 x2", {("twice", "x2")}),
    "two ways to one end": ("s p1 t1 e|p1 t2 e", {("twice", "e")}),
    "two ways to two ends": ("s p1 t1 e1|p1 t2 e2", set()),
    "two ways into one task": ("s p1 t1 t3 e|p1 t2 t3", {("twice", "t3")}),
    "two flows out of one task": ("s t1 t2 x2 e|t1 t3 x2", {("twice", "x2")}),
    "a circle without a way out": ("s x1 t1 x2 t2 x1|x2 x1", {("endless", "x1")}),
    "a circle that leaves a token behind each time": ("s x1 t1 p1 t2 x1|p1 t3 e", {("endless", "x1")}),
    "a circle with a way out": ("s x1 t1 x2 e|x2 t2 x1", set()),
    "a join before its own split": ("s p1 t1 x1 e|x1 p1", {("stuck", "p1"), ("dead", "p1")}),
    "steps that nothing leads to": ("s t1 x2 e|x1 x2|t3 x1|x1 t2 t3", {("unreached", id) for id in ("x1", "t3", "t2")}),
    "one of two joins waits": (
        "s p1 x1 t1 p2 e1|p1 t2 p2|x1 t3 e2",
        {("stuck", "p2")},
    ),
    # what inclusive gateways are for
    "some of several ways": ("s i1 t1 i2 e|i1 t2 i2|i1 t3 i2", set()),
    "all ways, joined as they come": ("s p1 t1 i2 e|p1 t2 i2", set()),
    "some ways, joined as if all": ("s i1 t1 p2 e|i1 t2 p2", {("stuck", "p2")}),
    "some ways, not joined": ("s i1 t1 x2 e|i1 t2 x2", {("twice", "x2")}),
    "a way that leaves before the inclusive join": ("s p1 t1 x1 t3 i2 e|p1 t2 i2|x1 e2", set()),
    # a choice crossed with a split, as in the literature on workflow nets
    "choices crossed over two joins": (
        "s p1 x1 t1 p2 e1|x1 t2 p3 e2|p1 x2 t3 p2|x2 t4 p3",
        {("stuck", "p2"), ("stuck", "p3")},
    ),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_known_of_it(name: str) -> None:
    ways, expected = PUBLIC[name]
    assert flaws(sheet(ways)) == expected


def test_the_way_to_the_flaw_is_told() -> None:
    stuck = next(flaw for flaw in judge(sheet("s x1 t1 p2 e|x1 t2 p2")).flaws if flaw.kind == "stuck")
    assert stuck.path == ("s", "s-x1", "x1", "x1-t1", "t1", "t1-p2", "p2")
    assert (stuck.there, stuck.missing) == (("t1-p2",), ("t2-p2",))
    twice = next(iter(judge(sheet("s p1 t1 x2 e|p1 t2 x2")).flaws))
    assert twice.path[0] == "p1"
    assert twice.path[-1] == "x2"
    assert set(twice.there) == {"t1-x2", "t2-x2"}
    endless = next(iter(judge(sheet("s x1 t1 p1 t2 x1|p1 t3 e")).flaws))
    assert endless.path == ("s", "s-x1", "x1", "x1-t1", "t1", "t1-p1", "p1", "p1-t2", "t2", "t2-x1", "x1")


def test_events_beside_a_task() -> None:
    late = d.boundary("b", "t1", d.timer("PT1H"))
    assert flaws(sheet("s t1 x1 e|b x1", late)) == set()
    assert flaws(sheet("s p1 t1 p2 e|p1 t2 p2|b e2", late)) == {("stuck", "p2")}
    beside = d.boundary("b", "t1", d.timer("PT1H"), interrupting=False)
    assert flaws(sheet("s t1 e|b t2 e2", beside)) == set()
    assert flaws(sheet("s t1 x1 t3 e|b t2 x1", beside)) == {("twice", "x1")}
    assert flaws(sheet("s t1 p1 e|b t2 p1", beside)) == {("stuck", "p1")}


def test_an_end_of_everything_frees_whoever_waits() -> None:
    everything = d.end("e2", d.on("terminate"))
    assert flaws(sheet("s p1 x1 t1 p2 e|p1 t2 p2|x1 e2", everything)) == set()
    assert flaws(sheet("s p1 x1 t1 p2 e|p1 t2 p2|x1 e2")) == {("stuck", "p2")}
    # The third way may end everything, or only itself.
    may = "s p1 x1 t1 p2 e|p1 t2 p2|x1 e3|p1 x2 e2|x2 e4"
    assert flaws(sheet(may, everything)) == {("stuck", "p2")}


def test_each_level_by_itself() -> None:
    inside = d.start("s2") + d.gateway("exclusive", "x1") + d.gateway("parallel", "p1") + d.end("e2")
    inside += d.flows("s2 x1 p1 e2") + d.flow("x1", "p1", id="other")
    around = d.sub("u", inside)
    assert flaws(sheet("s u e", around)) == {("stuck", "p1"), ("dead", "p1")}
    by_event = d.sub("h", inside.replace('name="s2"/', "/"), triggeredByEvent="true")
    assert ("stuck", "p1") in flaws(sheet("s t1 e", by_event))


def test_what_other_engines_call_transaction_call_and_ad_hoc() -> None:
    whole = d.el("transaction", "w", d.start("s2") + d.task("t2") + d.end("e2", d.on("cancel")) + d.flows("s2 t2 e2"))
    undone = d.boundary("b", "w", "<cancelEventDefinition/>")
    assert flaws(sheet("s w e|b e3", whole, undone)) == set()
    called = d.el("callActivity", "c", calledElement="other")
    assert flaws(sheet("s p1 c p2 e|p1 t1 p2", called)) == set()
    anyhow = d.el("adHocSubProcess", "a", d.task("t2") + d.task("t3") + d.gateway("parallel", "p9"))
    assert flaws(sheet("s a e", anyhow)) == set()
    undo = d.boundary("b", "t1", "<compensateEventDefinition/>") + d.el("userTask", "z", isForCompensation="true")
    assert flaws(sheet("s t1 e", undo)) == set()


def test_links_and_several_begins() -> None:
    leap, land = d.throws("k", d.on("link", "on")), d.catch("n", d.on("link", "on"))
    assert flaws(sheet("s t1 k|n t2 e", leap, land)) == set()
    unlike = d.sub("u", d.task("t2") + d.task("t3") + d.gateway("parallel", "p1") + d.flows("t2 p1", "t3 p1"))
    assert flaws(sheet("s u e", unlike)) == set()


def test_what_is_too_much_is_said_not_guessed() -> None:
    branches = "|".join(f"i1 t{n} u{n} i2" for n in range(14))
    verdict = judge(sheet(f"s i1|i2 e|{branches}"))
    assert not verdict.decided
    assert {flaw.kind for flaw in verdict.flaws} == {"undecided"}


@pytest.mark.parametrize("kind", ["x", "p", "i"])
def test_a_hundred_steps_within_a_second(kind: str) -> None:
    rows = [f"s x0|{'|'.join(f'x{n} {kind}a{n} t{n}a u{n}a v{n}a {kind}b{n} x{n + 1}' for n in range(8))}|x8 e"]
    rows += [f"{kind}a{n} t{n}{way} u{n}{way} v{n}{way} {kind}b{n}" for n in range(8) for way in "bc"]
    diagram = sheet("|".join(rows))
    assert len(diagram.elements) > 95
    begun = time.process_time()
    verdict = judge(diagram)
    assert time.process_time() - begun < 1
    assert verdict.sound
