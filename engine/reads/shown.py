"""A value as a page shows it: words, photos and files, or a table where it is a list of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.reads.names import Names
from engine.words.personal import is_ref
from engine.words.terms import CHECKED, Term


@dataclass(frozen=True, slots=True)
class Table:
    heads: tuple[Term, ...]
    rows: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One labelled value. `refs`: photos and files ({sha, name, media?, taken_at? …}); `table` for a list of records.
    `long` wants lines of its own; `asked` is false for what no form asks for: the process keeps it for itself."""

    id: str
    label: Term
    text: Term
    asked: bool = True
    refs: tuple[Mapping[str, Any], ...] = ()
    table: Table | None = None
    long: bool = False


def shown(names: Names, id: str, value: Any, element: str = "") -> Shown:
    label, asked = names.label(id, element), names.field(id, element) is not None
    if _are_refs(value):
        return Shown(id, label, Term("", ""), asked, refs=tuple(value))
    records = isinstance(value, list) and bool(value) and all(isinstance(part, Mapping) for part in value)
    if records and not _tagged(value[0]) and not is_ref(value[0]):
        return Shown(id, label, Term("", ""), asked, table=_table(names, id, value))
    text = names.value(id, value, element)
    return Shown(id, label, text, asked, long=len(text.zh) > 40 or "\n" in text.zh)


def filled(names: Names, values: Mapping[str, Any], order: Iterable[str] = ()) -> tuple[Shown, ...]:
    """Whatever has a value, in this order first; records without a label of their own are left to the raw view."""
    first = [id for id in order if id in values]
    listed = [*first, *(id for id in values if id not in set(first))]
    return tuple(
        shown(names, id, values[id]) for id in listed if values[id] not in (None, "", [], {}) and id not in names.hidden
    )


def _are_refs(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) and "sha" in v for v in value)


def _tagged(value: Mapping[str, Any]) -> bool:
    """A kept moment, day or duration ({"$day": …}) is one value, no record."""
    return len(value) == 1 and next(iter(value)).startswith("$")


def _table(names: Names, id: str, records: list[Mapping[str, Any]]) -> Table:
    if all("checked" in record for record in records):
        return _checklist(names, records)
    keys = list(dict.fromkeys(key for record in records for key in record))
    keys = [key for key in keys if key not in names.hidden and not _beside(key, keys)]
    heads = tuple(names.label(key, inside=id) for key in keys)
    return Table(heads, tuple(tuple(_cell(names, id, key, record) for key in keys) for record in records))


def _beside(key: str, keys: list[str]) -> bool:
    """What only says another entry over again: its English, or the name of the unit whose code stands there."""
    return any(key.endswith(end) and key.removesuffix(end) in keys for end in ("_name_en", "_name", "_en"))


def _cell(names: Names, id: str, key: str, record: Mapping[str, Any]) -> Shown:
    one = shown(names, key, record.get(key))
    label, english = names.label(key, inside=id), record.get(f"{key}_en")
    text = Term(one.text.zh, str(english)) if english else one.text
    return replace(one, label=label, text=text)


def _checklist(names: Names, records: list[Mapping[str, Any]]) -> Table:
    """What was looked at, how it was found, the note and the photos; the codes of the table are left out."""
    heads = (Term("检查项", "Item"), Term("结果", "Result"), Term("情况", "Note"), Term("照片", "Photos"))
    rows = []
    for record in records:
        text = Term(str(record.get("text")), str(record.get("text_en") or record.get("text")))
        note = str(record.get("note") or "")
        photos = tuple(record.get("photos") or ())
        rows.append(
            (
                Shown("text", heads[0], text),
                Shown("checked", heads[1], CHECKED.get(str(record["checked"]), Term("–", "–"))),
                Shown("note", heads[2], Term(note, note)),
                Shown("photos", heads[3], Term("", ""), refs=photos),
            )
        )
    return Table(heads, tuple(rows))
