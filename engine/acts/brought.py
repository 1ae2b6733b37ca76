"""What was brought from outside, read by the form of the place it reaches, or at least as what a diagram can bear."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.acts.envelopes import legible
from engine.acts.exhibits import refuse_unknown
from engine.notation import forms
from engine.notation.answers import FILES, LISTS, SHOWN_ONLY, written
from engine.notation.diagram import Field
from engine.reads.office import office
from engine.words.errors import Fault, NotValid

_NAME = re.compile(r"[^\W\d]\w{0,99}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
DEEPEST = 6


def told(
    session: Session, form: Sequence[Field], payload: Mapping[str, Any], *, names: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """By the form of the message where it has one; else as it comes, as between cases. Raises `NotValid`."""
    if form:
        read = answers(form, payload, names=names, at=at)
        refuse_unknown(session, form, read, office(session))
        return read
    refuse_strange(payload)
    return legible(dict(payload))


def refuse_strange(payload: Mapping[str, Any]) -> None:
    """Raises `NotValid` for what no message may hold, whoever it is for."""
    faults = [fault for name, value in payload.items() for fault in strange(name, name, value, 1)]
    if faults:
        raise NotValid(faults[:20])


def answers(
    form: Sequence[Field], values: Mapping[str, Any], *, names: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """As if posted from the page that was drawn first: what is left out has its default."""
    raw = _read(form, values)
    whole = forms.shown(form, names, raw, at, before=frozenset(raw))
    return forms.read(form, {one.field.id: one.raw for one in whole}, names=names, at=at)


def strange(path: str, name: str, value: Any, depth: int) -> list[Fault]:
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
        return [fault for key, part in value.items() for fault in strange(f"{path}.{key}", key, part, depth + 1)]
    if isinstance(value, list):
        return [fault for part in value for fault in strange(path, name, part, depth + 1)]
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
