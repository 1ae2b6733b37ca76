"""The stories of a process in the designer's room: read, written, played on the working copy, and what they passed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.acts import stories, story_files
from engine.acts.stories import Coverage, Told
from engine.acts.story_files import Drawn
from engine.notation import diagram as bpmn
from engine.notation import story_text
from engine.notation.library import digest_of
from engine.notation.story_book import Step, Story, StoryBook
from engine.notation.story_lines import line_of
from engine.reads import designs
from engine.words.errors import NotFound, NotPublishable, NotValid, OutOfDate, Refusal
from engine.words.terms import Term
from webui import errors, guards, once
from webui.locale import say
from webui.request import here

room = Blueprint("story_pages", __name__, url_prefix="/designer/<process_id>/stories")
guards.for_roles(room, "designer", "auditor", "admin")

KINDS: dict[str, Term] = {
    "raise": Term("提出", "raises"), "does": Term("办理", "does"), "button": Term("按下", "presses"),
    "clock": Term("时间过去", "time passes"), "expect": Term("核对", "expected"),
}  # fmt: skip
# How stories went, as long as this process lives: whoever opens the page anew need not play them again.
MOST_KEPT = 400
_played: OrderedDict[tuple[str, str], Told] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Row:
    """`state`: "" not played, waiting, well or badly. `steps`: each with what was done and how it went."""

    story: Story
    state: str
    told: Told | None
    steps: tuple[tuple[Step, str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All a page needs: the working copy, its stories (None where they cannot be read), what all of them passed."""

    process_id: str
    working: designs.Working
    text: str
    book: StoryBook | None
    beside: dict[str, Drawn]
    mistakes: tuple[tuple[int | None, str, str], ...]
    digest: str


@room.get("")
def page(process_id: str) -> ResponseReturnValue:
    return _page(_board(here().session, process_id))


@room.post("")
def save(process_id: str) -> ResponseReturnValue:
    """Keeps the text beside the working copy; with mistakes nothing is kept, and each is named with its line."""
    session, officer, at = here()
    text = request.form.get("text", "")
    designs.working(session, process_id)  # there is such a process
    try:
        story_files.save(session, process_id, text, seen=request.form.get("seen", ""), by=officer, at=at)
    except (NotValid, OutOfDate) as refusal:
        session.rollback()
        mistakes = told_of(text, refusal)
        return _page(_board(session, process_id), text=text, mistakes=mistakes), errors.code_of(refusal)
    flash(say("故事已保存。", "The stories are saved."), "success")
    return redirect(url_for("story_pages.page", process_id=process_id))


@room.post("/run")
@once.repeatable
def run(process_id: str) -> ResponseReturnValue:
    """Plays one story, or (without a name) all; a browser asks for all of them one after the other (`all`)."""
    guards.need("designer", "admin")
    board = _board(here().session, process_id)
    book = board.book
    if book is None:
        return redirect(url_for("story_pages.page", process_id=process_id))
    wanted, every, page = request.form.get("story", ""), "all" in request.form, "HX-Request" not in request.headers
    known = [story.id for story in book.stories]
    if wanted and wanted not in known:
        raise NotFound(f"没有故事“{wanted[:100]}”。", f'There is no story "{wanted[:100]}".')
    chosen = [story for story in book.stories if story.id == wanted or (page and not wanted)]
    refusal: Refusal | None = None
    try:
        for story in chosen:
            _play(board, book, story)
    except NotPublishable as broken:
        refusal = broken
    if page:
        return (
            _page(board, refusal=refusal) if refusal else redirect(url_for("story_pages.page", process_id=process_id))
        )
    after = known[known.index(wanted) + 1 :] if wanted else known
    following = after[0] if every and after and refusal is None else ""
    answer = render_template("designer/_stories.html", refusal=refusal, following=following, **_shown(board, following))
    # At the end the whole page comes anew, so that the drawing shows what was passed.
    return answer if following or refusal else (answer, 200, {"HX-Refresh": "true"})


def told_of(text: str, refusal: NotValid | OutOfDate) -> tuple[tuple[int | None, str, str], ...]:
    """Each mistake with the line it is on, where it is not in the sentence already."""
    if isinstance(refusal, OutOfDate):
        return ((None, refusal.zh, refusal.en),)
    return tuple((line_of(text, fault.field) if fault.field else None, fault.zh, fault.en) for fault in refusal.faults)


