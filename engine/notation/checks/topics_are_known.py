"""A service task names something Bihuan can do, or a topic for a program outside, with all it needs for that.

服务任务写明闭环能做的动作（topic），或交给外部程序的主题，以及需要的各项。

Why: An action that is not known, or lacks what it needs, stops the case where nobody waits.

为什么：动作不认识或缺了需要的内容，办件会停在没有人办理的地方。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.notation.checks.calls_reach_a_process import handed
from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import is_expression
from engine.notation.diagram import Element
from engine.notation.questions import GROUPS, OF_CASES, OF_UNITS, SORTS
from engine.words import backoff
from engine.words.errors import Finding
from engine.words.terms import DOCUMENTS, LEVELS, OUTCOMES

LAW = "topics_are_known"


@dataclass(frozen=True, slots=True)
class Topic:
    """What must be said, what may be said, and which values a literal may have."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
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
    "units.names": Topic(("of", "result")),
    "close": Topic(("outcome",), (), (("outcome", tuple(OUTCOMES)),)),
    # These reach outside; Bihuan works them off beside the case.
    "http": Topic(("url",), ("method", "headers", "body", "timeout"), (("method", METHODS),)),
    "mail": Topic(("to", "subject", "text"), ("cc",)),
}


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind == "serviceTask" or (element.kind == "sendTask" and element.topic):
            if element.outside and element.topic not in TOPICS:
                yield from _outside(drawing, element)
            else:
                yield from _service(drawing, element)


def _service(drawing: Drawing, element: Element) -> Iterator[Finding]:
    topic = TOPICS.get(element.topic)
    built_in = element.topic in TOPICS and element.property("worker") == "external"
    if built_in or (element.kind == "sendTask" and topic is not None and not element.outside):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的主题“{element.topic}”是闭环自己的动作，不能交给外部程序，也不能用在发送任务上。请换一个主题名，"
            "或改成服务任务并去掉属性 worker。",
            f'The topic "{element.topic}" of {{it}} is one of Bihuan\'s own; no program outside and no send task can '
            "do it. Choose another topic, or make it a service task without the property worker.",
        )
        return
    if element.attributes.get("type") != "external" or topic is None:
        names = "、".join(TOPICS)
        yield drawing.error(
            LAW,
            element,
            f"{{it}}没有可执行的内容（实现方式 External，topic“{element.topic}”）。可用的 topic：{names}；"
            "由外部程序办理的，请加属性 worker = external。",
            f'{{it}} does nothing we can run (implementation External, topic "{element.topic}"). '
            f"The topics are: {names.replace('、', ', ')}; for a program outside, add the property worker = external.",
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
    yield from _patience(drawing, element)
    for name, values in topic.values:
        value = element.property(name).strip()
        if value and not is_expression(value) and value not in values:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的属性 {name}“{value}”不在允许的范围：{'、'.join(values)}。",
                f'The property {name} "{value}" of {{it}} is none of: {", ".join(values)}.',
            )


def _outside(drawing: Drawing, element: Element) -> Iterator[Finding]:
    if len(element.topic) > 100 or is_expression(element.topic):
        yield drawing.error(
            LAW,
            element,
            "{it}的主题须是至多 100 个字的固定名称。",
            "The topic of {it} is a fixed name of at most 100 characters.",
        )
    yield from handed(drawing, element, LAW)
    yield from _patience(drawing, element)


def _patience(drawing: Drawing, element: Element) -> Iterator[Finding]:
    """How often it is tried again, and after what time."""
    if not element.outside:
        return
    told = element.property("retries").strip()
    if told and not is_expression(told) and not (told.isdecimal() and int(told) <= backoff.MOST_RETRIES):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的重试次数（retries）“{told[:60]}”不是 0 到 {backoff.MOST_RETRIES} 的整数。",
            f'The retries "{told[:60]}" of {{it}} are no whole number from 0 to {backoff.MOST_RETRIES}.',
        )
    leases = element.property("leases").strip()
    if leases and not is_expression(leases) and not (leases.isdecimal() and 1 <= int(leases) <= backoff.MOST_LEASES):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的领取次数上限（leases）“{leases[:60]}”不是 1 到 {backoff.MOST_LEASES} 的整数。",
            f'The leases "{leases[:60]}" of {{it}} are no whole number from 1 to {backoff.MOST_LEASES}.',
        )
    waits = element.property("backoff").strip()
    if waits and not is_expression(waits):
        try:
            backoff.text_of(waits)
        except backoff.NotABackoff as wrong:
            zh, en = (
                f"{{it}}的重试间隔（backoff）{wrong.zh}。",
                f"The waits between tries (backoff) of {{it}}: {wrong.en}.",
            )
            yield drawing.error(LAW, element, zh, en)
