"""Reads a book of stories (`stories.yaml`): who acts, what is done step by step, what must then be true.

How a book is written stands at the head of `processes/issue_loop/stories.yaml`. Whatever is wrong with a book is said
all at once, each mistake with its story and step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import yaml

from engine.notation.story_book import Player, Step, Story, StoryBook, StoryUnit, amount
from engine.words.errors import Fault, NotValid
from engine.words.terms import ROLES
from engine.words.worktime import HOME

LARGEST = 1_000_000  # characters
MOST_VALUES = 100_000
# What may stand beside the word that says what a step is.
_BESIDE = {
    "raise": {"by", "at", "refused", "process"},
    "does": {"by", "at", "refused", "answers", "for"},
    "button": {"by", "at", "refused", "answers"},
    "arrives": {"at", "key", "payload"},
    "worker": {"at", "for", "gives", "fails", "throws"},
    "case": set(),
    "clock": set(),
    "expect": set(),
}
_PROCESS = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_EXPECTED: Mapping[str, tuple[type, ...]] = {
    "stage": (str,), "round": (int,), "level": (int,), "outcome": (str, type(None)), "over": (bool,), "tasks": (list,),
    "documents": (list,), "messages": (list,), "counts": (dict,), "variables": (dict,), "children": (list,),
}  # fmt: skip


def read(text: str) -> StoryBook:
    """The book that a text holds. Raises `NotValid` with every mistake; a fault's field is "story:step"."""
    reader = _Reader()
    book = reader.book(_loaded(text))
    if reader.faults or book is None:
        raise NotValid(reader.faults)
    return book


