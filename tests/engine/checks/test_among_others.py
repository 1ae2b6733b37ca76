"""Laws that look at the other processes: messages that find their way, calls that give what is asked."""

from __future__ import annotations

import pytest

from engine.notation import diagram as bpmn
from engine.notation.checks import Known, check
from engine.notation.checks.examples import AROUND, INVALID, example
from engine.notation.neighbours import Neighbour, neighbour
from tests.conftest import files_of

MESSAGES, CALLS = "messages_find_their_way", "calls_give_what_is_asked"


def found(law: str, content: bytes, known: Known) -> list[str]:
    return [finding.element for finding in check(content, {}, known=known) if finding.law == law]


@pytest.mark.parametrize(
    ("old", "new", "known", "left"),
    [
        ("", "", AROUND, ["ask"]),
        ("", "", Known(), []),  # away from its city nobody knows who else there is
        ("", "", Known(others={}), ["ask"]),
        ("", "", Known(others={"loop": AROUND.others["opinion_round"]}), ["ask"]),  # type: ignore[index]
        ('"opinion_wanted"', '"opinion_asked"', AROUND, []),
        ('value="Ask for opinions"/>', 'value="Ask"/><camunda:property name="outside" value="省平台"/>', AROUND, []),
        ("<bpmn:process ", '<bpmn:collaboration id="c"><bpmn:participant id="p" processRef="loop"/><bpmn:participant '
         'id="them" name="省平台"/><bpmn:messageFlow id="m" sourceRef="ask" targetRef="them"/></bpmn:collaboration>'
         "<bpmn:process ", AROUND, []),
    ],
)  # fmt: skip
def test_who_awaits_what_is_sent(old: str, new: str, known: Known, left: list[str]) -> None:
    content = example(MESSAGES, INVALID).content.decode()
    assert old in content
    assert found(MESSAGES, content.replace(old, new, 1).encode(), known) == left


@pytest.mark.parametrize(
    ("properties", "known", "left"),
    [
        ("", AROUND, ["ask"]),
        ('<camunda:property name="button" value="答复"/>', AROUND, []),  # an officer presses it
        ("", Known(others={"other": Neighbour(frozenset({"opinion_wanted"}), frozenset(), frozenset())}), []),
    ],
)
def test_who_sends_what_is_awaited(properties: str, known: Known, left: list[str]) -> None:
    content = example(MESSAGES, INVALID).content.decode().replace("intermediateThrowEvent", "intermediateCatchEvent")
    content = content.replace('value="Ask for opinions"/>', f'value="Ask for opinions"/>{properties}')
    assert found(MESSAGES, content.encode(), known) == left


@pytest.mark.parametrize(
    ("handed", "left"),
    [("", ["report"]), ('source="opinion" target="question"', []), ('variables="all"', ["report"])],
)
def test_what_a_called_process_asks(handed: str, left: list[str]) -> None:
    """All variables are handed over, but `question` is none of them."""
    content = example(CALLS, INVALID).content.decode()
    mark = '<camunda:out source="opinion"'
    assert mark in content
    given = content.replace(mark, f"<camunda:in {handed}/>{mark}" if handed else mark)
    assert found(CALLS, given.encode(), AROUND) == left
    asks = Neighbour(frozenset(), frozenset(), frozenset({"opinion"}))
    everything = content.replace(mark, f'<camunda:in variables="all"/>{mark}')
    assert found(CALLS, everything.encode(), Known(others={"opinion_round": asks})) == []


def test_the_issue_loop_as_its_neighbours_see_it() -> None:
    content, _tables = files_of("issue_loop")
    seen = neighbour(bpmn.read(content))
    assert "finding_raised" in seen.awaits
    assert "issue_closed" in seen.sends
    assert seen.asks
