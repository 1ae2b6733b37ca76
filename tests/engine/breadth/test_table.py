"""The table of elements on the help page says what is true: laws refuse what it calls refused, tests run the rest."""

from __future__ import annotations

import pytest

from engine.notation import breadth
from engine.notation.breadth import DRAWN, PARTS, REFUSED, RUNS, Part
from engine.notation.checks import LAWS, OF_THE_FILE, check
from engine.notation.diagram import EVENTS, GATEWAYS, NODES
from engine.words.errors import Finding
from tests.engine.breadth.gate import ASIDE
from tests.engine.breadth.test_experiments import functions
from tests.engine.tokens import drawn as d
from tests.engine.tokens.test_nothing_slips_through import EVENTS as PLAYED
from tests.engine.tokens.test_nothing_slips_through import REFUSED as NODES_REFUSED
from tests.engine.tokens.test_nothing_slips_through import drawing

# In the columns of the test that plays every event with every trigger.
COLUMN = {
    "start": "startEvent", "event_sub_process": "eventSubProcess", "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent", "throw": "intermediateThrowEvent", "end": "endEvent",
}  # fmt: skip
PLAIN = (d.start(), d.task("u"), d.end(), d.flows("s u e"))


def sheet(part: Part) -> str:
    """A small diagram with this element in it."""
    if part.group in COLUMN:
        return drawing(COLUMN[part.group], part.trigger)
    if part.trigger:  # an attribute that changes how it runs
        value = {"instantiate": "true", "eventGatewayType": "Parallel", "behavior": "One"}[part.trigger]
        race = d.catch("c", d.timer("PT1H")) + d.catch("k", d.timer("PT2H")) + d.flows("s x c e", "x k e")
        if part.tag == "eventBasedGateway":
            return d.xml(d.start(), d.el(part.tag, "x", **{part.trigger: value}), race, d.end())
        if part.tag == "receiveTask":
            receive = d.el(part.tag, "x", messageRef="message_m", **{part.trigger: value})
            return d.xml(d.start(), receive, d.end(), d.flows("s x e"))
        loop = d.several("2").replace("Characteristics ", f'Characteristics {part.trigger}="{value}" ', 1)
        return d.xml(d.start(), d.task("x", loop), d.end(), d.flows("s x e"))
    if part.tag in NODES:
        return drawing(part.tag, "none")
    inside = {
        "textAnnotation": '<textAnnotation id="x"><text>t</text></textAnnotation>',
        "group": '<group id="x"/>', "dataStoreReference": '<dataStoreReference id="x" name="x"/>',
    }  # fmt: skip
    if part.group == "elsewhere":
        return d.xml(*PLAIN).replace("<process ", f"<{part.tag} ").replace("</process>", f"</{part.tag}>")
    if part.tag in {"messageFlow", "participant"}:
        pools = '<participant id="p" name="p" processRef="drawn"/><participant id="q" name="q"/>'
        flow = '<messageFlow id="m" sourceRef="u" targetRef="q"/>' if part.tag == "messageFlow" else ""
        drawn = d.xml(*PLAIN)
        return drawn.replace("<process ", f'<collaboration id="c">{pools}{flow}</collaboration><process ', 1)
    if part.tag == "ioSpecification":
        own = '<ioSpecification><dataInput id="x" name="x"/><inputSet/><outputSet/></ioSpecification>'
        if part.state == DRAWN:
            return d.xml(own, *PLAIN)
        return d.xml(d.start(), d.task("u", own), *PLAIN[2:])
    if part.tag == "loopDataOutputRef":
        gathered = d.several("2").replace("</multi", "<loopDataOutputRef>v</loopDataOutputRef></multi")
        return d.xml(d.start(), d.task("u", gathered), *PLAIN[2:])
    if part.tag == "dataInputAssociation":
        return d.xml(d.start(), d.data("v"), d.task("u", d.reads("v")), *PLAIN[2:])
    return d.xml(*PLAIN, inside[part.tag])


def findings(part: Part) -> list[Finding]:
    return [f for f in check(sheet(part).encode(), {}) if f.law not in ASIDE - {"picture_is_complete"}]


def named(state: str) -> list[object]:
    wanted = [part for part in PARTS if part.state == state]
    return [pytest.param(one, id=f"{one.group}-{one.tag}-{one.trigger}-{one.name.en}") for one in wanted]


@pytest.mark.parametrize("part", named(REFUSED))
def test_what_is_called_refused_is_refused_with_that_sentence(part: Part) -> None:
    said = [f for f in findings(part) if f.severity == "error" and f.law == part.law]
    assert any(part.said.zh in f.zh and part.said.en in f.en for f in said), said or findings(part)


@pytest.mark.parametrize("part", named(DRAWN))
def test_what_is_called_documentation_may_be_published_and_is_said(part: Part) -> None:
    assert not [f for f in findings(part) if f.severity == "error"]
    if part.law:
        said = [f for f in findings(part) if f.law == part.law and f.severity == "warning"]
        assert any(part.said.zh in f.zh and part.said.en in f.en for f in said)


@pytest.mark.parametrize("part", named(RUNS))
def test_what_is_called_running_has_a_test_that_runs_it(part: Part) -> None:
    file, _, name = part.test.partition("::")
    assert name in functions(file)


def test_the_table_knows_every_element_and_every_event_that_the_token_game_knows() -> None:
    states = {(part.group, part.trigger): part.state for part in PARTS if part.group in COLUMN}
    for group, column in COLUMN.items():
        assert {trigger for (g, trigger), state in states.items() if g == group and state == RUNS} == PLAYED[column]
    tags = {part.tag for part in PARTS}
    assert tags >= NODES | GATEWAYS | EVENTS
    refused = {part.tag for part in PARTS if part.state == REFUSED and part.tag in NODES and not part.trigger}
    assert refused == NODES_REFUSED
    laws = {law.id for law in LAWS} | {id for id, *_ in OF_THE_FILE}
    assert {part.law for part in PARTS} - {""} <= laws
    assert {part.group for part in PARTS} == set(breadth.GROUPS)
    assert len({(p.group, p.tag, p.trigger, p.name.en) for p in PARTS}) == len(PARTS)
