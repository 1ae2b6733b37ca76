"""Which step of a new drawing stands for which of the old one when a running case changes over, and what forbids it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.notation.checks.naming import TRIGGERS, called, kind_of, short
from engine.notation.diagram import Diagram, Element
from engine.notation.scene import Published
from engine.words.facts import Wanted

# Why a case stays where it is. `gone`: the step is not there any more; `kind`, `trigger`, `repeat`, `called`: it is
# another kind of step now; `scope`: it lies in another sub-process; `join`: other ways lead into a gateway that waits;
# `nobody`: nobody holds its role; `table`: a decision it asks is missing; `stuck`, `ended`, `unreadable`: the case
# itself; `undoing`: it is being compensated; `stops`: it could not go on over there.
WHYS: Mapping[str, tuple[str, str]] = {
    "gone": ("所在步骤在新版中没有对应", "The step is not in the new version"),
    "kind": ("步骤的类型变了", "The step is of another kind"),
    "trigger": ("事件的触发方式变了", "The event has another trigger"),
    "scope": ("步骤移入或移出了子流程", "The step moved into or out of a sub-process"),
    "join": ("汇合网关的来路变了", "Other flows lead into the gateway"),
    "repeat": ("多实例的方式变了", "The step repeats in another way"),
    "called": ("调用的流程变了", "Another process is called"),
    "nobody": ("新版的办理角色无人担任", "Nobody holds the role of the new version"),
    "table": ("新版缺少决策表", "A decision table is missing"),
    "stuck": ("事项已停滞", "The case is stuck"),
    "undoing": ("正在撤销已办的步骤", "What was done is being undone"),
    "stops": ("在新版中无法继续", "The case could not go on there"),
    "unreadable": ("现状无法读取", "Its state cannot be read"),
}

Timing = Literal["keep", "restart", "recount"]
# What an officer, the clock, a message or a branch may be waited for at; only these need a place in the new drawing.
STANDING = frozenset(
    {
        "userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "boundaryEvent",
        "parallelGateway", "inclusiveGateway", "subProcess", "adHocSubProcess", "transaction", "callActivity",
        "serviceTask", "sendTask",
    }
)  # fmt: skip
_ALIKE = (frozenset({"userTask", "manualTask"}), frozenset({"receiveTask", "intermediateCatchEvent"}))


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason why a case cannot move. `element`: where it stands in the old drawing, "" for the case itself."""

    why: str
    element: str
    zh: str
    en: str


class CannotMove(Exception):
    """All reasons at once. Nothing has been written."""

    def __init__(self, reasons: list[Refused]) -> None:
        super().__init__("; ".join(reason.en for reason in reasons))
        self.reasons = tuple(dict.fromkeys(reasons))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever moves cases has chosen. `mapping`: old id → new id, "" for none; an id that is not in it stands for
    itself. `timers`: new id → keep | restart | recount, "*" for all others; `keep` leaves the due moment, `restart`
    begins anew now, `recount` counts by the new version from when the timer began. `dues`: keep | recount, of tasks."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    timers: Mapping[str, str] = field(default_factory=dict)
    dues: str = "keep"

    def timing(self, element: str) -> str:
        return self.timers.get(element) or self.timers.get("*") or "keep"


@dataclass(frozen=True, slots=True)
class Plan:
    """Two versions of one process, and how the elements of the one stand for those of the other."""

    old: Published
    new: Published
    wishes: Wishes

    def target(self, id: str) -> Element | None:
        return self.new.diagram.elements.get(self.wishes.mapping.get(id, id))

    def scope(self, id: str) -> str | None:
        """The process, or the sub-process that stands for this one."""
        if id == self.old.diagram.process:
            return self.new.diagram.process
        found = self.target(id)
        return found.id if found is not None else None

    def flow(self, id: str, join: str) -> str | None:
        """The flow into the new `join` that stands for this flow of the old drawing: the same id, or the one that
        comes from the same step, or the only one that is left."""
        old, new = self.old.diagram, self.new.diagram
        ways = {flow.id: flow for flow in new.incoming(join)}
        if id in ways:
            return id
        mine = next((flow for flow in old.flows if flow.id == id), None)
        if mine is None:
            return None
        source = self.target(mine.source)
        same = [flow.id for flow in ways.values() if source is not None and flow.source == source.id]
        if len(same) == 1:
            return same[0]
        left_here = [flow.id for flow in old.incoming(mine.target) if flow.id not in ways]
        left_there = [way for way in ways if way not in {flow.id for flow in old.incoming(mine.target)}]
        return left_there[0] if left_here == [id] and len(left_there) == 1 else None

    def misfits(self, here: Element) -> list[Refused]:
        """What forbids a token at this element to stand at the one that is meant for it."""
        there = self.target(here.id)
        zh, en = called(self.old.diagram, here)
        if there is None:
            return [
                Refused(
                    "gone",
                    here.id,
                    f"事项停在{zh}，新版没有它，也没有指定由哪一步接替。",
                    f"The case stands at {en}; the new version has no such step, and none was named to take its place.",
                )
            ]
        return list(misfits(self.old.diagram, here, self.new.diagram, there))

    def missing_tables(self) -> list[Refused]:
        return [
            Refused(
                "table",
                element.id,
                f"新版的{called(self.new.diagram, element)[0]}要问决策“{element.decision}”，但新版没有这张表。",
                f'{called(self.new.diagram, element)[1]} of the new version asks the decision "{element.decision}", '
                "which the new version does not have.",
            )
            for element in self.new.diagram.elements.values()
            if element.decision and element.decision not in self.new.decisions
        ]


