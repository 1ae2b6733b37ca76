"""A recorded case turned into a story, and played at once on the version it ran on."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from engine.acts import stories, story_files
from engine.reads import case_page, case_story
from engine.reads.sentences.course import case_number
from engine.words.errors import NotValid
from models import Case, Version
from webui import guards
from webui.cases import zone
from webui.request import here

room = Blueprint("case_stories", __name__, url_prefix="/cases/<case:case_id>/as-story")
guards.for_roles(room, "designer", "auditor", "admin")


@room.get("")
def page(case_id: int) -> ResponseReturnValue:
    """The text, and how it goes on the very version; a case no story can tell says why."""
    session, officer, _at = here()
    head = case_page.find(session, case_id, actor=officer, zone=zone())
    try:
        text = case_story.of_case(session, head.id)
    except NotValid as refusal:
        return render_template("cases/as_story.html", case=head, text="", refusal=refusal, told=None, tab="as_story")
    version = session.get_one(Version, session.get_one(Case, head.id).version_id)
    book = stories.read(text)
    told = stories.run(version.diagram, version.tables, book, book.stories[0], story_files.beside(session, book))
    empty = officer.has("designer") and not story_files.working(session, head.process_id)
    shown = {"case": head, "text": text, "told": told, "refusal": None, "empty": empty, "tab": "as_story"}
    return render_template("cases/as_story.html", **shown, audits=officer.sees_all)


@room.get("/stories.yaml")
def file(case_id: int) -> ResponseReturnValue:
    session, officer, _at = here()
    head = case_page.find(session, case_id, actor=officer, zone=zone())
    answer = Response(case_story.of_case(session, head.id), mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{case_number(head.id)}-stories.yaml")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