def _board(session: Session, process_id: str) -> Board:
    working = designs.working(session, process_id)
    text = story_files.working(session, process_id)
    book: StoryBook | None = None
    mistakes: tuple[tuple[int | None, str, str], ...] = ()
    if text.strip():
        try:
            book = story_text.read(text)
        except NotValid as refusal:
            mistakes = told_of(text, refusal)
    beside = story_files.beside(session, book) if book else {}
    missing = [id for id in book.beside if id not in beside] if book else []
    if missing:
        names = "、".join(missing)
        book, mistakes = None, ((None, f"with 所列的流程没有发布：{names}", f"Under with, but not published: {names}"),)
    whole = sha256(digest_of(working.diagram, working.tables).encode() + text.encode())
    for id, (drawn, tables) in sorted(beside.items()):
        whole.update(f"{id} {digest_of(drawn, tables)}".encode())
    return Board(process_id, working, text, book, beside, mistakes, whole.hexdigest())


def _play(board: Board, book: StoryBook, story: Story) -> None:
    told = stories.run(board.working.diagram, board.working.tables, book, story, board.beside)
    with _lock:
        _played[board.digest, story.id] = told
        while len(_played) > MOST_KEPT:
            _played.popitem(last=False)


def _shown(board: Board, following: str = "") -> dict[str, object]:
    book = board.book.stories if board.book else ()
    with _lock:
        told = {story.id: _played.get((board.digest, story.id)) for story in book}
    played = [one for one in told.values() if one is not None]
    covered: Coverage | None = stories.coverage(board.working.diagram, played, board.working.tables) if played else None
    drawing = bpmn.read(board.working.diagram)
    names = {
        id: Term(element.name or id, element.name_en or element.name or id) for id, element in drawing.elements.items()
    }
    return {
        "board": board,
        "drawing": drawing,
        "rows": [_row(story, told[story.id], names, following) for story in book],
        "played": len(played),
        "well": sum(one.went_well for one in played),
        "covered": covered,
        "names": names,
        "may": here().officer.has("designer"),
        "may_run": here().officer.has("designer") or here().officer.has("admin"),
    }


def _row(story: Story, told: Told | None, names: dict[str, Term], following: str) -> Row:
    if told is None or story.id == following:
        return Row(story, "waiting" if story.id == following else "", None, ())
    failed: dict[int, list[str]] = {}
    for failure in told.failures:
        failed.setdefault(failure.step, []).append(say(failure.zh, failure.en))
    refused = {one.step: say(one.zh, one.en) for one in told.refusals}
    steps = []
    for step in story.steps:
        done = step.number <= told.done
        state = "badly" if step.number in failed else "well" if done else "left"
        said = [*failed.pop(step.number, ())]
        if step.number in refused and state == "well":
            said.append(say("已被拒绝：", "Refused, as it should be: ") + refused[step.number])
        steps.append((step, _deed(step, names), state, tuple(said)))
    for place, sentences in failed.items():  # what is wrong when the story is over
        steps.append((Step(place, "end"), say("结尾", "At the end"), "badly", tuple(sentences)))
    return Row(story, "well" if told.went_well else "badly", told, tuple(steps))


def _deed(step: Step, names: dict[str, Term]) -> str:
    kind = KINDS.get(step.kind, Term(step.kind, step.kind))
    what = names.get(step.what, Term(step.what, step.what))
    parts = [step.by, say(kind.zh, kind.en), say(what.zh, what.en)]
    if step.wait is not None:
        parts.append(f"+{step.wait}")
    if step.refused:
        parts.append(say("（应被拒绝）", "(to be refused)"))
    parts += [f"{name}={value}" for name, value in step.expect.items()]
    return " ".join(part for part in parts if part)


def _page(
    board: Board,
    *,
    text: str | None = None,
    mistakes: tuple[tuple[int | None, str, str], ...] | None = None,
    refusal: Refusal | None = None,
) -> str:
    return render_template(
        "designer/stories.html",
        text=board.text if text is None else text,
        mistakes=board.mistakes if mistakes is None else mistakes,
        refusal=refusal,
        following="",
        **_shown(board),
    )
