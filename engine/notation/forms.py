"""A form of a diagram: which fields are asked now, what the answers mean, and all that is wrong with them at once."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

from engine.notation import checklists, constraints
from engine.notation.answers import FILES, SHOWN_ONLY, Unreadable, fault, read_one, written
from engine.notation.diagram import Field
from engine.notation.expressions import evaluate
from engine.words.errors import Fault, NotValid
from engine.words.personal import is_ref

ZONE = ZoneInfo("Asia/Shanghai")
# Whether a unit, officer, issue or file that an answer names is there (and is one the field may take).
Known = Callable[[Field, str], bool]
_NAMES_OTHERS = {
    "unit": ("单位", "unit"),
    "units": ("单位", "unit"),
    "officer": ("人员", "officer"),
    "issue": ("问题", "issue"),
    "photo": ("附件", "attachment"),
    "checklist": ("附件", "attachment"),
    "file": ("附件", "attachment"),
}


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field as it stands on the page now. `raw`: its texts (posted, else default); `live`: other fields depend on it;
    `limits`: its constraints as numbers and dates an <input> understands (min, max, minlength, maxlength, mincount);
    `lines`: of a checklist, each with what has been answered so far; `held`: a personal value is there already, and
    stays when nothing is filled in; `said_en`: what a note says in English, where it says so."""

    field: Field
    required: bool
    raw: tuple[str, ...]
    live: bool
    limits: Mapping[str, str]
    lines: tuple[Mapping[str, Any], ...] = ()
    held: bool = False
    said_en: str = ""

    @property
    def text(self) -> str:
        return self.raw[-1] if self.raw else ""


def shown(
    fields: Sequence[Field],
    names: Mapping[str, Any],
    raw: Mapping[str, Sequence[str]] | None,
    at: datetime,
    *,
    before: frozenset[str] | None = None,
    zone: tzinfo = ZONE,
) -> list[ShownField]:
    """The fields to draw, in order. `raw` None: the first showing, with defaults. `before`: the ids that were on the
    posted page; a field that appears only now gets its default (None: all were)."""
    texts = {field.id: _texts(field, names, raw, before, at, zone) for field in fields}
    readable = _readable(fields, texts, zone)
    _put_together(fields, readable, names, at)
    visible, scope = _visible(fields, readable, names, at)
    return [
        ShownField(
            field,
            required=_required(field, scope, at) and not _held(field, names),
            raw=tuple(texts[field.id]),
            live=_is_live(field, fields),
            limits=constraints.limits(field, scope, at, zone),
            lines=tuple(readable[field.id]) if field.type == "checklist" else (),
            held=_held(field, names),
            said_en=_said_en(field, names, at, zone),
        )
        for field in visible
    ]


def read(
    fields: Sequence[Field],
    raw: Mapping[str, Sequence[str]],
    *,
    names: Mapping[str, Any],
    at: datetime,
    known: Known | None = None,
    zone: tzinfo = ZONE,
) -> dict[str, Any]:
    """Posted texts → answers by field id. Unknown texts are ignored; fields that are hidden, readonly or notes are not
    taken; a field left empty is None (lists: empty). Raises NotValid with one fault per field."""
    answers: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for field in _asked(fields):
        try:
            answers[field.id] = read_one(field, raw.get(field.id, ()), zone)
        except Unreadable as unreadable:
            answers[field.id] = None
            faults[field.id] = fault(field, unreadable.zh, unreadable.en)
    return _checked(fields, answers, faults, names, at, known, zone)


def check(
    fields: Sequence[Field],
    answers: Mapping[str, Any],
    *,
    names: Mapping[str, Any],
    at: datetime,
    known: Known | None = None,
    zone: tzinfo = ZONE,
) -> dict[str, Any]:
    """The same for answers that are values already (an act does not trust its caller). Values of the wrong type are
    read again from their text form; raises NotValid."""
    return read(
        fields, {id: written(value, zone) for id, value in answers.items()}, names=names, at=at, known=known, zone=zone
    )


def speaks_of_others(fields: Sequence[Field]) -> bool:
    """Whether any rule of the form is an expression, or a field may be there already: only then it matters what the
    case knows besides the answers."""
    return any(
        any(rule in field.properties for rule in ("show", "required_if", "check", "items", "personal"))
        or any(text.startswith("=") for text in field.constraints.values())
        for field in fields
    )


def _held(field: Field, names: Mapping[str, Any]) -> bool:
    return field.personal and is_ref(names.get(field.id))


def _asked(fields: Sequence[Field]) -> list[Field]:
    return [field for field in fields if field.type not in SHOWN_ONLY and not field.readonly]


def _checked(
    fields: Sequence[Field],
    answers: dict[str, Any],
    faults: dict[str, Fault],
    names: Mapping[str, Any],
    at: datetime,
    known: Known | None,
    zone: tzinfo,
) -> dict[str, Any]:
    _put_together(fields, answers, names, at)
    visible, scope = _visible(fields, answers, names, at)
    asked = _asked(visible)
    for field in asked:
        if answers[field.id] is None and field.id not in faults and _held(field, names):
            answers[field.id] = names[field.id]  # nobody has to type a name twice
            continue
        found = faults.get(field.id) or _wrong(field, answers[field.id], scope, at, known, zone)
        if found is not None:
            faults[field.id] = found
    told = [faults[field.id] for field in asked if field.id in faults]
    if told:
        raise NotValid(told)
    return {field.id: answers[field.id] for field in asked}


