"""What service tasks can do, by topic: each a few lines that turn a diagram's wish into facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, Any

from engine.notation import questions
from engine.notation.diagram import Element
from engine.notation.questions import Books, Question, QuestionNotReadable
from engine.notation.wishes import split_wishes
from engine.words import draws
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.numbers import case_id_of
from engine.words.terms import DOCUMENTS
from engine.words.values import from_json, to_json

if TYPE_CHECKING:
    from engine.notation.spiff.play import Play

Parameters = dict[str, Any]
Topic = Callable[["Play", Element, Any, Parameters], None]
TOPICS: dict[str, Topic] = {}


def topic(name: str) -> Callable[[Topic], Topic]:
    def register(does: Topic) -> Topic:
        TOPICS[name] = does
        return does

    return register


def perform(play: Play, element: Element, task: Any) -> None:
    does = TOPICS.get(element.topic)
    if does is None:
        raise CannotGoOn(
            element.id, f"没有名为“{element.topic}”的服务", f"There is no service called {element.topic!r}"
        )
    # Whom a notice or paper is for is read by `wanted` and `units_of`: a role may stand before the expression.
    plain = {"name.en", "mechanism", "stage", *(["to"] if element.topic in {"notify", "document.issue"} else [])}
    parameters = {
        name: text if name in plain else play.text_or_value(element, text, task)
        for name, text in element.properties.items()
    }
    does(play, element, task, parameters)


@topic("deadline.extend")
def deadline_extend(play: Play, element: Element, task: Any, given: Parameters) -> None:
    play.extend_clock(element, str(given["clock"]), given.get("until"), str(given.get("reason") or ""))


@topic("clock.restart")
def clock_restart(play: Play, element: Element, task: Any, given: Parameters) -> None:
    """Only a dispatcher's error lets a clock begin anew within a round."""
    calendar = str(given.get("calendar") or "work")
    play.start_clock(element, str(given["clock"]), given.get("limit"), calendar, float(given.get("near") or 0.8))


@topic("round.open")
def round_open(play: Play, element: Element, task: Any, given: Parameters) -> None:
    play.round += 1
    play.note(f.RoundOpened(play.round, str(given.get("reason") or "")))
    play.clocks = {}
    play.clocks_moved = True
    play.memory.doers = {}
    play.level = 0
    play.outcome = None
    if given.get("level"):
        _raise_level(play, int(given["level"]), str(given.get("reason") or ""))


@topic("level.raise")
def level_raise(play: Play, element: Element, task: Any, given: Parameters) -> None:
    _raise_level(play, int(play.text_or_value(element, str(given["to"]), task)), str(given.get("reason") or ""))


def _raise_level(play: Play, to: int, reason: str) -> None:
    if to > play.level:
        play.note(f.LevelRaised(play.level, to, reason))
        play.level = to


@topic("document.issue")
def document_issue(play: Play, element: Element, task: Any, given: Parameters) -> None:
    kind = str(given["kind"])
    term = DOCUMENTS.get(kind)
    play.memory.counts[f"document:{kind}"] = play.memory.counts.get(f"document:{kind}", 0) + 1
    fields = given.get("fields")
    units = units_of(play, element, task, str(given["to"])) if given.get("to") else []
    play.note(
        f.DocumentIssued(
            play.new_id(),
            kind,
            "",  # the journal gives it
            str(given.get("title") or (term.zh if term else kind)),
            to_json(fields) if isinstance(fields, dict) else {},
            units[0] if units else None,
            play.round,
            play.level,
            play.scene.office.templates.get(kind),
            list(dict.fromkeys(units)),
        )
    )


def units_of(play: Play, element: Element, task: Any, text: str) -> list[int]:
    value = play.text_or_value(element, text, task)
    codes = value if isinstance(value, list) else [value]
    return [unit_id(play, element, str(code)) for code in codes if code]


def unit_id(play: Play, element: Element, code: str) -> int:
    found = play.scene.office.units.get(code)
    if found is None:
        raise CannotGoOn(
            element.id,
            f"“{element.name}”要交给单位“{code}”，但没有这个单位",
            f"{element.name_en or element.id} is meant for unit {code!r}, which does not exist",
        )
    return found


def wanted(play: Play, element: Element, task: Any, groups: str, assignee: str = "") -> list[f.Wanted]:
    """Who a task, button or notice is for: roles (with units) and officers, as ids."""
    wishes: list[f.Wanted] = []
    for wish in split_wishes(groups):
        if wish.login:
            wishes.extend(_officers(play, element, play.text_or_value(element, wish.login, task)))
        elif not wish.unit:
            wishes.append({"role": wish.role, "unit": None})
        else:
            wishes.extend({"role": wish.role, "unit": unit} for unit in units_of(play, element, task, wish.unit))
    if assignee:
        wishes.extend(_officers(play, element, play.text_or_value(element, assignee, task)))
    return wishes


