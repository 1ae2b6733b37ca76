"""The vocabulary of the standard, as its schema has it, is covered: defaults make no noise, other values are named."""

from __future__ import annotations

from pathlib import Path

import pytest
import SpiffWorkflow
from lxml import etree

from engine.notation.checks import LAWS, OF_THE_FILE, check
from engine.notation.checks.groups import HOUSE, OF_THE_HOUSE, STANDARD
from engine.notation.vocabulary import READ, is_usual, reads

SCHEMA = Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema" / "Semantic.xsd"
X = "{http://www.w3.org/2001/XMLSchema}"
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">'
WAY = (
    '<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="t"/>'
    '<sequenceFlow id="b" sourceRef="t" targetRef="e"/><endEvent id="e"/>'
)


def attributes() -> list[tuple[str, str, str]]:
    """Element, attribute, default (or "") of everything the schema lets stand in a process."""
    schema = etree.parse(str(SCHEMA))
    types = {node.get("name", ""): node for node in schema.iter(f"{X}complexType")}

    def of(type: str) -> dict[str, str]:
        if type not in types:
            return {}
        extension = types[type].find(f".//{X}extension")
        found = of(extension.get("base", "").split(":")[-1]) if extension is not None else {}
        own = {a.get("name", ""): a.get("default", "") for a in types[type].iter(f"{X}attribute") if a.get("name")}
        return {**found, **own}

    named = [node for node in schema.getroot().iter(f"{X}element") if node.get("name")]
    elements = {node.get("name", ""): node.get("type", "").split(":")[-1] for node in named}
    return [(name, attribute, default) for name, type in elements.items() for attribute, default in of(type).items()]


# These stand outside processes.
OUTSIDE = frozenset(
    {
        "participantMultiplicity", "dataStore", "resourceParameter", "relationship", "import", "itemDefinition",
        "definitions", "extension",
    }
)  # fmt: skip


def test_the_schema_is_read_at_all() -> None:
    assert len(attributes()) > 300


@pytest.mark.parametrize("name", sorted({name for name, _attribute, default in attributes() if default}))
def test_what_says_only_the_usual_is_no_finding(name: str) -> None:
    in_a_process = name not in OUTSIDE and "horeography" not in name
    for element, attribute, default in attributes():
        if element == name and default and in_a_process:
            assert reads(name, attribute) or is_usual(attribute, default), attribute


def test_what_we_claim_to_read_is_in_the_schema() -> None:
    known = {(element, attribute) for element, attribute, _default in attributes()}
    for element, names in READ.items():
        for attribute in names:
            assert (element, attribute) in known or attribute == "language", (element, attribute)


@pytest.mark.parametrize(
    ("inside", "severity", "element"),
    [
        ('<userTask id="t" completionQuantity="2"/>', "error", "t"),
        ('<userTask id="t" colour="red"/>', "warning", "t"),
        ('<receiveTask id="t" instantiate="true"/>', "error", "t"),
        ('<userTask id="t"><userTask id="u"/></userTask>', "error", "u"),
        ('<userTask id="t"/><userTsk id="u"/>', "warning", "p"),
        ('<userTask id="t"><ioSpecification/><ioSpecification/></userTask>', "error", "t"),
        (
            '<userTask id="t"><multiInstanceLoopCharacteristics><loopDataOutputRef>x</loopDataOutputRef>'
            "</multiInstanceLoopCharacteristics></userTask>",
            "error",
            "t",
        ),
        ('<userTask id="t"><multiInstanceLoopCharacteristics behavior="One"/></userTask>', "error", "t"),
        ('<userTask id="t"/><boundaryEvent id="x" attachedToRef="t"><eventDefinitionRef>m</eventDefinitionRef>'
         "</boundaryEvent>", "error", "x"),
        ('<task id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="t"><conditionExpression>a</conditionExpression>'
         "<conditionExpression>b</conditionExpression></sequenceFlow>", "error", "f"),
    ],
)  # fmt: skip
def test_other_words_are_named(inside: str, severity: str, element: str) -> None:
    found = [
        f for f in check(f"{HEAD}{WAY}{inside}</process></definitions>".encode(), {}) if f.law == "every_word_is_read"
    ]
    assert (severity, element) in {(f.severity, f.element) for f in found}
    assert all(f.line for f in found)


def test_every_law_is_of_the_standard_or_of_the_house() -> None:
    ids = {law.id for law in LAWS} | {law for law, _en, _zh in OF_THE_FILE}
    assert ids >= OF_THE_HOUSE
    assert {law.group for law in LAWS} == {STANDARD, HOUSE}
