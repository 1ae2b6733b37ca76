"""What a process says to others: messages and their names, who sends and awaits them, which process it calls."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import translate, workers
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, Work
from engine.notation.xml import local


def name(work: Work, message: etree._Element) -> None:
    """Camunda 8 may name a message by an expression; a fixed text is all that we take."""
    name = message.get("name", "")
    code = message.get("errorCode") or message.get("escalationCode") or ""
    if code and code != name:
        work.note(message, "name", name, code, "错误和升级按代码相配", "errors and escalations meet by their code")
        name = code
        message.set("name", code)
    elif not name and message.get("id"):
        name = message.get("id") or ""
        work.note(message, "name", "", name, "没有名称，用它的 id", "it had no name and got its id for one")
        message.set("name", name)
    quoted = re.fullmatch(r'=\s*"([^"]*)"', name)
    if quoted:
        work.note(message, "name", name, quoted[1], "改为固定名称", "now a fixed name")
        message.set("name", quoted[1])
    elif name.startswith(("=", "${", "#{")):
        work.warn(
            message,
            "name",
            name,
            "名称由变量决定，请改成固定名称",
            "its name comes from a variable; give it a fixed one",
        )


def awaited(work: Work, task: etree._Element) -> None:
    """A receive task without a message waits until a program lets it go on: here, until a message of its id comes."""
    if task.get("messageRef") or not task.get("id"):
        return
    id, name = f"Message_{task.get('id')}", task.get("id") or ""
    work.root.insert(0, etree.Element(f"{B}message", {"id": id, "name": name}))
    task.set("messageRef", id)
    work.note(
        task,
        "messageRef",
        "",
        name,
        "没有写消息，改为等待同名消息",
        "it named no message; it waits for one of its own name",
    )


def sent(work: Work, event: etree._Element) -> None:
    """What sends a message that is not named leaves it to a program, or to nobody."""
    if local(event) == "sendTask" and workers.is_program(event):
        return  # a worker sends it
    node = event if local(event) == "sendTask" else event.find(f"{B}messageEventDefinition")
    if node is not None and not node.get("messageRef"):
        zh, en = "由程序发送，没有写明消息，请选择一条", "a program sends it, and no message is named; choose one"
        work.warn(event, "messageRef", "", zh, en, m.BINDING)


def called(work: Work, call: etree._Element) -> None:
    text = call.get("calledElement", "")
    if not text.startswith(("${", "#{")):
        return
    try:
        given = translate.value(text, known=work.known)
    except NotCertain as reason:
        zh, en = f"被调用的流程由程序决定：{reason.zh}", f"a program says which process it calls: {reason.en}"
        work.warn(call, "calledElement", text, zh, en, m.BINDING)
        return
    assert given is not None  # it begins as an expression does
    work.note(call, "calledElement", text, f"={given.text}", "由 JUEL 译成 FEEL", "from JUEL into FEEL")
    call.set("calledElement", f"={given.text}")