def _visible(
    fields: Sequence[Field], answers: Mapping[str, Any], names: Mapping[str, Any], at: datetime
) -> tuple[list[Field], Mapping[str, Any]]:
    """The fields that count, and what expressions see: the case's variables, over them the answers. A hidden field's
    answer is nothing to the fields after it."""
    scope: ChainMap[str, Any] = ChainMap(dict(answers), cast(MutableMapping[str, Any], names))
    visible = []
    for field in fields:
        condition = field.properties.get("show")
        if condition and evaluate(condition, scope, at=at) is not True:
            if field.id in answers:
                scope[field.id] = names.get(field.id)
        else:
            visible.append(field)
    return visible, scope


def _required(field: Field, scope: Mapping[str, Any], at: datetime) -> bool:
    condition = field.properties.get("required_if")
    return field.required or bool(condition and evaluate(condition, scope, at=at) is True)


def _wrong(
    field: Field, value: Any, scope: Mapping[str, Any], at: datetime, known: Known | None, zone: tzinfo
) -> Fault | None:
    if field.type != "checklist" and (value is None or value in ("", [])):
        if not _required(field, scope, at):
            return None
        if field.type in FILES:
            return fault(field, "须至少上传一个附件。", "needs at least one attachment.")
        if field.choices or field.type in {"unit", "units", "officer", "boolean"}:
            return fault(field, "须选择。", "must be chosen.")
        return fault(field, "不能为空。", "must be filled in.")
    if field.type == "checklist":
        told = checklists.wrong(value, required=_required(field, scope, at)) or _strangers(field, value, known)
    else:
        told = constraints.broken(field, value, scope, at, zone) or _strangers(field, value, known)
    if told is None:
        condition = field.properties.get("check")
        if condition and evaluate(condition, scope, at=at) is not True:
            told = (
                field.properties.get("check.text", "不符合要求。"),
                field.properties.get("check.text.en", "is not as it has to be."),
            )
            return Fault(field.id, *(_whole(field, *told)))
    return fault(field, *told) if told is not None else None


def _whole(field: Field, zh: str, en: str) -> tuple[str, str]:
    """The designer's own sentence, with the field's name before it unless the sentence says it."""
    label_en = field.label_en or field.label
    return (
        zh if field.label in zh else f"“{field.label}”：{zh}",
        en if label_en in en else f"“{label_en}”: {en}",
    )


def _strangers(field: Field, value: Any, known: Known | None) -> tuple[str, str] | None:
    if known is None or field.type not in _NAMES_OTHERS:
        return None
    zh, en = _NAMES_OTHERS[field.type]
    if field.type == "checklist":
        value = checklists.refs(field, value)
    for member in value if isinstance(value, list) else [value]:
        name = member["sha"] if isinstance(member, dict) else member
        if not known(field, name):
            said = member["name"] if isinstance(member, dict) else member
            return (
                f"中的{zh}“{said[:60]}”不存在或不能选。",
                f"names an {en} that is not there or cannot be taken: {said[:60]}.",
            )
    return None


def _texts(
    field: Field,
    names: Mapping[str, Any],
    raw: Mapping[str, Sequence[str]] | None,
    before: frozenset[str] | None,
    at: datetime,
    zone: tzinfo,
) -> Sequence[str]:
    posted = raw is not None and (before is None or field.id in before)
    if posted and raw is not None and field.type not in SHOWN_ONLY and not field.readonly:
        return raw.get(field.id, ())
    if field.default is None:
        return ()
    if not field.default.startswith("="):
        return (field.default,)
    return written(evaluate(field.default, names, at=at), zone)


def _said_en(field: Field, names: Mapping[str, Any], at: datetime, zone: tzinfo) -> str:
    said = field.properties.get("default.en", "") if field.type in SHOWN_ONLY else ""
    return "".join(written(evaluate(said, names, at=at), zone)) if said.startswith("=") else said


def _readable(fields: Sequence[Field], texts: Mapping[str, Sequence[str]], zone: tzinfo) -> dict[str, Any]:
    """The values of what can be read; for drawing, the rest counts as empty."""
    values: dict[str, Any] = {}
    for field in _asked(fields):
        try:
            values[field.id] = read_one(field, texts[field.id], zone)
        except Unreadable:
            values[field.id] = None
    return values


def _put_together(fields: Sequence[Field], answers: dict[str, Any], names: Mapping[str, Any], at: datetime) -> None:
    """A checklist is a list of all its lines to the fields after it, whatever of it has been posted so far."""
    for field in fields:
        if field.type == "checklist":
            items = checklists.items(field, names, at)
            answers[field.id] = checklists.together(items, answers.get(field.id) or {})


def _is_live(field: Field, fields: Sequence[Field]) -> bool:
    """Whether another field's appearing or being compulsory speaks of this one."""
    word = re.compile(rf"(?<![\w.]){re.escape(field.id)}(?!\w)")
    return any(
        word.search(other.properties.get(rule, ""))
        for other in fields
        if other.id != field.id
        for rule in ("show", "required_if")
    )