def _officers(play: Play, element: Element, value: Any) -> list[f.Wanted]:
    logins = value if isinstance(value, list) else [value]
    known = play.scene.office.officers
    for login in logins:
        if login and str(login) not in known:
            raise CannotGoOn(
                element.id,
                f"“{element.name}”要交给人员“{login}”，但没有这个账号",
                f"{element.name_en or element.id} is meant for officer {login!r}, who does not exist",
            )
    return [{"officer": known[str(login)]} for login in logins if login]


@topic("notify")
def notify(play: Play, element: Element, task: Any, given: Parameters) -> None:
    wishes = wanted(play, element, task, str(given["to"]))
    text = str(given.get("text") or element.name)
    play.note(f.NoticeSent(play.new_id(), text, str(given.get("text.en") or element.name_en or text), wishes))


@topic("counter.add")
def counter_add(play: Play, element: Element, task: Any, given: Parameters) -> None:
    name = str(given["name"])
    play.memory.counts[name] = play.memory.counts.get(name, 0) + 1
    play.note(f.Counted(name))


@topic("draw.sample")
def draw_sample(play: Play, element: Element, task: Any, given: Parameters) -> None:
    """双随机: some of a list, by a seed that nobody chooses and everybody can check."""
    listed, wanted_count = given.get("from"), given.get("count")
    members = to_json(listed) if isinstance(listed, list) else None
    count = int(str(wanted_count)) if str(wanted_count).isdecimal() else None
    if members is None or count is None or not 0 < len(members) <= draws.MOST_MEMBERS:
        raise CannotGoOn(
            element.id,
            f"“{element.name}”要从一个不空的名单（from，最多 {draws.MOST_MEMBERS} 个）里抽取整数个（count）",
            f"{element.name_en or element.id} draws a whole number (count) out of a list that is not empty "
            f"(from, at most {draws.MOST_MEMBERS})",
        )
    nth = play.memory.counts.get(f"draw:{element.id}", 0) + 1
    play.memory.counts[f"draw:{element.id}"] = nth
    moment = play.at.astimezone(UTC).isoformat(timespec="microseconds")
    seed = draws.seed_of(play.scene.number, element.id, nth, moment, play.by.login)
    members = draws.distinct(members)
    drawn = draws.draw(seed, members, count)
    result = str(given["result"])
    play.note(f.SampleDrawn(element.id, result, draws.ALGORITHM, seed, members, draws.digest_of(members), count, drawn))
    play.assign(task, {result: from_json(drawn)})


@topic("case.merge")
def case_merge(play: Play, element: Element, task: Any, given: Parameters) -> None:
    number = str(given.get("into") or "")
    into = case_id_of(number)
    if into is None or number == play.scene.number:
        raise CannotGoOn(element.id, f"不能并入“{number}”", f"Cannot be merged into {number!r}")
    play.note(f.CaseMerged(into))


@topic("close")
def close(play: Play, element: Element, task: Any, given: Parameters) -> None:
    play.outcome = str(given.get("outcome") or "closed")
    play.note(f.CaseClosed(play.outcome))


@topic("ledger.list")
def ledger_list(play: Play, element: Element, task: Any, given: Parameters) -> None:
    books, question = _asked(play, element, given)
    found = books.cases(question, at=play.at)
    _answered(play, element, task, given, found, told=[case["number"] for case in found])


@topic("ledger.figures")
def ledger_figures(play: Play, element: Element, task: Any, given: Parameters) -> None:
    books, question = _asked(play, element, given)
    found = books.figures(question, at=play.at)
    _answered(play, element, task, given, found, told=found)


@topic("units.list")
def units_list(play: Play, element: Element, task: Any, given: Parameters) -> None:
    books, question = _asked(play, element, given)
    found = books.units(question)
    _answered(play, element, task, given, found, told=found)


@topic("units.names")
def units_names(play: Play, element: Element, task: Any, given: Parameters) -> None:
    """Who reads a text reads a name; expressions know units by their codes alone."""
    books, _question = _asked(play, element, {})
    wanted = given.get("of")
    codes = [str(code) for code in wanted] if isinstance(wanted, list) else [str(wanted)] if wanted else []
    found = books.unit_names(codes)
    _answered(play, element, task, given, found, told=found)


def _asked(play: Play, element: Element, given: Parameters) -> tuple[Books, Question]:
    if play.scene.books is None:
        raise CannotGoOn(
            element.id, f"“{element.name}”要查台账，这里没有台账", f"{element.name_en or element.id}: no ledger here"
        )
    try:
        return play.scene.books, questions.read(given)
    except QuestionNotReadable as wrong:
        raise CannotGoOn(
            element.id, f"“{element.name}”：{wrong.zh}", f"{element.name_en or element.id}: {wrong.en}"
        ) from wrong


def _answered(play: Play, element: Element, task: Any, given: Parameters, found: Any, *, told: Any) -> None:
    """What was asked and answered is a fact: later the books say something else."""
    asked = {name: to_json(value) for name, value in given.items() if name not in _UNASKED and value not in (None, "")}
    play.note(f.BooksAsked(element.id, element.topic, asked, to_json(told)))
    play.assign(task, {str(given["result"]): found})


_UNASKED = frozenset({"name.en", "mechanism", "stage", "result"})
