"""Sources outside raise issues and bring messages: a hotline, a device, another city's system, each for an officer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.acts import cases, desk
from engine.acts.beginnings import newest_of
from engine.acts.casefiles import find_case, scene_of
from engine.acts.envelopes import legible, waiting_for
from engine.acts.exhibits import refuse_unknown
from engine.acts.incidents import refuse_stuck
from engine.acts.messages import tell
from engine.acts.permits import refuse_reader, refuse_unless_may_begin
from engine.acts.starts import begin_at, beginning_with, lock_process
from engine.notation import forms
from engine.notation.answers import FILES, LISTS, SHOWN_ONLY, written
from engine.notation.correlation import key_of
from engine.notation.diagram import Field
from engine.reads.office import office
from engine.words.errors import CannotGoOn, Fault, NotValid, OutOfDate
from engine.words.officers import Actor
from models import Subscription

_NAME = re.compile(r"[^\W\d]\w{0,99}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a message: `began` a case, or was `delivered` to one that waited."""

    state: str
    case: int


def raise_case(session: Session, process: str, variables: Mapping[str, Any], *, by: Actor, at: datetime) -> int:
    """A case begins by the start form, as if the officer had filled it in: a field that is left out gets its default.
    `variables`: plain values by field (text, number, true or false, a list of texts; a file as {"sha", "name"}).
    Raises as `cases.open`, and `NotValid` for names that the form does not ask for."""
    refuse_reader(by)
    _process, laid = desk.at_start(session, process)
    refuse_unless_may_begin(laid.element, by)
    form, names = laid.element.form, laid.diagram.blank
    answers = _answers(form, variables, names=names, at=at)
    return cases.open(session, process, answers, by=by, at=at)


def bring(
    session: Session, name: str, correlation: Any, payload: Mapping[str, Any], *, by: Actor, at: datetime
) -> Brought:
    """A message for the one case that waits for it, or else for the process that begins with it. `correlation`: the
    value, or the values by name, that both sides know; None for a message that has no key. Whoever brings it
    keeps it until it is taken: raises `OutOfDate` when nobody waits, when several do, and when a case with its key is
    open already; `NotValid` for what the payload may not hold."""
    refuse_reader(by)
    faults = _strange("correlation", "correlation", correlation, 1)
    if faults:
        raise NotValid(faults)
    key = key_of(correlation)
    waits = waiting_for(session, name, key)
    if len(waits) > 1:
        raise OutOfDate(
            "有几件事项都在等这个消息，请写明唯一的 correlation。",
            "Several cases wait for this message; its correlation must name one.",
        )
    if not waits:
        return _begin(session, name, key, payload, by=by, at=at)
    case = find_case(session, int(waits[0].partition("-")[0]))
    wait = session.get(Subscription, waits[0], populate_existing=True)
    if wait is None:
        raise OutOfDate("该事项刚刚已不再等待这个消息。", "The case has just ceased to wait for this message.")
    refuse_stuck(session, case, wait.element)
    scene = scene_of(session, case, by=by, at=at)
    form = scene.published.diagram.element(wait.element).pressed.form
    told = _told(session, form, payload, names=scene.published.diagram.blank, at=at)
    tell(session, case, scene, wait, told, form=form)
    return Brought("delivered", case.id)


def _begin(session: Session, name: str, key: str, payload: Mapping[str, Any], *, by: Actor, at: datetime) -> Brought:
    starts = beginning_with(session, name, key).starts
    if not starts:
        raise OutOfDate(
            "现在没有事项等待这个消息，也没有流程由它开始；消息没有收下，可稍后再送。",
            "No case waits for this message now, and no process begins with it; it was not taken, send it again later.",
        )
    if len(starts) > 1:
        raise OutOfDate("有几个流程都由这个消息开始。", "Several processes begin with this message.")
    lock_process(session, starts[0].process_id)
    already = beginning_with(session, name, key).open
    if key and already is not None:
        raise OutOfDate("这个 correlation 的事项已经在办。", "A case with this correlation is open already.")
    newest = newest_of(session, starts[0].process_id)
    drawn = newest.published.diagram.elements.get(starts[0].element) if newest is not None else None
    names = newest.published.diagram.blank if newest is not None else {}
    told = _told(session, drawn.form if drawn is not None else (), payload, names=names, at=at)
    try:
        begun = begin_at(session, starts[0], told, sender=None, at=at, key=key or None, raiser_unit=by.unit_id, by=by)
    except CannotGoOn as stuck:
        raise OutOfDate(stuck.zh, stuck.en) from None
    return Brought("began", begun)


def _told(
    session: Session, form: Sequence[Field], payload: Mapping[str, Any], *, names: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """By the form of the message where it has one; else as it comes, as between cases."""
    if form:
        answers = _answers(form, payload, names=names, at=at)
        refuse_unknown(session, form, answers, office(session))
        return answers
    faults = [fault for name, value in payload.items() for fault in _strange(name, name, value, 1)]
    if faults:
        raise NotValid(faults[:20])
    return legible(dict(payload))


def _answers(
    form: Sequence[Field], values: Mapping[str, Any], *, names: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """As if posted from the page that was drawn first: what is left out has its default."""
    raw = _read(form, values)
    whole = forms.shown(form, names, raw, at, before=frozenset(raw))
    return forms.read(form, {one.field.id: one.raw for one in whole}, names=names, at=at)


def _strange(path: str, name: str, value: Any, depth: int) -> list[Fault]:
    """What no message may hold: nesting without end, names no diagram can speak of, signs no database keeps."""
    if not _NAME.fullmatch(name):
        return [Fault(path[:100], f"“{name[:40]}”不能作名称", f'"{name[:40]}" can be no name')]
    if depth > DEEPEST:
        return [Fault(path[:100], f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST}")]
    if isinstance(value, str) and _CONTROL.search(value):
        return [Fault(path[:100], "含有不可见的控制字符", "holds control characters")]
    if isinstance(value, Mapping):
        if value.keys() == {"personal", "digest"}:
            return [Fault(path[:100], "不能引用个人信息", "may not refer to personal values")]
        return [fault for key, part in value.items() for fault in _strange(f"{path}.{key}", key, part, depth + 1)]
    if isinstance(value, list):
        return [fault for part in value for fault in _strange(path, name, part, depth + 1)]
    return []


def _read(form: Sequence[Field], variables: Mapping[str, Any]) -> dict[str, list[str]]:
    """Plain values → the texts a page would have posted. Raises `NotValid` naming each field that is none of the form,
    or whose value is of the wrong kind."""
    asked = {field.id: field for field in form if field.type not in SHOWN_ONLY and not field.readonly}
    faults, raw = [], {}
    for name, value in variables.items():
        field = asked.get(name)
        if field is None:
            faults.append(Fault(name[:100], f"表单没有字段“{name[:60]}”", f'The form has no field "{name[:60]}"'))
        elif not _fits(field, value):
            zh, en = f"“{field.label}”的值类型不对。", f"“{field.label_en or field.label}” is of the wrong kind."
            faults.append(Fault(name, zh, en))
        else:
            raw[name] = written(value, forms.ZONE)
    if faults:
        raise NotValid(faults[:50])
    return raw


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return True
    if field.type in FILES:
        return isinstance(value, list) and all(isinstance(one, dict) and one.keys() == {"sha", "name"} for one in value)
    if field.type == "checklist":
        return isinstance(value, list) and all(
            isinstance(one, dict) and "item" in one and "checked" in one and one.keys() <= _LINE for one in value
        )
    if field.type in LISTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str | int | float)


_LINE = {"item", "checked", "note", "photos"}
