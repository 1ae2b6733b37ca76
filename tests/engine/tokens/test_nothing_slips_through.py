"""Every kind of element with every trigger: the gate refuses it with a sentence, or the engine runs it."""

from __future__ import annotations

import pytest

from engine.notation.checks import check
from engine.notation.diagram import GATEWAYS, NODES, SCOPES, read
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played

TRIGGERS = {
    "none": "",
    "message": d.on("message", "m"),
    "timer": d.timer("PT1H"),
    "signal": d.on("signal", "m"),
    "conditional": d.condition("=k = 1"),
    "error": d.on("error", "m"),
    "escalation": d.on("escalation", "m"),
    "link": d.on("link", "m"),
    "terminate": d.on("terminate"),
    "cancel": "<cancelEventDefinition/>",
    "compensate": "<compensateEventDefinition/>",
    "multiple": d.on("signal", "m") + d.timer("PT1H"),
}
EVENTS = {
    "startEvent": {"none", "message", "timer", "signal"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link", "compensate"},
    "intermediateCatchEvent": {"message", "timer", "signal", "conditional", "link"},
    "boundaryEvent": {
        "message",
        "timer",
        "signal",
        "conditional",
        "error",
        "escalation",
        "compensate",
        "cancel",
    },
    "eventSubProcess": {"message", "timer", "signal", "conditional", "error", "escalation", "compensate"},
}
"""Which triggers run where; all others are refused."""
REFUSED = {"complexGateway"}
# Whom a task is for, and what things are called, is not asked here.
ASIDE = {"tasks_have_a_role", "labels_are_bilingual", "topics_are_known", "decisions_exist", "event_gateways_wait"}


def drawing(kind: str, trigger: str) -> str:
    """The thing is called x. It stands in a sub-process w, before a task that ends in whatever it may wait for."""
    inner = TRIGGERS[trigger]
    thing, ways = d.el(kind, "x", inner), "ws x n we"
    if trigger in {"compensate", "cancel"} and trigger in EVENTS[kind]:
        return undoing(kind, trigger)
    if kind == "startEvent":
        return d.xml(d.el(kind, "x", inner), d.task("n"), d.end(), d.flows("x n e"))
    if kind == "boundaryEvent":
        thing, ways = d.boundary("x", "i", inner) + d.sub("i", d.start("is"), *thrown(trigger, "is")), "ws i we"
        thing += d.flows("x n we")
    elif kind == "eventSubProcess":
        inside = (d.start("x", inner), d.task("n"), d.end("he"), d.flows("x n he"))
        thing = d.sub("es", *inside, triggeredByEvent="true") + "".join(thrown(trigger, "ws"))
        return process(thing)
    elif kind == "endEvent":
        return process(thing, d.flows("ws x"))
    elif kind == "adHocSubProcess":
        thing = d.el(kind, "x", d.task("i"))
    elif kind in SCOPES:
        thing = d.el(kind, "x", d.start("is") + d.task("i") + d.end("ie") + d.flows("is i ie"))
    elif kind == "scriptTask":
        thing = d.script("x")
    elif kind == "callActivity":
        thing = d.el(kind, "x", calledElement="drawn")
    elif kind in {"sendTask", "receiveTask"}:
        thing = d.el(kind, "x", messageRef="message_m") + d.boundary("b", "x", d.on("message", "m")) + d.flows("b n")
        thing = thing if kind == "receiveTask" else d.el(kind, "x", messageRef="message_m")
    if trigger == "link":
        thing += d.catch("o", inner) if kind == "intermediateThrowEvent" else d.throws("o", inner)
        ways = "ws x" if kind == "intermediateThrowEvent" else "ws o"
        thing += d.flows("o n we") if kind == "intermediateThrowEvent" else d.flows("x n we")
    if kind == "intermediateCatchEvent" and trigger == "signal":
        thing += d.end("t", TRIGGERS[trigger]) + d.task("later") + d.flows("ws later t")
    return process(thing, d.task("n"), d.end("we"), d.flows(ways))


def undoing(kind: str, trigger: str) -> str:
    """What is drawn around compensation and cancelling."""
    undone, x = d.undone("i", d.task("un")), d.el(kind, "x", TRIGGERS[trigger])
    if trigger == "cancel":
        ending, border = d.end("x" if kind == "endEvent" else "te", TRIGGERS[trigger]), TRIGGERS[trigger]
        inside = (d.start("ts"), d.task("n"), ending, d.flows(f"ts n {'x' if kind == 'endEvent' else 'te'}"))
        border = d.boundary("x" if kind == "boundaryEvent" else "tb", "t", border)
        after = d.flows("ws t we", f"{'x' if kind == 'boundaryEvent' else 'tb'} we")
        return process(d.el("transaction", "t", "".join(inside)), border, d.end("we"), after)
    if kind == "boundaryEvent":
        undone = undone.replace('"i-undo"', '"x"')
    elif kind == "eventSubProcess":
        undone = d.sub("es", d.start("x", TRIGGERS[trigger]), d.end("he"), d.flows("x he"), triggeredByEvent="true")
    throws = x if kind in {"endEvent", "intermediateThrowEvent"} else ""
    ways = {"endEvent": "ws i x", "intermediateThrowEvent": "ws i x we"}.get(kind, "ws i we")
    return process(d.task("i"), undone, throws, "" if kind == "endEvent" else d.end("we"), d.flows(ways))


def thrown(trigger: str, start: str) -> tuple[str, ...]:
    """A task, and behind it what throws the trigger."""
    throws = TRIGGERS[trigger] if trigger in {"signal", "error", "escalation"} else ""
    return d.task("later"), d.end("t", throws), d.flows(f"{start} later t")


def process(*inside: str) -> str:
    """Around the sub-process w stand events that catch what leaves it."""
    return d.xml(
        d.start(), d.gateway("parallel", "f"), d.task("side"), d.sub("w", d.start("ws"), *inside),
        d.boundary("be", "w", d.on("error", "m")), d.boundary("bu", "w", d.on("escalation", "m")),
        d.task("caught"), d.end(), d.flows("s f side e", "f w e", "be caught e", "bu caught"),
    )  # fmt: skip


def refusals(xml: str) -> set[str]:
    return {finding.law for finding in check(xml.encode(), {}) if finding.severity == "error"} - ASIDE


@pytest.mark.parametrize("kind", sorted(NODES - EVENTS.keys() - {"eventBasedGateway"}))
def test_every_node_runs_or_is_refused(kind: str) -> None:
    xml = drawing(kind, "none")
    assert bool(refusals(xml)) == (kind in REFUSED)
    if kind in {"serviceTask", "businessRuleTask"} | REFUSED:
        return  # what these do has tests of its own
    played = Played(read(xml.encode()))
    assert "x" in [*played.passed(), *played.waiting.split()]
    assert "side" in played.waiting
    assert len(played.waiting.split()) == 2 + (kind == "receiveTask")


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_runs_or_is_refused(kind: str, trigger: str) -> None:
    xml = drawing(kind, trigger)
    runs = trigger in EVENTS[kind]
    assert bool(refusals(xml)) == (not runs), refusals(xml)
    if not runs or trigger in {"compensate", "cancel"}:
        return  # how these run has tests of its own
    at = "x" if kind == "startEvent" and trigger != "none" else None
    played = Played(read(xml.encode()), at, k=0)
    if trigger in {"signal", "error", "escalation"} and "later" in played.waiting:
        played.do("later")
    elif trigger == "conditional":
        played.do("side", k=1)
    if "x" in played.waiting.split():
        played.do("x")
    leaves = kind in {"endEvent", "intermediateThrowEvent"} and trigger in {"error", "escalation"}
    if kind == "endEvent":
        assert played.waiting == ("caught side" if leaves else "side")
    else:
        assert ("caught" if leaves else "n") in played.waiting.split()


def test_what_is_refused_is_refused_with_a_sentence() -> None:
    for kind in sorted(REFUSED):
        sentences = [f for f in check(drawing(kind, "none").encode(), {}) if f.law == "nothing_unsupported"]
        assert [f.element for f in sentences if f.severity == "error"] == ["x"]
        assert all(f.zh.endswith("。") and f.en.endswith(".") for f in sentences)
    assert not REFUSED & {kind for kind in GATEWAYS if kind != "complexGateway"}
