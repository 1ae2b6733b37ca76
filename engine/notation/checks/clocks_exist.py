"""A clock that is read, paused or extended is started somewhere in the diagram, with a limit.

被读取、暂停或延期的时钟，图中有步骤启动它，并且有时限。

Why: A deadline that reads a clock nobody starts is empty, so nobody would be reminded.

为什么：期限取自没有启动的时钟，就等于没有期限，也不会有人被催办。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import LONGEST_EXPRESSION, Place, is_expression, places
from engine.notation.diagram import SCOPES, Element
from engine.words.errors import Finding

LAW = "clocks_exist"
MOVING = frozenset({"deadline.extend", "clock.restart"})
TIMED = SCOPES | {"userTask", "manualTask"}
READABLE = frozenset({"due", "original", "near", "started", "overdue", "running", "limit", "extended"})
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_READ = re.compile(r"(?<![\w.])clocks\.([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


def check(drawing: Drawing) -> Iterator[Finding]:
    # On these service tasks the property `clock` names a clock that another step starts.
    starting = [e for e in drawing.diagram.elements.values() if e.property("clock") and e.topic not in MOVING]
    started = {e.property("clock") for e in starting}
    limited = {e.property("clock") for e in starting if e.property("clock.limit")}
    for element in starting:
        yield from _starting(drawing, element, limited)
    for element in drawing.diagram.elements.values():
        yield from _naming(drawing, element, started)
    for place in places(drawing.diagram):
        if len(place.text) <= LONGEST_EXPRESSION:
            yield from _reading(drawing, place, started)


def _starting(drawing: Drawing, element: Element, limited: set[str]) -> Iterator[Finding]:
    clock = element.property("clock")
    if element.kind not in TIMED:
        yield drawing.error(
            LAW,
            element,
            "{it}不能启动时钟；属性 clock 只能写在用户任务或子流程上。",
            "{it} cannot start a clock; the property clock belongs on user tasks and sub-processes.",
        )
    if not _ID.fullmatch(clock):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的时钟名“{clock}”不能用在表达式里，请用英文字母、数字、“_”，不超过 40 个字符。",
            f'The clock name "{clock}" of {{it}} cannot be used in expressions; take letters, digits, "_", at most 40.',
        )
    elif clock not in limited:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}启动时钟“{clock}”，但没有时限，请填写属性 clock.limit。",
            f'{{it}} starts the clock "{clock}", which has no limit; fill in the property clock.limit.',
        )


def _naming(drawing: Drawing, element: Element, started: set[str]) -> Iterator[Finding]:
    clock = element.property("clock")
    if not clock and any(element.property(f"clock.{part}") for part in ("limit", "calendar", "near")):
        yield drawing.error(
            LAW,
            element,
            "{it}写了 clock.limit 等属性，却没有写时钟名（属性 clock）。",
            "{it} has clock.limit or the like, but no name of a clock (property clock).",
        )
    named = {"clock.pauses": element.property("clock.pauses")}
    if element.topic in MOVING:
        named["clock"] = clock
    for name, value in named.items():
        if value and not is_expression(value) and value not in started:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的属性 {name} 指向时钟“{value}”，但图中没有启动它的步骤。",
                f'The property {name} of {{it}} names the clock "{value}", which no step starts.',
            )


def _reading(drawing: Drawing, place: Place, started: set[str]) -> Iterator[Finding]:
    for found in _READ.finditer(_TEXTS.sub('""', place.text)):
        if found[1] not in started:
            yield drawing.error(
                LAW,
                place.thing,
                f"{{it}}的{place.zh}用到时钟“{found[1]}”，但图中没有启动它的步骤（属性 clock）。",
                f'The {place.en} of {{it}} reads the clock "{found[1]}", which no step starts (property clock).',
                place.line,
            )
        elif found[2] and found[2] not in READABLE:
            yield drawing.error(
                LAW,
                place.thing,
                f"{{it}}的{place.zh}用到“{found[0]}”，时钟没有“{found[2]}”。可用：{'、'.join(sorted(READABLE))}。",
                f'The {place.en} of {{it}} reads "{found[0]}"; a clock has {", ".join(sorted(READABLE))}.',
                place.line,
            )