def alike(here: Element, there: Element) -> bool:
    """Whether a token can stand at either, as far as their kinds go."""
    if here.kind != there.kind and not any({here.kind, there.kind} <= group for group in _ALIKE):
        return False
    return here.by_event == there.by_event and here.outside == there.outside


def misfits(old: Diagram, here: Element, new: Diagram, there: Element) -> list[Refused]:
    """Kind, trigger, repetition, called process: what must be the same of two elements that stand for each other."""
    zh, en = called(old, here)
    to_zh, to_en = called(new, there)
    found: list[Refused] = []
    if not alike(here, there):
        was, now = _kind(here), _kind(there)
        found.append(
            Refused(
                "kind",
                here.id,
                f"{zh}在新版对应{to_zh}：{was[0]}不能变成{now[0]}。",
                f"{en} would become {to_en}: a {was[1]} cannot turn into a {now[1]}.",
            )
        )
        return found
    was_kind, now_kind = _trigger(old, here), _trigger(new, there)
    if was_kind != now_kind:
        found.append(
            Refused(
                "trigger",
                here.id,
                f"{zh}原来等{_word(was_kind)[0]}，新版的{to_zh}等{_word(now_kind)[0]}。",
                f"{en} waits for a {_word(was_kind)[1]}, {to_en} of the new version for a {_word(now_kind)[1]}.",
            )
        )
    if _repeating(here) != _repeating(there):
        found.append(
            Refused(
                "repeat",
                here.id,
                f"{zh}原来{_REPEATS[_repeating(here)][0]}，新版{_REPEATS[_repeating(there)][0]}，已经开始的办理无法对应。",
                f"{en} is done {_REPEATS[_repeating(here)][1]}, in the new version "
                f"{_REPEATS[_repeating(there)][1]}: what has begun has no counterpart.",
            )
        )
    if here.calls != there.calls:
        found.append(
            Refused(
                "called",
                here.id,
                f"{zh}正在等流程“{here.calls}”办完，新版改为调用“{there.calls}”。",
                f'{en} waits for the process "{here.calls}"; the new version calls "{there.calls}".',
            )
        )
    return found


def _kind(element: Element) -> tuple[str, str]:
    zh, en = kind_of(element.kind)
    return (f"外部{zh}", f"{en} done by another program") if element.outside else (zh, en)


_REPEATS = {
    "": ("只办一次", "once"),
    "parallel": ("多人同时办", "by several at once"),
    "sequential": ("逐个办", "one after another"),
    "loop": ("循环办", "in a loop"),
}


def _repeating(element: Element) -> str:
    if element.kind == "adHocSubProcess" and element.in_turn:
        return "sequential"
    if element.repeat is None:
        return ""
    return "loop" if element.repeat.loop else "sequential" if element.repeat.sequential else "parallel"


def _trigger(diagram: Diagram, element: Element) -> str:
    """What an event waits for; of an event sub-process, what its start event waits for."""
    if element.by_event:
        begins = (e for e in diagram.elements.values() if e.inside == element.id and e.kind == "startEvent")
        return next((e.trigger.kind for e in begins), "none")
    return element.trigger.kind


def _word(trigger: str) -> tuple[str, str]:
    return TRIGGERS.get(trigger, ("无", "nothing"))


def name_of(diagram: Diagram, id: str) -> tuple[str, str]:
    """What the report calls an element, without its kind."""
    zh, en = short(diagram, id)
    return zh.strip("“”"), en.strip('"')


@dataclass(frozen=True, slots=True)
class Rows:
    """What is open in a case, by id, as it stands in the rows. tasks: element name name_en wanted bars unit priority
    clock opened_at claimed_by; waits: element token name correlation button button_en wanted; timers: element token
    due; jobs (of programs outside): element token topic inputs retries backoff. `wanted` and `bars` as in the facts."""

    tasks: Mapping[str, Mapping[str, Any]]
    waits: Mapping[str, Mapping[str, Any]]
    timers: Mapping[str, Mapping[str, Any]]
    jobs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holders:
    """Who could do a task: `roles`: role → units for which somebody holds it; `officers`: id → own unit and what he
    holds, as (role, unit)."""

    roles: Mapping[str, frozenset[int]]
    officers: Mapping[int, tuple[int | None, frozenset[tuple[str, int]]]]

    def anybody(self, wanted: list[Wanted]) -> bool:
        return any(self._meets(wish) for wish in wanted)

    def _meets(self, wish: Wanted) -> bool:
        if wish.get("officer") is not None:
            return wish["officer"] in self.officers
        units = self.roles.get(str(wish.get("role")), frozenset())
        return bool(units) if wish.get("unit") is None else wish["unit"] in units

    def fits(self, officer: int, wanted: list[Wanted], bars: list[dict[str, Any]]) -> bool:
        """Whether this officer may do what is meant for `wanted`, `bars` aside."""
        unit, held = self.officers.get(officer, (None, frozenset()))
        if any(bar.get("officer") == officer or (unit is not None and bar.get("unit") == unit) for bar in bars):
            return False
        return any(
            wish.get("officer") == officer
            or any(role == wish.get("role") and wish.get("unit") in {None, place} for role, place in held)
            for wish in wanted
        )


@dataclass(frozen=True, slots=True)
class Order:
    """Which move this is, between which versions (row ids), and why."""

    move: int
    before: int
    after: int
    reason: str
