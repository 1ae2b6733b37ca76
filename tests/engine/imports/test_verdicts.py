"""What becomes of a stranger's file as a whole, and that a second reader finds nothing lost."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.notation import imports
from engine.notation.imports import audit, is_foreign
from engine.notation.imports.verdicts import ACCEPTED, DRAWING, REFUSED, TO_DOS, WARNED, judge

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:a="http://activiti.org/bpmn" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">'
)
PLAIN = (
    '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>{}'
    '<sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/>'
)


def drawn(inside: str, before: str = "", *, run: str = ' isExecutable="true"') -> bytes:
    return f'{HEAD}{before}<process id="p"{run}>{inside}</process></definitions>'.encode()


CATCH = '<intermediateCatchEvent id="t">'
ADHOC = b'id="p" xmlns:d="http://www.jboss.org/drools" d:adHoc="true"'
USER = PLAIN.format('<userTask id="t"/>')


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (drawn(USER), ACCEPTED),
        (drawn(PLAIN.format('<task id="t"/>')), WARNED),
        (drawn(PLAIN.format('<serviceTask id="t" a:expression="${bean.run()}"/>')), TO_DOS),
        (drawn(PLAIN.format('<serviceTask id="t" a:class="org.x.Y"/>')), WARNED),
        (drawn(PLAIN.format('<sendTask id="t" a:type="mail"/>')), TO_DOS),
        (drawn(PLAIN.format('<scriptTask id="t" scriptFormat="groovy"><script>a.b()</script></scriptTask>')), TO_DOS),
        (drawn(PLAIN.format('<callActivity id="t" calledElement="${bean.next()}"/>')), TO_DOS),
        (drawn(USER + '<userTask id="alone"/>'), TO_DOS),
        (drawn(PLAIN.format('<task id="t"/>'), run=' isExecutable="false"'), DRAWING),
        (drawn('<task id="t"/>', run=' isExecutable="false"'), DRAWING),
        (drawn('<userTask id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="gone"/>'), REFUSED),
        (drawn(USER.replace('"e"/>', '"t"/>', 1) + '<userTask id="t"/>'), REFUSED),
        (drawn(USER.replace('<startEvent id="s"/>', "")), REFUSED),
        (drawn(PLAIN.format(f"{CATCH}<timerEventDefinition/></intermediateCatchEvent>")), REFUSED),
        (drawn(PLAIN.format('<complexGateway id="t"/>')), REFUSED),
    ],
)  # fmt: skip
def test_each_kind_of_verdict(content: bytes, kind: str) -> None:
    found = judge(content, {})
    assert found.kind == kind, [(finding.law, finding.en) for finding in found.findings]
    assert len(found.weights) == len(found.findings)
    assert not found.lost


@pytest.mark.parametrize(
    ("element", "content"),
    [
        ("t", drawn(PLAIN.format('<serviceTask id="t" a:delegateExpression="${beans.of(kind)}"/>'))),
        ("t", drawn(PLAIN.format('<sendTask id="t"/>'))),
        ("p", drawn('<userTask id="t"/>').replace(b'id="p"', ADHOC)),
        ("s", drawn(USER.replace('<startEvent id="s"/>', '<startEvent id="s"><timerEventDefinition><timeDuration>'
                                 "${when}</timeDuration></timerEventDefinition></startEvent>"))),
    ],
)  # fmt: skip
def test_what_is_to_be_tied_in_is_said_at_its_element(element: str, content: bytes) -> None:
    told = [each for each in imports.bring(content).remarks if (each.verdict, each.weight) == ("left", "binding")]
    assert element in {each.element for each in told}
    assert judge(content, {}).kind == TO_DOS


def test_a_name_from_outside_is_only_a_hint() -> None:
    split = (
        '<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="g"/><exclusiveGateway id="g" default="y"/>'
        '<sequenceFlow id="x" sourceRef="g" targetRef="e"><conditionExpression>${strange > 5}</conditionExpression>'
        '</sequenceFlow><sequenceFlow id="y" sourceRef="g" targetRef="h"/><endEvent id="e"/><endEvent id="h"/>'
    )
    found = judge(drawn(split), {})
    assert found.kind in {ACCEPTED, WARNED}
    assert all(weight == "hint" for weight in found.weights)


@pytest.mark.parametrize(
    ("before", "inside", "name"),
    [
        ('<message id="m" name="Order"/>', '<receiveTask id="t" messageRef="tns:m"/>', "Order"),
        (
            "",
            '<boundaryEvent id="b" attachedToRef="t"><errorEventDefinition errorRef="E 1"/></boundaryEvent>'
            '<subProcess id="t"><startEvent id="i"/><sequenceFlow id="k" sourceRef="i" targetRef="j"/><endEvent id="j">'
            '<errorEventDefinition errorRef="E 1"/></endEvent></subProcess>',
            "E 1",
        ),
    ],
)
def test_references_are_straightened(before: str, inside: str, name: str) -> None:
    found = imports.bring(drawn(PLAIN.format(inside), before))
    root = etree.fromstring(found.arrivals[0].content)
    names = {node.get("id"): node.get("name") for node in root}
    refs = [v for node in root.iter() for key, v in node.attrib.items() if key in {"messageRef", "errorRef"}]
    assert refs
    assert {names.get(ref) for ref in refs} == {name}
    assert any("Ref" in remark.what and remark.element in {"t", "b", "j"} for remark in found.remarks)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("timeDuration", "PT0S", "PT1S"),
        ("timeCycle", "R3/PT10M", "PT10M"),
        ("timeDuration", "PT2H", "PT2H"),
    ],
)
def test_times_other_engines_take(kind: str, before: str, after: str) -> None:
    timer = f"<timerEventDefinition><{kind}>{before}</{kind}></timerEventDefinition>"
    event = f"{CATCH}{timer}</intermediateCatchEvent>"
    found = imports.bring(drawn(PLAIN.format(event)))
    assert f">{after}</timeDuration>".encode() in found.arrivals[0].content
    assert judge(drawn(PLAIN.format(event)), {}).kind == ACCEPTED


@pytest.mark.parametrize(
    ("element", "before", "inside"),
    [
        ("m", '<message id="m" name="x"/>', USER),
        ("m2", '<message id="m" name="x"/><message id="m2" name="x"/>',
         PLAIN.format('<receiveTask id="t" messageRef="m"/><receiveTask id="u" messageRef="m2"/>')),
        ("f2", "", USER + '<sequenceFlow id="f2" sourceRef="s" targetRef="t"/>'),
        ("s2", "", USER + '<startEvent id="s2"/><sequenceFlow id="k" sourceRef="s2" targetRef="t"/>'),
        ("p", "", USER + '<startEvent id="s2"/><sequenceFlow id="k" sourceRef="s2" targetRef="t"/>'),
        ("e", "", USER.replace('<endEvent id="e"/>', '<endEvent id="e"><terminateEventDefinition/></endEvent>')),
        ("s", "", USER + '<userTask id="u"/><sequenceFlow id="k" sourceRef="s" targetRef="u"/>'),
    ],
)  # fmt: skip
def test_the_drawing_as_a_whole_is_looked_at(element: str, before: str, inside: str) -> None:
    found = judge(drawn(inside, before), {})
    assert element in {finding.element for finding in found.findings}
    plain = judge(drawn(USER), {})
    assert element not in {finding.element for finding in plain.findings}


@pytest.mark.parametrize(
    ("was", "now", "word"),
    [
        ('<userTask id="t"/>', "", "userTask"),
        ('<userTask id="t"/>', '<manualTask id="t"/>', "userTask became manualTask"),
        ('<sequenceFlow id="g" sourceRef="t" targetRef="e"/>', "", "sequenceFlow"),
        ('targetRef="e"/>', 'targetRef="s"/>', "sourceRef, targetRef"),
    ],
)
def test_the_second_reader_sees_what_went(was: str, now: str, word: str) -> None:
    original = drawn(USER)
    assert audit.losses(original, [original], frozenset()) == ()
    lost = audit.losses(original, [drawn(USER.replace(was, now))], frozenset())
    assert any(each.endswith(f": {word}") for each in lost)
    assert audit.losses(original, [drawn(USER.replace(was, now))], frozenset({"t", "g"})) == ()


@pytest.mark.parametrize(
    ("inside", "word"),
    [
        ('<userTask id="t"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>'
         "</multiInstanceLoopCharacteristics></userTask>", "repeat"),
        ('<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>'
         "</intermediateCatchEvent>", "became none"),
        ('<callActivity id="t" calledElement="other"/>', "calledElement"),
        ('<scriptTask id="t" scriptFormat="feel"><script>{a: 1}</script></scriptTask>', "script"),
        ('<userTask id="t" startQuantity="2"/>', "startQuantity"),
        ('<subProcess id="t" triggeredByEvent="true"/>', "triggeredByEvent"),
    ],
)  # fmt: skip
def test_the_second_reader_knows_the_words_inside(inside: str, word: str) -> None:
    kind = etree.fromstring(inside.replace("a:", "")).tag
    bare = PLAIN.format(f'<{kind} id="t"/>')
    lost = audit.losses(drawn(PLAIN.format(inside)), [drawn(bare)], frozenset())
    assert any(word in each for each in lost)


@pytest.mark.parametrize(
    ("content", "foreign"),
    [
        (drawn(USER), False),
        (drawn(USER.replace('id="t"', 'id="t" camunda:candidateGroups="clerk"')), False),
        (drawn(USER.replace('id="t"', 'id="t" camunda:assignee="${boss}"')), True),
        (drawn(USER.replace('id="t"', 'id="t" a:assignee="x"')), True),
        (b"no xml", False),
    ],
)
def test_whether_a_file_is_another_engines(content: bytes, foreign: bool) -> None:
    assert is_foreign(content) is foreign
