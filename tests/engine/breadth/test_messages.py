"""Messages inside one case: what is thrown, what is caught, and what is refused because it could never be."""

from __future__ import annotations

import pytest

from engine.words import facts as f
from tests.engine.breadth.gate import refused
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def test_message_catch_external_message_with_payload() -> None:
    parts = (d.start(), d.catch("c", d.on("message", "m")), d.task("n"), d.end(), d.flows("s c n e"))
    played = Played(d.process(*parts))
    played.do("c", p=1)
    assert played.waiting == "n"
    assert played.variables["p"] == 1


@pytest.mark.parametrize("kind", ["throw", "end", "send"])
def test_message_throw_end_and_send_task_are_thrown(kind: str) -> None:
    thing = {"throw": d.throws("t", d.on("message", "m")), "end": d.end("t", d.on("message", "m")),
             "send": d.el("sendTask", "t", messageRef="message_m")}[kind]  # fmt: skip
    played = Played(d.process(d.start(), d.task("u"), thing, d.flows("s u t")))
    played.do("u")
    assert [fact.name for fact in played.facts if isinstance(fact, f.MessageSent)] == ["m"]
    assert played.over


@pytest.mark.parametrize("kind", ["sendTask", "receiveTask"])
def test_send_or_receive_task_without_a_message_is_refused(kind: str) -> None:
    xml = d.xml(d.start(), d.el(kind, "t"), d.task("n"), d.end(), d.flows("s t n e"))
    assert refused(xml, "messages_have_names", "t")


@pytest.mark.parametrize("reference", ["nowhere", ""])
def test_message_event_without_a_message_or_one_that_leads_nowhere_is_refused(reference: str) -> None:
    event = d.catch("c", "<messageEventDefinition/>")
    xml = d.xml(d.start(), event, d.task("n"), d.end(), d.flows("s c n e"))
    xml = (
        xml.replace("messageEventDefinition/", f'messageEventDefinition messageRef="{reference}"/')
        if reference
        else xml
    )
    assert refused(xml, "messages_have_names", "c")
