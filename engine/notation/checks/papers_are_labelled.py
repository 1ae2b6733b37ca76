"""Whatever a paper is given to show has a name, in Chinese and in English.

交给文书的每一项都有名称，中文和英文。

Why: A paper is read by people outside, and kept for years. Without a name its reader finds the word of the program
there, such as goal_2, and nobody notices before it has been signed.

为什么：文书发给外面的人看，要保存多年。没有名称的项，读的人看到的就是程序里的词（如 goal_2），等发现时已经签发了。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.called import ISSUES
from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Diagram
from engine.notation.variables.kinds import entries
from engine.words.errors import Finding
from engine.words.labels import CLOCKS, VARIABLES

LAW = "papers_are_labelled"


def check(drawing: Drawing) -> Iterator[Finding]:
    named = _named(drawing.diagram)
    for element in drawing.diagram.elements.values():
        if element.topic != ISSUES:
            continue
        for name, _text in entries(element.property("fields").strip().removeprefix("=")):
            zh, en = named.get(name, ("", ""))
            if not zh:
                yield drawing.warning(
                    LAW,
                    element,
                    f"{{it}}的文书要显示“{name}”，它没有名称，读的人看到的就是这个词。"
                    f"请在流程的扩展属性里写 label.{name} 和 label.{name}.en。",
                    f'The paper of {{it}} shows "{name}", which has no name: its reader finds that word. '
                    f"Give the process the properties label.{name} and label.{name}.en.",
                )
            elif not en:
                yield drawing.warning(
                    LAW,
                    element,
                    f"{{it}}的文书要显示“{zh}”，它没有英文名称，英文页面会显示中文。请写 label.{name}.en。",
                    f'The paper of {{it}} shows "{zh}", which has no English name; give it one (label.{name}.en).',
                )


def _named(diagram: Diagram) -> dict[str, tuple[str, str]]:
    """Name → what papers call it, in both languages, in the order in which they look for it."""
    found: dict[str, tuple[str, str]] = {}

    def say(name: str, zh: str, en: str) -> None:
        if zh:
            found.setdefault(name, (zh, en))

    for name, field in diagram.called.items():
        if field.type == "hidden":  # what is never shown needs no name
            say(name, name, name)
        say(name, field.label, field.label_en)
    for element in diagram.elements.values():
        for field in element.form:
            say(field.id, field.label, field.label_en)
    for known in (VARIABLES, CLOCKS):
        for name, term in known.items():
            say(name, term.zh, term.en)
    for name, field in diagram.handed_on.items():
        say(name, field.label, field.label_en)
    for element in diagram.elements.values():
        for name in (element.result or "", element.property("clock"), element.id):
            say(name, element.name, element.name_en)
    return found
