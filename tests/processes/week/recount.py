"""The pages beyond the ledger, counted anew from the facts: the big loop, slips, papers, what is due, what is stuck."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import lxml.etree
import lxml.html
import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation import diagram as bpmn
from engine.reads.names import Names
from engine.words.terms import SETTLED
from models import Entry
from tests.conftest import PROCESSES
from tests.processes.week import then
from tests.processes.week.city import Week
from tests.webui.conftest import Browser
from webui.demo import city as qinglan

Numbers = Iterator[tuple[str, int, int]]
STATES = ("overdue", "sent", "received", "returned", "accepted", "dropped")
READERS = ("jiefang_clerk", "binhai_head", "health_clerk", "joint_clerk", "linhai_head", "command_clerk")
MOST = 200
# How long nobody has worked when it is counted what is due: longer than a night.
AWAY = timedelta(hours=14)


@dataclass(slots=True)
class Handed:
    """One message from case to case, and its slip."""

    case: int
    name: str
    at: datetime
    to: int | None = None
    arrived: bool = False
    dropped: bool = False
    asks: bool = False
    due: datetime | None = None
    answer: str = ""

    def state(self, at: datetime) -> str:
        if self.answer:
            return self.answer
        if self.dropped:
            return "dropped"
        if self.arrived and not self.asks:
            return "accepted"
        if self.due is not None and self.due < at:
            return "overdue"
        return "received" if self.arrived else "sent"


@dataclass(slots=True)
class Told:
    """What the journal tells of things that wait. Timers and starts: id → moment; jobs: id → (topic, moment)."""

    handed: dict[str, Handed] = field(default_factory=dict)
    timers: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    starts: dict[str, str | None] = field(default_factory=dict)
    jobs: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    stuck: set[int] = field(default_factory=set)
    tasks: dict[str, int] = field(default_factory=dict)
    addressed: list[tuple[str, int, int]] = field(default_factory=list)
    read: set[tuple[str, int]] = field(default_factory=set)
    hidden: set[tuple[int, int]] = field(default_factory=set)
    above: dict[int, int | None] = field(default_factory=dict)
    units: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def read(session: Session) -> Told:
    told = Told()
    query = select(Entry.book, Entry.kind, Entry.at, Entry.body).order_by(Entry.id)
    for book, kind, at, text in session.execute(query):
        body: dict[str, Any] = orjson.loads(text)
        if kind.startswith(("Message", "Slip")):
            _hand(told.handed, book, kind, at, body)
        elif kind.startswith(("Timer", "Start")):
            _time(told, book, kind, body)
        elif kind.startswith("Job"):
            _job(told.jobs, kind, at, body)
        else:
            _file(told, book, kind, body)
    return told


def _hand(handed: dict[str, Handed], book: int, kind: str, at: datetime, body: dict[str, Any]) -> None:
    if kind == "MessageSent":
        handed[body["message"]] = Handed(book, body["name"], at)
    one = handed.get(body.get("message", ""))
    if one is None:
        return
    match kind:
        case "MessageDelivered":
            one.arrived, one.to, one.dropped = True, body["to"], False
        case "MessageDropped":
            one.dropped = True
        case "MessageResent":
            one.dropped = False
        case "SlipLaid":
            one.asks = bool(body["accepts"] or body["returns"])
            one.due = datetime.fromisoformat(body["due"]) if body["due"] else None
        case "SlipAnswered":
            one.answer = "accepted" if body["accepted"] else "returned"


def _time(told: Told, book: int, kind: str, body: dict[str, Any]) -> None:
    match kind:
        case "TimerSet":
            told.timers[body["timer"]] = book, body["due"]
        case "TimerMoved":
            told.timers[body["timer"]] = book, body["after"]
        case "TimerFired" | "TimerDropped":
            told.timers.pop(body["timer"])
        case "StartsSet":
            for id in [id for id in told.starts if id.startswith(f"{body['process']}:")]:
                told.starts.pop(id)
            told.starts |= {one["start"]: one["due"] for one in body["starts"] if one["kind"] == "timer"}
        case "StartFired" if body["start"] in told.starts:
            told.starts[body["start"]] = body["due"]


def _job(jobs: dict[str, tuple[str, str | None]], kind: str, at: datetime, body: dict[str, Any]) -> None:
    id = body["job"]
    match kind:
        case "JobMade":
            jobs[id] = body["topic"], at.isoformat()
        case "JobFailed":
            jobs[id] = jobs[id][0], body["due"]
        case "JobRetried":
            jobs[id] = jobs[id][0], at.isoformat()
        case "JobAnswered" | "JobDropped":
            jobs.pop(id)


def _file(told: Told, book: int, kind: str, body: dict[str, Any]) -> None:
    match kind:
        case "TaskOpened":
            told.tasks[body["task"]] = book
        case "TaskCompleted" | "TaskCancelled":
            told.tasks.pop(body["task"])
        case "CaseStuck":
            told.stuck.add(book)
        case "CaseFreed":
            told.stuck.discard(book)
        case "DocumentIssued":
            units = dict.fromkeys([body["to_unit"], *body["to_units"]])
            told.addressed += [(body["document"], book, unit) for unit in units if unit is not None]
        case "PaperRead":
            told.read.add((body["document"], body["unit"]))
        case "PartyJoined" if body["part"] == "hidden":
            told.hidden.add((book, body["unit"]))
        case "PartyLeft" if body["part"] == "hidden":
            told.hidden.discard((book, body["unit"]))
        case "UnitAdded":
            told.above[body["unit"]] = body["parent"]
        case "OfficerAdded" | "RoleGranted":
            told.units[body["officer"]].add(body["unit"])


# --- the pages --------------------------------------------------------------------------------------------------------


def pages(week: Week) -> Numbers:
    with week.sessions() as session:
        told, books = read(session), then.kept(session)
    auditor = signed_in(week, "auditor")
    yield from _loops(auditor, told, books, week.at)
    yield from _slips(auditor, told, books, week.at)
    for login in READERS:
        yield from _tray(week, login, told)
    yield from _machine_room(week, told)
    yield from _asked(books)
    yield from _papers(auditor, books)


def signed_in(week: Week, login: str) -> Browser:
    if login not in week.browsers:
        browser = week.browsers[login] = Browser(week.app.test_client())
        assert browser.sign_in(login, qinglan.PASSWORD).status_code == 302
    return week.browsers[login]


def _page(browser: Browser, path: str, **options: Any) -> Any:
    answer = browser.get(path, **options)
    assert answer.status_code == 200, (path, answer.status)
    return lxml.html.fromstring(answer.text)


def _loops(auditor: Browser, told: Told, books: then.Books, at: datetime) -> Numbers:
    nodes = _page(auditor, "/loops/command_loop").xpath("//section[contains(@class, 'loop')][h3]")
    ids = [node.xpath("string(h3/@id)").removeprefix("loop-") for node in nodes]
    sends, hears = {id: _messages(id, True) for id in ids}, {id: _messages(id, False) for id in ids}
    for id, node in zip(ids, nodes, strict=True):
        mine = [one for one in books.cases.values() if one.process == id]
        counts = [int(text) for text in node.xpath("ul[@class='loop-counts']//b/text()")]
        yield f"big loop, {id}, open", counts[0], sum(one.stage not in SETTLED and one.open for one in mine)
        yield f"big loop, {id}, tasks", counts[1], sum(books.cases[case].process == id for case in told.tasks.values())
        yield f"big loop, {id}, overdue", counts[2], sum(one.late(at) for one in mine)
        lines = node.xpath("ul[@class='loop-lines']//b/text()")
        late = re.findall(r"逾期 (\d+)", "".join(node.xpath("ul[@class='loop-lines']")[0].itertext() if lines else ()))
        between = Counter(
            one.state(at)
            for other in ids
            if other != id
            for one in told.handed.values()
            if books.cases[one.case].process == id and one.name in sends[id] & hears[other]
        )
        unsettled = between["overdue"] + between["sent"] + between["received"]
        yield f"big loop, {id}, handed over and not accepted", sum(map(int, lines)), unsettled
        yield f"big loop, {id}, of them overdue", sum(map(int, late)), between["overdue"]


def _messages(process: str, throws: bool) -> set[str]:
    """The names of the messages a diagram throws, or waits for; read from its XML."""
    root = lxml.etree.parse(PROCESSES / process / f"{process}.bpmn").getroot()
    names = {one.get("id"): one.get("name") for one in root.iterfind("{*}message")}
    found = set()
    for one in root.iter("{*}messageEventDefinition", "{*}sendTask", "{*}receiveTask"):
        if (ref := one.get("messageRef")) is None:
            continue
        holder = one.getparent() if one.tag.endswith("messageEventDefinition") else one
        kind = lxml.etree.QName(holder).localname
        if (kind in {"intermediateThrowEvent", "endEvent", "sendTask"}) is throws:
            found.add(names[ref])
    return found


def _slips(auditor: Browser, told: Told, books: then.Books, at: datetime) -> Numbers:
    for process in ("", "issue_loop", "escalation", "medical", "command_loop"):
        of = [
            one.state(at)
            for one in told.handed.values()
            if not process or process in {books.cases[id].process for id in (one.case, one.to) if id is not None}
        ]
        page = _page(auditor, f"/slips?state=all&process={process}")
        shown = [int(text) for text in page.xpath("//nav[contains(@class, 'tally')]//a/b/text()")]
        many = Counter(of)
        wanted = [sum(many[state] for state in STATES[:3]), *(many[state] for state in STATES), len(of)]
        for name, seen, number in zip(("not settled", *STATES, "all"), shown, wanted, strict=True):
            yield f"slips{f' of {process}' if process else ''}, {name}", seen, number


def _tray(week: Week, login: str, told: Told) -> Numbers:
    officer = week._somebody(login).id or 0
    above = set(told.units[officer])
    for unit in told.units[officer]:
        up = told.above[unit]
        while up is not None:
            above.add(up)
            up = told.above[up]
    kept_from = {case for case, unit in told.hidden if unit in above}
    mine = [
        (paper, unit)
        for paper, case, unit in told.addressed
        if unit in told.units[officer] and case not in kept_from
    ]  # fmt: skip
    browser, address = signed_in(week, login), "/documents"
    rows = unread = 0
    while address:
        page = _page(browser, address)
        rows += len(page.xpath("//tr[@data-row]"))
        unread += sum(text == "未阅" for text in page.xpath("//td//span/text()"))
        address = page.xpath("string(//nav/a[@rel='next']/@href)")
    yield f"papers for {login}", rows, len(mine)
    yield f"papers for {login}, not read", unread, sum(one not in told.read for one in mine)


def _machine_room(week: Week, told: Told) -> Numbers:
    """Now, when the worker has just looked; and later, when nobody has worked for a night."""
    admin, now = signed_in(week, "admin"), week.at
    try:
        for at in (now, now + AWAY):
            week.at = at
            page = _page(admin, "/operations")
            shown = re.search(r"到时未办 (\d+) 件", page.text_content())
            waits = [due for case, due in told.timers.values() if case not in told.stuck] + list(told.starts.values())
            many = sum(due is not None and datetime.fromisoformat(due) <= at for due in waits)
            # A letter is tried at the worker's next look; only those sent since its last one are due.
            many += sum(one.at > now and not one.arrived for one in told.handed.values())
            yield f"due and not done, {at - now} after the last look", int(shown[1]) if shown else -1, many
            rows = page.xpath("//table[.//th[text()='主题']]//tr[@data-row]")
            cells = [sum(int(row.xpath(f"string(td[{column}])")) for row in rows) for column in (1, 2, 3, 4)]
            dues = [datetime.fromisoformat(due) if due else None for _topic, due in told.jobs.values()]
            yield "topics of jobs", len(rows), len({topic for topic, _due in told.jobs.values()})
            yield "jobs waiting", cells[0], sum(due is not None and due <= at for due in dues)
            yield "jobs failing", cells[2], sum(due is not None and due > at for due in dues)
            yield "jobs stopped", cells[3], sum(due is None for due in dues)
    finally:
        week.at = now
    yield "incidents", len(_page(admin, "/repair").xpath("//tr[@data-row]")), min(len(told.stuck), MOST)


# --- what was asked, and the papers that say it -----------------------------------------------------------------------


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in {"name", "name_en"}:
                yield from _flat(member, f"{path}.{name}")
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from _flat(member, f"{path}.{place}")
    else:
        yield path, value


def _alike(shown: Iterable[Any], told: Iterable[Any]) -> tuple[int, int]:
    """How many are the same, of how many there are on either side."""
    left, right = set(shown), set(told)
    return len(left & right), len(left | right)


def _asked(books: then.Books) -> Numbers:
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in books.asked:
        same, all = _alike(_flat(one.answer), _flat(one.recounted))
        pair = found[f"asked by {one.process}/{one.element}, numbers"]
        pair[0], pair[1] = pair[0] + same, pair[1] + all
    for name, (same, all) in sorted(found.items()):
        yield name, same, all


def _papers(auditor: Browser, books: then.Books) -> Numbers:
    """Every number of the rankings, the special reports and the papers for the meeting, as their pages show it."""
    then_asked = {(one.case, one.element): one.recounted for one in books.asked}
    late = {one.case: one.late for one in books.asked if one.element == "open_items"}
    seen: Counter[str] = Counter()
    for paper in books.papers:
        if paper.kind not in {"ranking", "special_report", "meeting_paper"}:
            continue
        sheet = _page(auditor, f"/documents/{paper.id}", follow_redirects=True).xpath("//article")[0]
        rows = {
            row.xpath("string(th)").strip(): row.xpath("string(td)").strip()
            for row in sheet.xpath(".//tr[th[@scope='row']]")
        }
        if paper.kind == "ranking":
            table = sheet.xpath(".//table[contains(@class, 'records')]")[0]
            heads = [_text(head) for head in table.xpath("thead/tr/th")]
            places = [1 + heads.index(name) for name in ("单位", "件数", "得分", "名次")]
            cells = [[_text(row.xpath(f"td[{place}]")[0]) for place in places] for row in table.xpath("tbody/tr")]
            shown = {(unit, int(many), float(score), rank) for unit, many, score, rank in cells}
            told = set(_ranked(books, paper))
        elif paper.kind == "special_report" and "一、总体情况" in rows:
            wanted = {element: then_asked[paper.case, element] for element in ("today_new", "today_closed", "standing")}
            shown, told = _said_in_report(rows, wanted)
        elif paper.kind == "meeting_paper" and "在办事项（件）" in rows:
            matters, figures = then_asked[paper.case, "open_items"], then_asked[paper.case, "figures"]
            wanted_rows = {
                "在办事项（件）": len(matters), "超期": late[paper.case], "未办结问题（件）": figures["open"],
                "派发超时（件）": figures["clocks"]["dispatch"]["late"],
            }  # fmt: skip
            shown = {(name, int(rows[name])) for name in wanted_rows}
            told = set(wanted_rows.items())
        else:
            continue
        seen[paper.kind] += 1
        yield f"{paper.kind} {seen[paper.kind]}, what it says", *_alike(shown, told)


def _text(cell: Any) -> str:
    return str(cell.xpath("string()")).strip()


def _ranked(books: then.Books, paper: then.Paper) -> Iterator[tuple[str, int, float, str]]:
    """(unit, cases, score, rank or nothing), by the weights the paper names."""
    weights = paper.fields["weights"]
    scores: dict[int, float] = {}
    for unit, many in paper.units.items():
        total, kept = many["total"], many["clocks"]["rectify"]
        ended = kept["on_time"] + kept["late"]
        good = {
            "on_time": kept["on_time"] / ended if ended else 1,
            "rework": 1 - min(1, many["rework"] / total),
            "relapse": 1 - many["reopened"] / total,
            "overdue": 1 - many["overdue"] / total,
            "closed": many["closed"] / total,
        }
        scores[unit] = round(sum(weights[name] * share for name, share in good.items()) + 1e-9, 2)
    enough = {unit for unit in scores if paper.units[unit]["total"] >= weights["least"]}
    for unit, score in scores.items():
        rank = str(1 + sum(scores[other] > score for other in enough)) if unit in enough else ""
        yield books.names[unit], paper.units[unit]["total"], score, rank


def _said_in_report(
    rows: dict[str, str], wanted: dict[str, dict[str, Any]]
) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """The numbers of the first paragraph, unless its writer put another there, and those of the three summaries."""
    fresh, settled, standing = wanted["today_new"], wanted["today_closed"], wanted["standing"]
    drawn = bpmn.read((PROCESSES / "bulletin" / "bulletin.bpmn").read_bytes())
    words = Names(drawn, {}, {}, {}, {}, {})
    shown: set[tuple[str, int]] = set()
    told: set[tuple[str, int]] = set()
    if rows["一、总体情况"].startswith("近一期新增"):
        numbers = [int(text) for text in re.findall(r"\d+", rows["一、总体情况"])]
        on_time = fresh["clocks"]["dispatch"]["on_time"]
        right = [fresh["total"], settled["total"], standing["total"], standing["overdue"], on_time]
        shown |= {(f"overall {place}", number) for place, number in enumerate(numbers)}
        told |= {(f"overall {place}", number) for place, number in enumerate(right)}
    for name, figures in (("本期新增", fresh), ("本期办结", settled), ("在办存量", standing)):
        if name in rows:
            shown |= {(f"{name} {key}", int(number)) for key, number in re.findall(r"(\w+)：(\d+)", rows[name])}
            flat = [(words.label(path.rpartition(".")[2]).zh, number) for path, number in _flat(figures)]
            told |= {(f"{name} {key}", number) for key, number in flat}
    return shown, told
