"""A service task names something Bihuan can do (its topic), with all it needs for that.

服务任务写明闭环能做的动作（topic），以及它需要的各项。

Why: An action that is not known, or lacks what it needs, stops the case where nobody waits.

为什么：动作不认识或缺了需要的内容，办件会停在没有人办理的地方。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import is_expression
from engine.notation.diagram import Element
from engine.notation.questions import GROUPS, OF_CASES, OF_UNITS, SORTS
from engine.words.errors import Finding
from engine.words.terms import DOCUMENTS, LEVELS, OUTCOMES

LAW = "topics_are_known"


@dataclass(frozen=True, slots=True)
class Topic:
    """What must be said, what may be said, and which values a literal may have."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()


TOPICS: Mapping[str, Topic] = {
    "deadline.extend": Topic(("clock", "until"), ("reason",)),
    "clock.restart": Topic(("clock", "limit"), ("calendar", "near")),
    "round.open": Topic(("reason",), ("level",)),
    "level.raise": Topic(("to",), ("reason",), (("to", tuple(str(level) for level in LEVELS if level)),)),
    "document.issue": Topic(("kind", "title"), ("fields", "to"), (("kind", tuple(DOCUMENTS)),)),
    "notify": Topic(("to", "text"), ("text.en",)),
    "counter.add": Topic(("name",)),
    "draw.sample": Topic(("from", "count", "result")),
    "case.merge": Topic(("into",)),
    "ledger.list": Topic(("result",), (*OF_CASES, "fields", "sort", "limit"), (("sort", SORTS),)),
    "ledger.figures": Topic(("result",), (*OF_CASES, "by", "clocks"), (("by", GROUPS),)),
    "units.list": Topic(("result",), OF_UNITS),
    "close": Topic(("outcome",), (), (("outcome", tuple(OUTCOMES)),)),
}


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind == "serviceTask":
            yield from _service(drawing, element)


def _service(drawing: Drawing, element: Element) -> Iterator[Finding]:
    topic = TOPICS.get(element.topic)
    if element.attributes.get("type") != "external" or topic is None:
        names = "、".join(TOPICS)
        yield drawing.error(
            LAW,
            element,
            f"{{it}}没有可执行的内容（实现方式 External，topic“{element.topic}”）。可用的 topic：{names}。",
            f'{{it}} does nothing we can run (implementation External, topic "{element.topic}"). '
            f"The topics are: {names.replace('、', ', ')}.",
        )
        return
    for name in topic.needs:
        if not element.property(name).strip():
            yield drawing.error(
                LAW,
                element,
                f"{{it}}（{element.topic}）缺少属性“{name}”，请在扩展属性中填写。",
                f'{{it}} ({element.topic}) lacks "{name}"; fill it in among the extension properties.',
            )
    for name, values in topic.values:
        value = element.property(name).strip()
        if value and not is_expression(value) and value not in values:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的属性 {name}“{value}”不在允许的范围：{'、'.join(values)}。",
                f'The property {name} "{value}" of {{it}} is none of: {", ".join(values)}.',
            )
