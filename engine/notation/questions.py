"""What a diagram asks of the books: which cases, which figures, which units. A question is read before it is put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from engine.words.terms import STAGES
from engine.words.worktime import HOME

# What may narrow a question about cases, and a question about units.
OF_CASES = (
    "process", "stage", "unit", "below", "category", "severity", "source", "level", "outcome", "open", "overdue",
    "opened_from", "opened_to", "closed_from", "closed_to", "except",
)  # fmt: skip
OF_UNITS = ("kind", "below", "role", "except")
GROUPS = ("unit", "category", "process", "severity", "source", "stage")
SORTS = ("opened", "due", "level")
MOST = 2_000
_TEXTS = ("process", "stage", "unit", "category", "severity", "source", "outcome", "kind", "except")


class QuestionNotReadable(ValueError):
    """The question makes no sense; `zh` and `en` say so to the designer."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Question:
    """`among`: a value out of these, by name; `moments`: from (inclusive) and to (exclusive), in any zone. `by`: one
    row for each; `fields`: variables of the cases that are wanted; `clocks`: deadlines that are counted."""

    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    below: str = ""
    role: str = ""
    level: int = 0
    open: bool | None = None
    overdue: bool | None = None
    by: str = ""
    fields: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    sort: str = "opened"
    limit: int = MOST


class Books(Protocol):
    """Whoever can look things up; cases are asked for as they were when the step began."""

    def cases(self, question: Question, *, at: datetime) -> list[dict[str, Any]]:
        """One context for each case; see `engine.reads.books`."""

    def figures(self, question: Question, *, at: datetime) -> Any:
        """A context of numbers; with `by`, a list of them."""

    def units(self, question: Question) -> list[str]:
        """Codes of units, in their order."""

    def unit_names(self, codes: Sequence[str]) -> dict[str, str]:
        """Code → name, of those that are known."""


def read(given: Mapping[str, Any]) -> Question:
    """The question that parameters put. An empty value does not narrow it. Raises `QuestionNotReadable`."""
    among = {name: _texts(given[name]) for name in _TEXTS if _said(given.get(name))}
    for stage in among.get("stage", ()):
        if stage not in STAGES:
            raise QuestionNotReadable(f"没有状态“{stage}”", f"There is no stage {stage!r}")
    return Question(
        among=among,
        moments={name: _moment(name, given[name]) for name in _MOMENTS if _said(given.get(name))},
        below=str(given.get("below") or ""),
        role=str(given.get("role") or ""),
        level=_number("level", given.get("level"), 0, 4, 0),
        open=_truth("open", given.get("open")),
        overdue=_truth("overdue", given.get("overdue")),
        by=_one_of("by", given.get("by"), ("", *GROUPS)),
        fields=_texts(given.get("fields")),
        clocks=_texts(given.get("clocks")),
        sort=_one_of("sort", given.get("sort") or "opened", SORTS),
        limit=_number("limit", given.get("limit"), 1, MOST, MOST),
    )


_MOMENTS = ("opened_from", "opened_to", "closed_from", "closed_to")


def _said(value: Any) -> bool:
    return value is not None and value not in ("", [])


def _texts(value: Any) -> tuple[str, ...]:
    """A list, or a text with commas."""
    if not _said(value):
        return ()
    parts = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _moment(name: str, value: Any) -> datetime:
    """A day begins at its midnight; `…_to` a day means to the end of it."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=HOME)
    if isinstance(value, date):
        day = value + timedelta(days=1) if name.endswith("_to") else value
        return datetime.combine(day, time(), HOME)
    raise QuestionNotReadable(f"{name}“{value}”不是日期或时刻", f"{name} {value!r} is no day or moment")


def _number(name: str, value: Any, least: int, most: int, usual: int) -> int:
    if not _said(value):
        return usual
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = least - 1
    if not least <= number <= most:
        zh = f"{name}“{value}”不是 {least} 到 {most} 之间的整数"
        raise QuestionNotReadable(zh, f"{name} {value!r} is no whole number from {least} to {most}")
    return number


def _truth(name: str, value: Any) -> bool | None:
    if not _said(value):
        return None
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise QuestionNotReadable(f"{name} 只能是 true 或 false，不是“{value}”", f"{name} is true or false, not {value!r}")


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> str:
    text = str(value or "")
    if text not in known:
        listed = "、".join(word for word in known if word)
        raise QuestionNotReadable(f"{name}“{text}”不是 {listed} 之一", f"{name} {text!r} is none of {listed}")
    return text
