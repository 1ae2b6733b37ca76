"""What a value reads like: choices and codes in words, units and officers by name, moments as they are spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.reads import spoken
from engine.reads.tongues import EMPTY, NO, YES, joined, named, say
from engine.words.personal import is_ref
from engine.words.terms import CHECKED, DOCUMENTS, LEVELS, MODES, OUTCOMES, ROLES, SEVERITIES, STAGES, Term
from engine.words.values import from_json

if TYPE_CHECKING:
    from engine.reads.names import Names

GONE = Term("个人信息（未留存）", "personal (not kept)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# A length of time or a limit as a table writes it.
_SPAN = re.compile(
    r"P(\d+[YMWD])*(T(\d+[HMS])+)?|\d+ work (hours?|days?)|(same|end of work) day|next (work )?day \d?\d:\d\d"
)
_FEW_WORDS = 80
# Variables whose values are units or terms even where no form asks for them.
_TERMS: dict[str, Mapping[Any, Term]] = {
    "severity": SEVERITIES,
    "mode": MODES,
    "stage": STAGES,
    "outcome": OUTCOMES,
    "level": {**LEVELS, **{str(level): term for level, term in LEVELS.items()}},
    "role": ROLES,
    "kind": DOCUMENTS,
    "document": DOCUMENTS,
    "calendar": {"always": Term("全天候", "day and night"), "work": Term("工作时间", "working hours")},
}


def told(names: Names, id: str, value: Any, element: str = "") -> Term:
    """A value of a variable, as it is kept or as it is worked with, in the words of an officer."""
    value = from_json(value)
    if value is None or value in ("", []):
        return EMPTY
    if is_ref(value):
        mask = names.masks.get(value["personal"])
        return Term(mask, mask) if mask is not None else GONE
    if isinstance(value, list):
        if all(isinstance(part, Mapping) and "sha" in part for part in value):
            files = joined(Term(_file(part), _file(part)) for part in value)
            return say("{n} 份：{names}", "{n}: {names}", n=len(value), names=files)
        if value and all(isinstance(part, Mapping) and "checked" in part for part in value):
            return _checked(value)
        return joined(told(names, id, part, element) for part in value)
    if isinstance(value, Mapping):
        return _context(names, id, value)
    return _known(names, id, value, element) or _plain(names, value)


def instance(names: Names, item: Any) -> Term:
    """Which instance of a repeated step: a unit by its name, a context by what it is called, in a few words."""
    if not isinstance(item, Mapping) or is_ref(item) or "sha" in item:
        return told(names, "item", item)
    called = [item[key] for key in ("number", "title", "name", "text") if item.get(key)]
    if called:
        return _cut(" ".join(str(part) for part in called))
    short = [told(names, key, value) for key, value in item.items() if not isinstance(value, Mapping | list)]
    return joined([_cut(part.zh, part.en) for part in short if part.zh][:3])


def _known(names: Names, id: str, value: Any, element: str) -> Term | None:
    """A value that stands for something else: a choice, a unit, an officer, a term of the field."""
    asked = names.field(id, element) or names.proposed.get(id)
    fields = [one for one in (asked, names.called.get(id), names.handed_on.get(id)) if one]
    kind = fields[0].type if fields else ""
    chosen = next((choice for one in fields for choice in one.choices if choice.id == str(value)), None)
    chosen = chosen or names.choices.get((id, str(value)))
    if chosen is not None:
        return named(chosen.name, chosen.name_en)
    if isinstance(value, str) and (made := names.made(id, value)):
        return made
    if kind == "percent" and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        share = f"{100 * float(value):.1f}".removesuffix(".0") + "%"
        return Term(share, share)
    if isinstance(value, str):
        if kind in {"unit", "units"} or id.endswith(("unit", "units")):
            return names.unit(value)
        if kind == "officer" or id == "by":
            return names.officer(value)
        if id == "item":
            return names.unit_codes.get(value)
        if id == "limit" or id in names.limits:
            return spoken.limit(value)
        if kind == "date" and _DAY.fullmatch(value):
            return spoken.day(date.fromisoformat(value))
    if isinstance(value, str | int) and not isinstance(value, bool):
        known = _TERMS.get(id, {}).get(value) or names.code(id, str(value))
        return known or (names.unit_codes.get(value) if isinstance(value, str) else None)
    return None


def _plain(names: Names, value: Any) -> Term:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return names.moment(value)
    if isinstance(value, date):
        return spoken.day(value)
    text = f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return spoken.limit(text) if _SPAN.fullmatch(text) else Term(text, text)


def _context(names: Names, id: str, value: Mapping[str, Any]) -> Term:
    if "checked" in value:
        return _line(value)
    if "sha" in value:
        return Term(_file(value), _file(value))
    if isinstance(value.get("text"), str) and "text_en" in value:  # a line of a checklist nobody has answered yet
        return named(value["text"], str(value["text_en"] or ""))
    parts = [
        say("{l}：{v}", "{l}: {v}", l=names.label(entry, inside=id), v=_within(part, said))
        for entry, part, said in entries(names, value)
        if entry not in names.hidden and part not in (None, "", [], {})
    ]
    return Term("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def entries(names: Names, record: Mapping[str, Any]) -> Iterator[tuple[str, Any, Term]]:
    """The entries of a record with what they are and read like. A table may give the English of a text in a column
    beside it, `reason` and `reason_en`: together they are one entry."""
    for name, value in record.items():
        if name.endswith("_en") and name.removesuffix("_en") in record:
            continue
        english = record.get(f"{name}_en")
        both = isinstance(value, str) and isinstance(english, str) and english
        yield name, value, Term(value, str(english)) if both else told(names, name, value)


def _within(value: Any, said: Term) -> Term:
    return say("（{said}）", "({said})", said=said) if isinstance(value, Mapping) and not is_ref(value) else said


def _checked(lines: list[Mapping[str, Any]]) -> Term:
    """A whole checklist: each fault with its note, of the rest only how many there are."""
    faults = [_line(line) for line in lines if line["checked"] == "fault"]
    rest = [(told, sum(line["checked"] == code for line in lines)) for code, told in CHECKED.items() if code != "fault"]
    counts = [say("{told} {n} 项", "{told}: {n}", told=told, n=n) for told, n in rest if n]
    return Term("；".join(part.zh for part in [*faults, *counts]), "; ".join(part.en for part in [*faults, *counts]))


def _line(line: Mapping[str, Any]) -> Term:
    """One line of a checklist: what was looked at, how it was found, and the note."""
    told = CHECKED.get(str(line["checked"]), EMPTY)
    note = str(line.get("note") or "")
    return say(
        "{text}：{told}{note}", "{text}: {told}{note}",
        text=named(str(line.get("text")), str(line.get("text_en") or "")), told=told,
        note=Term(f"（{note}）", f" ({note})") if note else EMPTY,
    )  # fmt: skip


def _cut(zh: str, en: str = "") -> Term:
    return Term(*(text if len(text) <= _FEW_WORDS else f"{text[:_FEW_WORDS]}…" for text in (zh, en or zh)))


def _file(reference: Mapping[str, Any]) -> str:
    return str(reference.get("name") or reference.get("sha", ""))[:80]
