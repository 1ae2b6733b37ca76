"""What an officer typed, ticked or attached becomes a value; what cannot be one is said in a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engine.notation import checklists
from engine.notation.diagram import Field
from engine.words.errors import Fault
from engine.words.personal import is_ref

FILES = frozenset({"photo", "file"})
LISTS = frozenset({"multi", "units"}) | FILES
# What is only shown: nothing is taken from it.
SHOWN_ONLY = frozenset({"note"})
# Unless the diagram says `maxlength`: nobody pastes a book into a field.
LONGEST = {"string": 200, "text": 10_000}
MOST_FILES = 30

_WHOLE = re.compile(r"[+-]?\d{1,15}")
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,6})?|\.\d{1,6})")
_ISSUE = re.compile(r"(\d{4})-?(\d{1,6})")
_SHA = re.compile(r"[0-9a-f]{64}")
# Control characters and halves of characters, which no database keeps (categories Cc and Cs).
_UNKEEPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNKEEPABLE_IN_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_YES, _NO = {"true", "1", "on", "yes", "是"}, {"false", "0", "no", "否"}


class Unreadable(Exception):
    """The text is no value of the field's type; both sentences follow the field's name."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def fault(field: Field, zh: str, en: str) -> Fault:
    """A fault that names the field by its label: “整改期限”… / “Deadline” …"""
    return Fault(field.id, f"“{field.label}”{zh}", f"“{field.label_en or field.label}” {en}")


def read_one(field: Field, raw: Sequence[str], zone: tzinfo) -> Any:
    """The value of one field, or None when nothing was given. Raises Unreadable. `raw`: the posted texts, in order.

    Values: text → str; long → int; number → int or Decimal; date → date; datetime → aware datetime (typed in `zone`);
    boolean → bool; enum, unit, officer, issue → str; multi, units → list of str; photo, file → list of
    {"sha", "name", "kind"} (posted as JSON); checklist → its lines by item (posted as JSON)."""
    if field.type in FILES:
        return _files(field, raw)
    if field.type == "checklist":
        return _lines(field, raw)
    texts = [_clean(text, lines=field.type == "text") for text in raw]
    if field.type in LISTS:
        chosen = list(dict.fromkeys(text for text in texts if text))
        for text in chosen:
            _choice(field, text)
        return chosen
    text = texts[-1] if texts else ""
    if field.type == "boolean":
        return _truth(field, text)
    return _single(field, text, zone) if text else None


def written(value: Any, zone: tzinfo) -> list[str]:
    """A value as the texts that a form would have posted for it."""
    match value:
        case str():
            return [value]
        case None:
            return []
        case bool():
            return ["true" if value else "false"]
        case datetime():
            return [value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")]
        case date():
            return [value.isoformat()]
        case Mapping() if is_ref(value):
            return []
        case Mapping() if "checked" in value:
            line = {key: value.get(key) for key in ("item", "checked", "note")}
            photos = [{key: ref[key] for key in ("sha", "name") if key in ref} for ref in value.get("photos") or []]
            return [orjson.dumps({**line, "photos": photos}).decode()]
        case Mapping():
            return [orjson.dumps({key: value[key] for key in ("sha", "name") if key in value}).decode()]
        case list() | tuple():
            return [text for member in value for text in written(member, zone)]
        case float() if value.is_integer():
            return [str(int(value))]
    return [str(value)]


def _single(field: Field, text: str, zone: tzinfo) -> Any:
    match field.type:
        case "long":
            return int(_plain_number(text, _WHOLE, "须填整数。", "must be a whole number."))
        case "number":
            number = Decimal(_plain_number(text, _NUMBER, "须填数字。", "must be a number."))
            return int(number) if number == number.to_integral_value() else number
        case "date":
            return _day(text)
        case "datetime":
            return _moment(text, zone)
        case "issue":
            found = _ISSUE.fullmatch(unicodedata.normalize("NFKC", text))
            if found is None:
                raise Unreadable(
                    "须填问题编号，如 2026-000012。", "must be the number of an issue, such as 2026-000012."
                )
            return f"{found[1]}-{int(found[2]):06d}"
        case "enum":
            _choice(field, text)
    return text


def _plain_number(text: str, shape: re.Pattern[str], zh: str, en: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if shape.fullmatch(plain) is None:
        raise Unreadable(zh, en)
    return plain


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unreadable("须填日期，如 2026-03-01。", "must be a date, such as 2026-03-01.") from None


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            "须填日期和时间，如 2026-03-01 09:30。", "must be a date and a time, such as 2026-03-01 09:30."
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _truth(field: Field, text: str) -> bool | None:
    """A box that is not ticked is not posted: where an answer is not compulsory, that is a no."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    if text:
        raise Unreadable("只能填是或否。", "is either yes or no.")
    return None if field.required else False


def _choice(field: Field, text: str) -> None:
    if field.choices and all(choice.id != text for choice in field.choices):
        raise Unreadable(f"中没有“{text[:40]}”这个选项。", f"offers no such choice: {text[:40]}.")


def _files(field: Field, raw: Sequence[str]) -> list[dict[str, str]]:
    kind = field.properties.get("evidence", "document")
    refs: dict[str, dict[str, str]] = {}
    for text in raw:
        if not text:
            continue
        try:
            ref = orjson.loads(text)
        except orjson.JSONDecodeError:
            ref = None
        if not isinstance(ref, dict) or not _SHA.fullmatch(str(ref.get("sha", ""))):
            raise Unreadable(
                "中有一个附件无法识别，请重新上传。", "holds an attachment that cannot be read; upload it again."
            )
        name = _clean(str(ref.get("name", "")))[:200] or ref["sha"][:12]
        refs[ref["sha"]] = {"sha": ref["sha"], "name": name, "kind": kind}
    if len(refs) > MOST_FILES:
        raise Unreadable(f"最多 {MOST_FILES} 个附件。", f"takes at most {MOST_FILES} attachments.")
    return list(refs.values())


def _lines(field: Field, raw: Sequence[str]) -> dict[str, dict[str, Any]]:
    try:
        lines = checklists.posted(raw)
    except ValueError:
        raise Unreadable("中有一行无法识别，请重新选择。", "has a line that cannot be read; choose again.") from None
    for line in lines.values():
        line["photos"] = _files(field, [orjson.dumps(ref).decode() for ref in line["photos"]])
    return lines


def _clean(text: str, *, lines: bool = False) -> str:
    """Without control characters (no database keeps a NUL) and without blanks around; line ends made alike."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines:
        return _UNKEEPABLE_IN_LINES.sub("", text).strip()
    return _UNKEEPABLE.sub("", text.replace("\n", " ").replace("\t", " ")).strip()


def as_number(text: Any) -> Decimal | None:
    """The limit of a constraint as a number; None when it is none."""
    if text is None:
        return None
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None
