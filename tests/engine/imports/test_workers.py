"""What another engine's programs do becomes work for a program outside, wherever that is certain."""

from __future__ import annotations

import pytest

from engine.notation.checks import check
from engine.notation.imports import BINDING, MAPPED, bring, leaving
from engine.notation.imports.verdicts import WARNED, judge
from engine.notation.xml import CAMUNDA, open_xml
from tests.engine.imports.test_verdicts import PLAIN, drawn

ALL = {"variables": "all"}
ZEEBE = '<definitions xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '


def task(step: str) -> tuple[dict[str, str], list[dict[str, str]], list[dict[str, str]], dict[str, str]]:
    """Type and topic, what goes in and out, and the properties of the step `t`."""
    content = drawn(PLAIN.format(step)).replace(b"<definitions ", ZEEBE.encode(), 1)
    found = bring(content)
    assert not [remark for remark in found.remarks if leaving.is_todo(remark)]
    (arrival,) = found.arrivals
    node = next(each for each in open_xml(arrival.content).iter() if each.get("id") == "t")
    own = {key.rpartition("}")[2]: value for key, value in node.attrib.items() if "}" in key}
    ways = ([dict(each.attrib) for each in node.iter(f"{{{CAMUNDA}}}{way}")] for way in ("in", "out"))
    names = {each.get("name", ""): each.get("value", "") for each in node.iter(f"{{{CAMUNDA}}}property")}
    given, back = ways
    return own, given, back, names


@pytest.mark.parametrize(
    ("step", "topic"),
    [
        ('<serviceTask id="t" a:class="org.x.Pay"/>', "org.x.Pay"),
        ('<serviceTask id="t" a:delegateExpression="${payer}"/>', "payer"),
        ('<sendTask id="t" camunda:class="org.x.Tell"/>', "org.x.Tell"),
        ('<serviceTask id="t" camunda:type="external" camunda:topic="pay"/>', "pay"),
    ],
)
def test_a_program_is_a_topic(step: str, topic: str) -> None:
    own, given, back, names = task(step)
    assert own == {"type": "external", "topic": topic}
    assert (given, back) == ([ALL], [ALL])
    assert names == {"worker": "external"}


def test_what_our_own_topics_do_stays_as_it_is() -> None:
    own, given, _back, names = task('<serviceTask id="t" camunda:type="external" camunda:topic="notify"/>')
    assert own["topic"] == "notify"
    assert not given
    assert not names


def test_it_is_a_thing_to_look_at() -> None:
    content = drawn(PLAIN.format('<serviceTask id="t" a:class="org.x.Pay"/>'))
    assert judge(content, {}).kind == WARNED
    (remark,) = (each for each in bring(content).remarks if each.verdict == MAPPED and each.weight == BINDING)
    assert (remark.element, remark.what, remark.before) == ("t", "activiti:class", "org.x.Pay")


def test_parameters_go_in_under_their_names() -> None:
    _own, given, _back, _names = task(
        '<serviceTask id="t" a:class="org.x.Pay"><extensionElements><a:field name="text" stringValue="good &quot;day"/>'
        '<a:field name="sum"><a:expression>${amount + 1}</a:expression></a:field></extensionElements></serviceTask>'
    )
    assert given[1:] == [
        {"sourceExpression": '="good \\"day"', "target": "text"},
        {"sourceExpression": "=amount + 1", "target": "sum"},
    ]


def test_mappings_of_an_external_task() -> None:
    _own, given, back, _names = task(
        '<serviceTask id="t" camunda:type="external" camunda:topic="pay"><extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="sum">${amount}</camunda:inputParameter>'
        '<camunda:outputParameter name="paid">${result}</camunda:outputParameter></camunda:inputOutput>'
        "</extensionElements></serviceTask>"
    )
    assert given == [ALL, {"sourceExpression": "=amount", "target": "sum"}]
    assert back == [ALL, {"sourceExpression": "=result", "target": "paid"}]


def test_a_job_of_camunda_8() -> None:
    """It counts all tries, we those after the first."""
    own, given, back, names = task(
        '<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="pay" retries="5"/><zeebe:ioMapping>'
        '<zeebe:input source="=order.sum" target="sum"/><zeebe:output source="=receipt" target="paid_by"/>'
        '</zeebe:ioMapping><zeebe:taskHeaders><zeebe:header key="to" value="bank"/></zeebe:taskHeaders>'
        "</extensionElements></serviceTask>"
    )
    assert own == {"type": "external", "topic": "pay"}
    assert {"sourceExpression": "=order.sum", "target": "sum"} in given
    assert {"sourceExpression": '={"to": "bank"}', "target": "headers"} in given
    assert {"sourceExpression": "=receipt", "target": "paid_by"} in back
    assert names == {"worker": "external", "retries": "4"}


@pytest.mark.parametrize(
    "step",
    [
        '<serviceTask id="t" a:expression="${bean.pay(sum)}"/>',
        '<serviceTask id="t" a:class="${which}"/>',
        '<serviceTask id="t" a:delegateExpression="${beans.of(kind)}"/>',
        '<businessRuleTask id="t" a:class="org.x.Rules"/>',
    ],
)
def test_what_is_worked_out_at_run_time_is_left_to_do(step: str) -> None:
    assert [remark.element for remark in bring(drawn(PLAIN.format(step))).remarks if leaving.is_todo(remark)] == ["t"]


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask"])
def test_what_came_so_can_be_published(kind: str) -> None:
    """No law finds an error in it: whoever asks for the topic does it."""
    step = f'<{kind} id="t" name="付款" a:class="org.x.Pay"/>'
    (arrival,) = bring(drawn(PLAIN.format(step))).arrivals
    told = [f for f in check(arrival.content, {}) if f.severity == "error" and f.element == "t"]
    assert [finding.law for finding in told] == []
