"""What an import leaves to do stays with the draft, and blocks publishing until it is done or settled."""

from __future__ import annotations

import pytest

from engine.notation import todos
from engine.notation.checks import check
from engine.notation.imports import bring, leaving
from engine.notation.xml import BPMN, open_xml
from engine.reads.todos import DONE, OPEN, SETTLED, standing
from tests.engine.imports.test_verdicts import PLAIN, drawn

LAW = "imports_are_settled"
LISTENER = (
    '<userTask id="t"><extensionElements><camunda:executionListener event="start" class="org.x.Y"/>'
    "</extensionElements></userTask>"
)


def brought(content: bytes) -> bytes:
    (arrival,) = bring(content).arrivals
    return arrival.content


def blocked(content: bytes) -> list[str]:
    found = [finding for finding in check(content, {}) if finding.law == LAW]
    assert all(finding.severity == "error" and finding.line for finding in found)
    return [finding.element for finding in found]


@pytest.mark.parametrize(
    ("step", "element"),
    [
        (LISTENER, "t"),
        ('<serviceTask id="t" a:expression="${bean.run()}"/>', "t"),
        ('<userTask id="t" a:formKey="embedded:x"/>', "t"),
        ('<userTask id="t" a:assignee="${bean.boss()}"/>', "t"),
        ('<callActivity id="t" calledElement="${bean.next()}"/>', "t"),
        ('<scriptTask id="t" scriptFormat="groovy"><script>a.b()</script></scriptTask>', "t"),
    ],
)
def test_a_todo_goes_with_the_draft_and_blocks_it(step: str, element: str) -> None:
    content = drawn(PLAIN.format(step))
    report = [remark for remark in bring(content).remarks if leaving.is_todo(remark)]
    draft = brought(content)
    assert len(report) == len(todos.all_of(open_xml(draft))) > 0
    assert element in blocked(draft)
    assert {finding.law for finding in check(draft, {}) if "todo" in finding.zh} == {LAW}


def test_settled_with_a_reason_it_no_longer_blocks_and_can_be_opened_again() -> None:
    draft = brought(drawn(PLAIN.format(LISTENER)))
    settled = todos.settle(draft, "t", 1, "不再需要", "designer")
    assert settled is not None
    assert blocked(settled) == []
    (told,) = standing(settled)
    assert (told.state, told.todo.settled, told.todo.by) == (SETTLED, "不再需要", "designer")
    opened = todos.settle(settled, "t", 1, "", "designer")
    assert opened is not None
    assert blocked(opened) == ["t"]
    assert todos.settle(draft, "t", 2, "x", "designer") is None
    assert todos.settle(draft, "nothing", 1, "x", "designer") is None
    assert blocked(draft.replace(b"todo.1", b"done.1")) == []  # a designer took it away


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (
            '<userTask id="t" a:formKey="embedded:x"/>',
            "</camunda:properties>",
            '</camunda:properties><camunda:formData><camunda:formField id="x" type="text"/></camunda:formData>',
        ),
        ('<userTask id="t" a:assignee="${bean.boss()}"/>', 'id="t"', 'id="t" camunda:candidateGroups="leader"'),
        ('<callActivity id="t" calledElement="${bean.next()}"/>', "${bean.next()}", "issue_loop"),
        ('<userTask id="t" a:dueDate="${bean.due()}"/>', 'id="t"', 'id="t" camunda:dueDate="P1D"'),
    ],
)
def test_what_has_something_of_ours_in_its_place_is_done(step: str, before: str, after: str) -> None:
    draft = brought(drawn(PLAIN.format(step)))
    assert blocked(draft) == ["t"]
    assert [each.state for each in standing(draft)] == [OPEN]
    mended = draft.decode().replace(before, after, 1).encode()
    assert mended != draft
    assert blocked(mended) == []
    assert [each.state for each in standing(mended)] == [DONE]


def test_a_condition_is_done_once_it_says_something_else() -> None:
    flow = (
        '<exclusiveGateway id="t"/><sequenceFlow id="h" sourceRef="t" targetRef="e">'
        "<conditionExpression>${bean.ok()}</conditionExpression></sequenceFlow>"
    )
    draft = brought(drawn(PLAIN.format(flow)))
    assert blocked(draft) == ["h"]
    assert blocked(draft.replace(b">${bean.ok()}", b">=ok = true")) == []


def test_what_part_of_the_answer_came_along_is_never_done_by_itself() -> None:
    """Some may do the task already; who else was meant, only a designer can say."""
    people = '<userTask id="t" a:candidateGroups="leader" a:candidateUsers="${bean.who()}"/>'
    draft = brought(drawn(PLAIN.format(people)))
    assert b'candidateGroups="leader"' in draft
    assert blocked(draft) == ["t"]


def test_what_is_said_of_a_message_stands_on_whoever_awaits_it() -> None:
    message = '<message id="m" name="${bean.name()}"/>'
    draft = brought(drawn(PLAIN.format('<receiveTask id="t" messageRef="m"/>'), message))
    assert blocked(draft) == ["t"]
    assert blocked(draft.replace(b'm" name="${bean.name()}"', b'm" name="answered"')) == []


def test_each_process_of_a_file_has_only_its_own_todos() -> None:
    step = PLAIN.format('<serviceTask id="t" a:expression="${bean.run()}"/>')
    other = step.replace('"s"', '"s2"').replace('"t"', '"t2"').replace('"e"', '"e2"').replace('"f"', '"f2"')
    both = drawn(step).replace(
        b"</process>",
        f'</process><process id="q" isExecutable="true">{other}</process>'.encode().replace(b'"g"', b'"g2"'),
    )
    first, second = (arrival.content for arrival in bring(both).arrivals)
    assert blocked(first) == ["t"]
    assert blocked(second) == ["t2"]


def test_words_of_another_engine_that_were_never_brought_in_block_too() -> None:
    raw = drawn(PLAIN.format(LISTENER))
    assert blocked(raw) == ["t"]
    assert blocked(drawn(PLAIN.format('<serviceTask id="t" a:async="true"/>'))) == ["t"]
    assert not open_xml(brought(raw)).findall(f".//{{{BPMN}}}executionListener")
