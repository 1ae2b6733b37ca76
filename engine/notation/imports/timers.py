"""Timers as other tools write them: other spellings, moments a variable gives, cycles where only one beat counts."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import translate
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, Work, language_of
from engine.notation.timings import is_plain_timing
from engine.notation.xml import local

_QUOTED = re.compile(r"""(['"])([^'"]*)\1""")
_AT_ONCE = re.compile(r"P(?:0+D)?(?:T(?:0+H)?(?:0+M)?(?:0+(?:\.0+)?S)?)?")
_CYCLE = re.compile(r"R\d*/(P[^/]+)")


def timer(work: Work, timer: etree._Element) -> None:
    if _starts_a_process(timer):
        _plain_start(work, timer)
    for body in list(timer):
        text = (body.text or "").strip()
        if local(body) not in {"timeDate", "timeDuration", "timeCycle"} or not text:
            continue
        quoted = _QUOTED.fullmatch(text)
        if (other := _moment(timer, text)) is not None:
            after, zh, en = other
            work.note(body, local(body), text, after, zh, en)
            body.text = after
            if local(body) == "timeCycle":
                body.tag = f"{B}timeDuration"
            continue
        try:
            if quoted and is_plain_timing(quoted[2]):
                after, language = quoted[2], "Python"
            elif is_plain_timing(text):
                continue
            else:
                given = translate.value(text, language_of(work, body), work.known)
                if given is None:
                    continue  # the law on timers says what is wrong with it
                after, language = f"={given.text}", given.language
        except NotCertain as reason:
            work.warn(
                body,
                local(body),
                text,
                f"不能确切译成 FEEL：{reason.zh}",
                f"cannot be put into FEEL for sure: {reason.en}",
            )
            continue
        if language != "FEEL":
            work.note(body, local(body), text, after, f"由 {language} 译成 FEEL", f"from {language} into FEEL")
            body.text = after


def _starts_a_process(timer: etree._Element) -> bool:
    event = timer.getparent()
    around = event.getparent() if event is not None else None
    return event is not None and local(event) == "startEvent" and around is not None and local(around) == "process"


def _plain_start(work: Work, timer: etree._Element) -> None:
    """There is no case yet whose variables a time could be made of."""
    for body in timer:
        text = (body.text or "").strip()
        if text and not is_plain_timing(text) and not _AT_ONCE.fullmatch(text):
            work.warn(body, local(body), text, "开始时间由程序或变量决定，请写明时间",
                      "a variable or a program says when it starts; write the time itself", m.BINDING)  # fmt: skip


def _moment(timer: etree._Element, text: str) -> tuple[str, str, str] | None:
    """Times that other engines take and that mean something else, or nothing, here: the new text, and why."""
    event = timer.getparent()
    if _AT_ONCE.fullmatch(text) and text[-1] not in "PT":
        return "PT1S", "零时长即立刻：改为一秒", "a duration of nothing is at once: now one second"
    cycle = _CYCLE.fullmatch(text)
    if cycle and event is not None and local(event) == "intermediateCatchEvent" and is_plain_timing(cycle[1]):
        return (
            cycle[1],
            "中间事件只发生一次，取周期的第一次",
            "an intermediate event happens once: the first of the cycle",
        )
    return None