class _Loader(yaml.SafeLoader):
    """Plain YAML; a key that stands twice is no small matter: the second would silently win."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise _one(f"第 {line} 行：“{key.value}”写了两次", f"Line {line}: “{key.value}” stands there twice")
                seen.add(key.value)
        return node


def _loaded(text: str) -> Any:
    if len(text) > LARGEST:
        raise _one("文件过大", "The file is too large")
    try:
        tree = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise _one(f"第 {line} 行：不是有效的 YAML（{error.problem}）",
                   f"Line {line}: not valid YAML ({error.problem})") from error  # fmt: skip
    except (yaml.YAMLError, ValueError) as error:
        raise _one(f"不是有效的 YAML（{error}）", f"Not valid YAML ({error})") from error
    except RecursionError:
        raise _one("嵌套过深", "Nested too deeply") from None
    left = [tree]
    for count in range(MOST_VALUES + 1):
        if not left:
            return tree
        value = left.pop()
        left.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
        if count == MOST_VALUES:
            break
    raise _one("内容过多，或引用了自身", "It holds too much, or refers to itself")


def _one(zh: str, en: str) -> NotValid:
    return NotValid([Fault("", zh, en)])


class _Reader:
    """Reads on after a mistake, so that all are told at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.story_id = ""
        self.number = 0

    def wrong(self, zh: str, en: str) -> None:
        if self.story_id:
            zh_step, en_step = (f"第 {self.number} 步", f", step {self.number}") if self.number else ("", "")
            zh = f"故事“{self.story_id}”{zh_step}：{zh}"
            en = f"Story “{self.story_id}”{en_step}: {en}"
        place = f"{self.story_id}:{self.number}" if self.number else self.story_id
        self.faults.append(Fault(place, zh, en))

    def book(self, tree: Any) -> StoryBook | None:
        if not isinstance(tree, dict):
            self.wrong("故事书须有 units、cast、stories 三部分", "A book of stories has units, cast and stories")
            return None
        self.known_keys(tree, {"units", "cast", "stories", "forms", "with"}, "故事书", "the book")
        beside = self.beside_of(tree.get("with", []))
        self.units = self.units_of(self.mapping(tree.get("units"), "units"))
        self.cast = self.cast_of(self.mapping(tree.get("cast"), "cast"))
        told = tree.get("stories")
        if not isinstance(told, list) or not told:
            self.wrong("stories 须列出至少一个故事", "stories lists at least one story")
            return None
        stories = [self.story(place, entry) for place, entry in enumerate(told, start=1)]
        self.story_id, self.number = "", 0
        ids = [story.id for story in stories if story is not None]
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            self.wrong(f"有两个故事都叫“{id}”", f"Two stories are called “{id}”")
        return StoryBook(self.units, self.cast, tuple(story for story in stories if story is not None), beside)

    def beside_of(self, value: Any) -> tuple[str, ...]:
        """Folder names: nothing that leads out of the library."""
        if isinstance(value, list) and all(isinstance(one, str) and _PROCESS.fullmatch(one) for one in value):
            return tuple(dict.fromkeys(value))
        self.wrong("with 须是一列流程 id", "with is a list of process ids")
        return ()

    def mapping(self, value: Any, name: str) -> dict[str, Any]:
        if isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
            return value
        self.wrong(f"{name} 须写成“名称: 内容”", f"{name} is written as “name: what it is”")
        return {}

    def known_keys(self, entry: Mapping[Any, Any], known: set[str], where_zh: str, where_en: str) -> None:
        for key in entry:
            if key not in known:
                self.wrong(f"{where_zh}里没有“{key}”这一项", f"{where_en} has no entry “{key}”")

    def units_of(self, entries: dict[str, Any]) -> tuple[StoryUnit, ...]:
        units: dict[str, StoryUnit] = {}
        left = dict(entries)
        while left:
            ready = [c for c, e in left.items() if not (isinstance(e, dict) and e.get("above") in left)]
            if not ready:
                self.wrong(f"单位 {'、'.join(left)} 互为上级", f"The units {', '.join(left)} stand above each other")
                break
            for code in ready:
                entry = left.pop(code)
                if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                    self.wrong(f"单位 {code} 须有 name", f"The unit {code} needs a name")
                    continue
                self.known_keys(entry, {"name", "en", "above", "kind"}, f"单位 {code} ", f"The unit {code}")
                above = entry.get("above")
                if above is not None and above not in units:
                    self.wrong(f"单位 {code} 的上级 {above} 不存在", f"The unit {code} lies below {above}, not there")
                units[code] = StoryUnit(
                    code, entry["name"], str(entry.get("en", "")), str(above or ""), str(entry.get("kind", ""))
                )
        return tuple(units.values())

    def cast_of(self, entries: dict[str, Any]) -> tuple[Player, ...]:
        units = {unit.code for unit in self.units}
        cast = []
        for name, entry in entries.items():
            entry = entry if isinstance(entry, dict) else {}
            self.known_keys(entry, {"unit", "roles"}, f"人员 {name} ", f"{name} of the cast")
            roles = entry.get("roles", [])
            if entry.get("unit") not in units:
                self.wrong(f"人员 {name} 的单位 {entry.get('unit')} 不存在",
                           f"{name} of the cast belongs to {entry.get('unit')}, which is no unit")  # fmt: skip
            elif not isinstance(roles, list):
                self.wrong(f"人员 {name} 的 roles 须是列表", f"The roles of {name} are a list")
            else:
                for held in roles:
                    role, elsewhere, unit = str(held).partition("@")
                    if role not in ROLES:
                        self.wrong(f"人员 {name}：没有角色 {role}", f"{name} of the cast: there is no role {role}")
                    if elsewhere and unit not in units:
                        self.wrong(f"人员 {name}：没有单位 {unit}", f"{name} of the cast: there is no unit {unit}")
                cast.append(Player(name, str(entry["unit"]), tuple(str(role) for role in roles)))
        return tuple(cast)

    def story(self, place: int, entry: Any) -> Story | None:
        self.story_id, self.number = "", 0
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            self.wrong(f"第 {place} 个故事没有 id", f"Story number {place} has no id")
            return None
        self.story_id = entry["id"]
        self.known_keys(entry, {"id", "zh", "en", "begins", "steps"}, "故事", "a story")
        for name in ("zh", "en"):
            if not isinstance(entry.get(name), str):
                self.wrong(f"须有 {name}：一句话说明这个故事", f"needs {name}: one sentence on what it tells")
        begins = _moment(entry.get("begins"))
        if begins is None:
            self.wrong("begins 须是时刻，如 2026-03-02T09:00:00+08:00",
                       "begins is a moment, such as 2026-03-02T09:00:00+08:00")  # fmt: skip
        told = entry.get("steps")
        if not isinstance(told, list) or not told:
            self.wrong("steps 须列出至少一步", "steps lists at least one step")
            return None
        steps = []
        for self.number, step in enumerate(told, start=1):
            steps.append(self.step(step))
        self.number = 0
        if steps[0] is not None and steps[0].kind not in {"raise", "arrives", "clock"}:
            self.wrong("第一步须是 raise、arrives 或 clock", "the first step is a raise, arrives or clock")
        if begins is None or None in steps:
            return None
        return Story(self.story_id, str(entry.get("zh")), str(entry.get("en")), begins,
                     tuple(step for step in steps if step is not None))  # fmt: skip

    def step(self, entry: Any) -> Step | None:
        kinds = [kind for kind in _BESIDE if isinstance(entry, dict) and kind in entry]
        if len(kinds) != 1:
            self.wrong("一步须是 raise、does、button、arrives、worker、case、clock、expect 之一",
                       "a step is one of raise, does, button, arrives, worker, case, clock, expect")  # fmt: skip
            return None
        kind, faults = kinds[0], len(self.faults)
        value = entry[kind]
        self.known_keys(entry, {kind} | _BESIDE[kind], f"{kind} ", kind)
        if kind == "clock":
            return self.whole(faults, Step(self.number, kind, wait=self.time(value, "clock")))
        if kind == "expect":
            return self.whole(faults, Step(self.number, kind, expect=self.expectation(value)))
        if kind == "arrives":
            return self.whole(faults, self.letter(entry))
        if kind == "worker":
            return self.whole(faults, self.work(entry))
        if kind == "case":
            if not isinstance(value, str):
                self.wrong(
                    "case 后面须写流程 id、事项编号或 parent", "after case comes a process id, a number or parent"
                )
            return self.whole(faults, Step(self.number, kind, str(value)))
        answers = self.answers(value if kind == "raise" else entry.get("answers", {}))
        if kind != "raise" and not isinstance(value, str):
            self.wrong(f"{kind} 后面须写名称", f"after {kind} comes a name")
        by, unit, refused = entry.get("by"), entry.get("for", ""), entry.get("refused", False)
        if by not in {player.login for player in self.cast}:
            self.wrong(f"cast 里没有“{by}”", f"the cast has no “{by}”")
        if unit and unit not in {one.code for one in self.units}:
            self.wrong(f"for：没有单位“{unit}”", f"for: there is no unit “{unit}”")
        if not isinstance(refused, bool):
            self.wrong("refused 只能是 true 或 false", "refused is either true or false")
        wait = self.time(entry["at"], "at") if "at" in entry else None
        if not isinstance(entry.get("process", ""), str):
            self.wrong("process 须是流程 id", "process is the id of a process")
        what = str(entry.get("process", "")) if kind == "raise" else str(value)
        return self.whole(faults, Step(self.number, kind, what, str(by), str(unit), answers, wait, refused is True))

    def letter(self, entry: Mapping[str, Any]) -> Step:
        name, payload = entry["arrives"], entry.get("payload", {})
        if not isinstance(name, str):
            self.wrong("arrives 后面须写消息名称", "after arrives comes the name of a message")
        if not isinstance(payload, dict):
            self.wrong("payload 须写成“字段: 值”", "a payload is written as “field: value”")
            payload = {}
        wait = self.time(entry["at"], "at") if "at" in entry else None
        return Step(self.number, "arrives", str(name), answers=payload, wait=wait, key=str(entry.get("key", "")))

    def work(self, entry: Mapping[str, Any]) -> Step:
        """What a program outside answers: `gives` fields, `fails` with a message, or `throws` an error by its name."""
        topic, said = entry["worker"], [name for name in ("gives", "fails", "throws") if name in entry]
        if not isinstance(topic, str):
            self.wrong("worker 后面须写主题", "after worker comes a topic")
        if len([name for name in said if name != "gives"]) > 1 or ("fails" in said and "gives" in said) or not said:
            self.wrong("worker 须写 gives、fails、throws 之一（throws 可带 gives）",
                       "a worker gives, fails or throws (and may give something with what it throws)")  # fmt: skip
        gives = entry.get("gives") or {}
        if not isinstance(gives, dict) or any(not isinstance(name, str) for name in gives):
            self.wrong("gives 须写成“名称: 内容”", "gives is written as “name: what it is”")
            gives = {}
        for name in ("fails", "throws"):
            if name in entry and not isinstance(entry[name], str):
                self.wrong(f"{name} 后面须写文字", f"after {name} comes a text")
        unit = entry.get("for", "")
        if not isinstance(unit, str):
            self.wrong("for 后面须写对象", "after for comes what it is about")
        wait = self.time(entry["at"], "at") if "at" in entry else None
        how = next((name for name in ("fails", "throws") if name in entry), "gives")
        told = str(entry.get(how) or "") if how != "gives" else ""
        return Step(self.number, "worker", str(topic), unit=str(unit), answers=gives, wait=wait, how=how, key=told)

    def whole(self, faults: int, step: Step) -> Step | None:
        return step if len(self.faults) == faults else None

    def time(self, value: Any, name: str) -> timedelta | None:
        length = amount(value)
        if length is None or length < timedelta(0):
            self.wrong(
                f"{name} 须写成“+20m”“+3h”“+5d”，不是“{value}”", f"{name} is “+20m”, “+3h”, “+5d”, not “{value}”"
            )
        return length

    def answers(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong("答案须写成“字段: 值”", "answers are written as “field: value”")
            return {}
        for name, answer in value.items():
            members: Sequence[Any] = answer if isinstance(answer, list) else [answer]
            if not isinstance(name, str) or any(isinstance(member, dict | list) for member in members):
                self.wrong(f"字段“{name}”的值须是一个值或一列值", f"the answer “{name}” is one value or a list of them")
        return value

    def expectation(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            self.wrong("expect 后面须写要核对的内容", "after expect comes what is compared")
            return {}
        self.known_keys(value, set(_EXPECTED), "expect ", "expect")
        for name, types in _EXPECTED.items():
            if name in value and (
                not isinstance(value[name], types) or (isinstance(value[name], bool) != (name == "over"))
            ):
                self.wrong(f"expect 里的 {name} 不能是“{value[name]}”", f"{name} in expect cannot be “{value[name]}”")
        return value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the zone follows
    return (value if value.tzinfo is not None else value.replace(tzinfo=HOME)) if isinstance(value, datetime) else None
