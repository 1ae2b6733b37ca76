"""What each tool writes in its own way arrives in ours; every foreign thing is kept, mapped or left, none is lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.notation import imports
from engine.notation.checks import check
from engine.notation.diagram import Diagram, Handed, read
from engine.notation.imports import Brought, bring
from engine.notation.imports.manifest import PLAIN
from engine.words.errors import NotPublishable

SPACES = {
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "operaton": "http://operaton.org/schema/1.0/bpmn",
    "activiti": "http://activiti.org/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "drools": "http://www.jboss.org/drools",
    "signavio": "http://www.signavio.com",
    "bizagi": "http://www.bizagi.com/bpmn20",
    "bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
    "odd": "http://nobody.example/knows",
}
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    + " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    + ">"
)


def brought(inside: str, around: str = "", forms: dict[str, str] | None = None) -> Brought:
    flows = '<startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="t"/>'
    found = bring(
        f'{HEAD}{around}<process id="p" isExecutable="true">{flows}{inside}</process></definitions>'.encode(), forms
    )
    whole(found)
    return found


def whole(found: Brought) -> None:
    """Every foreign thing is spoken of once and only once."""
    covered = Counter(item for remark in found.remarks for item in remark.covers)
    assert covered == Counter(found.foreign)
    assert all(remark.zh and remark.en and remark.verdict in {"kept", "mapped", "left"} for remark in found.remarks)


def drawn(found: Brought) -> Diagram:
    return read(found.arrivals[0].content)


def remarks(found: Brought, verdict: str) -> set[str]:
    return {remark.what for remark in found.remarks if remark.verdict == verdict}


def test_camunda_7() -> None:
    found = brought(
        """<userTask id="t" camunda:assignee="${starter}" camunda:candidateUsers="ann, ${boss}"
           camunda:dueDate="${due}"
             camunda:formKey="embedded:app:x.html" camunda:asyncBefore="true">
           <extensionElements><camunda:formData>
           <camunda:formField id="ok" label="Ok" type="boolean" defaultValue="${true}">
             <camunda:validation><camunda:constraint name="required"/>
           <camunda:constraint name="validator" config="x.Y"/>
             </camunda:validation></camunda:formField></camunda:formData>
             <camunda:taskListener class="x.Y" event="create"/></extensionElements>
           <multiInstanceLoopCharacteristics camunda:collection="${order.items}" camunda:elementVariable="item"/>
           </userTask>
           <serviceTask id="v" camunda:type="external" camunda:topic="pay"/><serviceTask id="w"
           camunda:expression="${bean.run()}"/>
           <startEvent id="s2" camunda:initiator="starter"/>"""
    )
    task = drawn(found).element("t")
    assert task.assignee == "=case.raised_by"
    assert task.groups == '="ann", =boss'
    assert task.due == "=due"
    assert task.form[0].default == "=true"
    assert task.form[0].required
    assert task.repeat is not None
    assert task.repeat.collection == "=order.items"
    assert drawn(found).element("v").topic == "pay"
    assert {"camunda:formKey", "camunda:taskListener", "camunda:expression", "camunda:asyncBefore"} <= remarks(
        found, "left"
    )
    left = {remark.what: remark for remark in found.remarks if remark.verdict == "left"}
    assert left["camunda:expression"].weight == imports.BINDING
    assert left["camunda:expression"].element == "w"
    assert left["camunda:asyncBefore"].weight == imports.NOTHING
    assert left["camunda:asyncBefore"].line


@pytest.mark.parametrize("prefix", ["activiti", "flowable"])
def test_activiti_and_flowable(prefix: str) -> None:
    found = brought(
        f"""<userTask id="t" {prefix}:candidateGroups="clerks" {prefix}:assignee="#{{execution.getVariable('who')}}">
           <extensionElements><{prefix}:formProperty id="days" name="Days" type="long" required="true" default="3"/>
           <{prefix}:formProperty id="kind" type="enum"><{prefix}:value id="a" name="A"/></{prefix}:formProperty>
           <{prefix}:formProperty id="odd" type="user"/></extensionElements></userTask>
           <scriptTask id="x" scriptFormat="groovy" {prefix}:autoStoreVariables="true">
           <script>b = days + 1</script></scriptTask>
           <scriptTask id="y" scriptFormat="groovy"><script>b = days + 1</script></scriptTask>"""
    )
    task = drawn(found).element("t")
    assert task.groups == "clerks"
    assert task.assignee == "=who"
    assert [(each.id, each.type, each.required) for each in task.form] == [
        ("days", "long", True),
        ("kind", "enum", False),
    ]
    assert task.form[0].default == "3"
    assert task.form[1].choices[0].name == "A"
    assert drawn(found).element("x").script == "{b: days + 1}"
    assert drawn(found).element("x").script_format == "feel"
    assert drawn(found).element("y").script_format == "groovy"


def test_flowable_asks_tables_by_a_service_task() -> None:
    found = brought(
        """<serviceTask id="t" flowable:type="dmn"><extensionElements>
           <flowable:field name="decisionTableReferenceKey">
           <flowable:string>triage</flowable:string></flowable:field></extensionElements></serviceTask>"""
    )
    task = drawn(found).element("t")
    assert (task.kind, task.decision) == ("businessRuleTask", "triage")


def test_operaton_is_camunda_by_another_name() -> None:
    found = brought(
        """<userTask id="t" operaton:candidateGroups="clerks"><extensionElements><operaton:formData>
           <operaton:formField id="a" type="string" label="A"/></operaton:formData></extensionElements></userTask>"""
    )
    assert drawn(found).element("t").groups == "clerks"
    assert drawn(found).element("t").form[0].label == "A"


FORM = """{"components": [{"type": "textfield", "key": "name", "label": "Name",
  "validate": {"required": true, "maxLength": 9}},
 {"type": "group", "components": [{"type": "select", "key": "kind", "values": [{"label": "A", "value": "a"}]}]},
 {"type": "checkbox", "key": "ok", "conditional": {"hide": "=kind = \\"a\\""}}, {"type": "button", "id": "b"},
 {"type": "datetime", "key": "on", "subtype": "date"}, {"type": "dynamiclist", "id": "d"}]}"""


def test_camunda_8() -> None:
    escaped = FORM.replace('"', "&quot;")
    found = brought(
        f"""<extensionElements><zeebe:userTaskForm id="f1">{escaped}</zeebe:userTaskForm></extensionElements>
           <userTask id="t"><extensionElements><zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>
           <zeebe:assignmentDefinition assignee="=boss" candidateGroups="clerks"/><zeebe:taskSchedule dueDate="=due"/>
           </extensionElements><multiInstanceLoopCharacteristics><extensionElements>
           <zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="r"
           outputElement="=x"/>
           </extensionElements></multiInstanceLoopCharacteristics></userTask>
           <serviceTask id="v"><extensionElements><zeebe:taskDefinition type="pay" retries="3"/>
           </extensionElements></serviceTask>
           <scriptTask id="x"><extensionElements><zeebe:script expression="=a + 1" resultVariable="b"/>
           </extensionElements></scriptTask>
           <businessRuleTask id="r"><extensionElements>
           <zeebe:calledDecision decisionId="triage" resultVariable="way"/>
           </extensionElements></businessRuleTask>
           <sequenceFlow id="f" sourceRef="t" targetRef="v">
           <conditionExpression xsi:type="tFormalExpression">=a &gt; 3</conditionExpression></sequenceFlow>
           <receiveTask id="c" messageRef="m"/>""",
        '<message id="m" name="=&quot;paid&quot;"><extensionElements><zeebe:subscription correlationKey="=order"/>'
        "</extensionElements></message>",
    )
    diagram = drawn(found)
    task = diagram.element("t")
    assert [(field.id, field.type) for field in task.form] == [
        ("name", "string"),
        ("kind", "enum"),
        ("ok", "boolean"),
        ("on", "date"),
    ]
    assert task.form[0].required
    assert task.form[2].properties["show"] == 'not((kind = "a") = true)'
    assert (task.assignee, task.groups, task.due) == ("=boss", "clerks", "=due")
    assert task.repeat is not None
    assert (task.repeat.collection, task.repeat.variable) == ("=items", "item")
    assert diagram.element("v").topic == "pay"
    assert diagram.element("x").script == "{b: a + 1}"
    assert (diagram.element("r").decision, diagram.element("r").result) == ("triage", "way")
    assert next(flow for flow in diagram.flows if flow.id == "f").condition == "=a > 3"
    assert diagram.element("c").trigger.name == "paid"
    assert diagram.element("c").property("correlation") == "=order"
    assert "outputCollection" in {r.what for r in found.remarks if r.weight == imports.MEANING}


def test_a_form_beside_the_diagram_comes_along() -> None:
    found = brought(
        '<userTask id="t"><extensionElements><zeebe:formDefinition formId="raise"/></extensionElements></userTask>',
        forms={"raise": FORM},
    )
    assert len(drawn(found).element("t").form) == 4


def test_jbpm() -> None:
    found = brought(
        """<property id="who" name="who"/><userTask id="t" drools:taskName="x"><ioSpecification>
           <dataInput id="i1" name="GroupId"/>
           <dataInput id="i2" name="ActorId"/><dataInput id="i3" name="amount"/><dataOutput id="o1" name="result"/>
           </ioSpecification>
           <dataInputAssociation><targetRef>i1</targetRef><assignment><from>clerks</from><to>i1</to></assignment>
           </dataInputAssociation>
           <dataInputAssociation><targetRef>i2</targetRef><assignment><from>#{who}</from><to>i2</to></assignment>
           </dataInputAssociation>
           <dataInputAssociation><sourceRef>amount</sourceRef><targetRef>i3</targetRef></dataInputAssociation>
           <dataOutputAssociation><sourceRef>o1</sourceRef><targetRef>other</targetRef></dataOutputAssociation>
           </userTask>
           <sequenceFlow id="f" sourceRef="t" targetRef="t"><conditionExpression xsi:type="tFormalExpression"
           language="http://www.java.com/java">return a.equals("x");</conditionExpression></sequenceFlow>"""
    )
    task = drawn(found).element("t")
    assert (task.groups, task.assignee) == ("clerks", "=who")
    assert next(flow for flow in drawn(found).flows if flow.id == "f").condition == '=a = "x"'
    assert any(r.weight == imports.MEANING and "other" in r.zh for r in found.remarks)
    assert "nothing_unsupported" not in {finding.law for finding in check(found.arrivals[0].content, {})}


def test_what_a_call_of_jbpm_hands_over_goes_over_here_as_well() -> None:
    found = brought(
        """<property id="v_amount" name="amount"/><property id="v_result" name="result"/>
           <callActivity id="t" name="t" calledElement="other" drools:independent="false"><ioSpecification>
           <dataInput id="i1" name="x"/><dataInput id="i2" name="kind"/><dataInput id="i3" name="who"/>
           <dataOutput id="o1" name="y"/><inputSet/><outputSet/></ioSpecification>
           <dataInputAssociation><sourceRef>v_amount</sourceRef><targetRef>i1</targetRef></dataInputAssociation>
           <dataInputAssociation><targetRef>i2</targetRef><assignment><from>plain "one"</from><to>i2</to></assignment>
           </dataInputAssociation>
           <dataInputAssociation><targetRef>i3</targetRef><assignment><from>#{amount}</from><to>i3</to></assignment>
           </dataInputAssociation>
           <dataOutputAssociation><sourceRef>o1</sourceRef><targetRef>v_result</targetRef></dataOutputAssociation>
           </callActivity><sequenceFlow id="f" sourceRef="t" targetRef="e"/><endEvent id="e"/>"""
    )
    called = drawn(found).element("t")
    assert called.hands_in == (
        Handed("x", "amount"), Handed("kind", expression='"plain \\"one\\""'), Handed("who", expression="amount"),
    )  # fmt: skip
    assert called.hands_out == (Handed("result", "y"),)
    laws = {finding.law for finding in check(found.arrivals[0].content, {}) if finding.severity == "error"}
    assert not laws & {"inputs_and_outputs_go_over", "data_objects_are_fields", "expressions_are_feel"}


def test_people_of_the_standard() -> None:
    found = brought(
        """<userTask id="t"><potentialOwner><resourceAssignmentExpression><formalExpression>user(ann), group(clerks)
           </formalExpression></resourceAssignmentExpression></potentialOwner></userTask>
           <userTask id="u"><humanPerformer><resourceAssignmentExpression><formalExpression>${boss}</formalExpression>
           </resourceAssignmentExpression></humanPerformer></userTask>"""
    )
    assert drawn(found).element("t").groups == 'clerks, ="ann"'
    assert drawn(found).element("u").assignee == "=boss"


def test_what_cannot_be_put_into_feel_is_refused_at_its_element() -> None:
    found = brought(
        """<task id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="t"><conditionExpression
           language="groovy">a.b { it }</conditionExpression></sequenceFlow>"""
    )
    assert [(r.element, r.weight) for r in found.remarks if r.verdict == "left"] == [("f", imports.MEANING)]
    assert "expressions_are_feel" in {f.law for f in check(found.arrivals[0].content, {}) if f.severity == "error"}


def test_ids_and_the_executable_mark_are_mended() -> None:
    inside = '<startEvent/><task/><sequenceFlow sourceRef="a" targetRef="b"/>'
    content = f'{HEAD}<process id="客户 流程">{inside}</process></definitions>'
    found = bring(content.encode())
    diagram = drawn(found)
    assert len(diagram.elements) == 2
    assert all(diagram.elements)
    assert diagram.flows[0].id
    assert diagram.process.isascii()
    assert {"id", "isExecutable"} <= remarks(found, "mapped")


def test_each_pool_becomes_a_draft_of_its_own() -> None:
    content = f'{HEAD}<process id="a"><task id="x"/></process><process id="b"><task id="y"/></process></definitions>'
    found = bring(content.encode())
    assert [read(arrival.content).process for arrival in found.arrivals] == ["a", "b"]


def test_what_is_no_diagram_is_refused() -> None:
    for content in (b"", b"<html/>", b"PK\x03\x04", b"\xff\xfe\x00"):
        with pytest.raises(NotPublishable):
            bring(content)


# --- nothing is lost, whatever stands in the file ------------------------------------------------------------------

_NAMES = st.sampled_from(
    [
        "assignee", "candidateGroups", "candidateUsers", "dueDate", "priority", "formKey", "class", "type",
        "topic", "expression", "collection", "elementVariable", "decisionRef", "resultVariable", "initiator",
        "formData", "formField", "formProperty", "properties", "property", "value", "validation", "constraint",
        "taskListener", "inputOutput", "in", "out", "field", "string", "connector", "taskDefinition",
        "assignmentDefinition", "ioMapping", "input", "output", "loopCharacteristics", "script", "calledElement",
        "userTaskForm", "formDefinition", "subscription", "metaData", "onEntry-script", "signavioMetaData",
        "BizagiExtensions", "fill", "preScript", "calledDecisionId", "unknown", "async",
    ]
)  # fmt: skip
_VALUES = st.sampled_from(["", "x", "${a}", "${a.b(c)}", "=a", "=[", "true", "a,b", "long", "required", "{}", "id"])
_PREFIX = st.sampled_from(sorted(SPACES))
_KINDS = st.sampled_from(
    ["userTask", "serviceTask", "scriptTask", "startEvent", "businessRuleTask", "callActivity", "subProcess"]
)


def _foreign(depth: int) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(st.tuples(_PREFIX | st.just(""), _NAMES), _VALUES, max_size=3)
    inner = st.lists(_foreign(depth - 1), max_size=2).map("".join) if depth else _VALUES
    return st.builds(_element, _PREFIX, _NAMES, attributes, inner)


def _element(prefix: str, name: str, attributes: dict[tuple[str, str], str], inner: str) -> str:
    return f"<{prefix}:{name}{_written(attributes)}>{inner}</{prefix}:{name}>"


def _written(attributes: dict[tuple[str, str], str]) -> str:
    return "".join(
        f' {f"{prefix}:{name}" if prefix else name}="{value}"' for (prefix, name), value in attributes.items()
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            _KINDS,
            st.dictionaries(st.tuples(_PREFIX, _NAMES), _VALUES, max_size=4),
            st.lists(_foreign(2), max_size=3),
        ),
        min_size=1,
        max_size=3,
    )
)  # fmt: skip
def test_every_foreign_thing_is_in_exactly_one_list(parts: Any) -> None:
    inside = "".join(
        f'<{kind} id="e{at}"{_written(attributes)}><extensionElements>{"".join(inner)}</extensionElements>'
        f"<multiInstanceLoopCharacteristics>{inner[0] if inner else ''}</multiInstanceLoopCharacteristics></{kind}>"
        for at, (kind, attributes, inner) in enumerate(parts)
    )
    found = brought(inside)
    source = etree.fromstring(f"{HEAD}{inside}</definitions>")
    assert len(found.foreign) == sum(map(_strange, source.iter()))
    left = etree.fromstring(found.arrivals[0].content)
    spaces = {etree.QName(node).namespace for node in left.iter()} | {
        etree.QName(k).namespace for n in left.iter() for k in n.attrib
    }
    assert spaces <= PLAIN | {SPACES["camunda"]}  # what is left is not in the draft any more


def _strange(node: etree._Element) -> int:
    """Counted here in another way: the element, its text, its attributes."""
    if etree.QName(node).namespace not in PLAIN:
        return 1 + bool((node.text or "").strip()) + len(node.attrib)
    return sum(1 for key in node.attrib if etree.QName(key).namespace not in PLAIN)
