"""The designer's templates of papers: which there are, fetched, sent in, tried on made-up cases, published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.acts import templates
from engine.notation.papers.parcel import MOST_BYTES
from engine.reads import samples, template_shelf
from engine.reads.paper_words import ALWAYS
from engine.words.errors import Fault, NotFound, NotValid
from engine.words.terms import DOCUMENTS
from models import PaperDraft
from webui import errors, guards
from webui.documents import DOCX
from webui.locale import say
from webui.request import here

# The marks of a template, as the help page shows them.
MARKS = (
    (
        "{{ title }}",
        "打印一个字段。单位、人员、选项、日期都按名称和中文写法打印。",
        "Prints a field. Units, officers, choices and dates are printed by their names, dates in Chinese form.",
    ),
    (
        "{{ due.day }}　{{ due.time }}　{{ lead_unit.raw }}",
        "时间只要日期、只要钟点；raw 是原值（单位编码、选项编码）。",
        "Of a moment only the date or the clock; raw is the value as the case keeps it (code of a unit or choice).",
    ),
    (
        "{% if due %}…{% endif %}",
        "有值才写。字段不一定都有，打印前先这样问。",
        "Only when there is a value. Ask like this before printing what may be missing.",
    ),
    (
        "{%p if due %} … {%p endif %}",
        "同上，各占一段：整段整节有或没有，不留空行。",
        "The same, each in a paragraph of its own: whole paragraphs come or go, and leave no empty line.",
    ),
    (
        "{%tr if owner %} … {%tr endif %}",
        "同上，各占表格一行：整行有或没有。",
        "The same, each in a table row of its own: whole rows come or go.",
    ),
    (
        "{%tr for one in issues %} {{ loop.index }} {{ one.title }} {%tr endfor %}",
        "清单逐行：for 和 endfor 各占一行，中间一行是样子。loop.index 是序号。",
        "A list row by row: for and endfor each in a row of its own, between them the row. loop.index counts.",
    ),
    (
        "{% for photo in photos_after %}{{ photo.picture }}{% endfor %}",
        "照片（最多 24 张）；{{ photo }} 只打印文件名。",
        "Photos (at most 24); {{ photo }} prints only the name.",
    ),
    ("{{ n | zh_number }}", "一、二、三…", "Chinese numerals."),
    (
        "{% set no = namespace(n=0) %} … {% set no.n = no.n + 1 %}{{ no.n | zh_number }}、",
        "开头写一次，各节标题前再写一次：标题自动编号，缺了哪一节也不跳号。",
        "Once at the start, then before each heading: headings number themselves, and none is skipped.",
    ),
)

room = Blueprint("paper_templates", __name__, url_prefix="/designer/papers")
guards.for_roles(room, "designer", "auditor", "admin")


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, _at = here()
    shelf = template_shelf.shelf(session)
    return render_template(
        "paper_templates/index.html", shelf=shelf, issuers=samples.issuers(session), may=officer.has("designer")
    )


@room.get("/help")
def help() -> ResponseReturnValue:
    return render_template("paper_templates/help.html", always=ALWAYS, marks=MARKS)


@room.get("/<kind>")
def kind(kind: str) -> ResponseReturnValue:
    return _page(kind)


@room.post("/<kind>")
def send_in(kind: str) -> ResponseReturnValue:
    session, officer, at = here()
    upload = request.files.get("file")
    content = upload.stream.read(MOST_BYTES + 1) if upload is not None and upload.filename else b""
    try:
        if upload is None or not content:
            raise NotValid([Fault("file", "请选择 Word 文件（.docx）。", "Choose a Word file (.docx).")])
        with session.begin_nested():
            templates.send_in(session, kind, content, name=upload.filename or "", by=officer, at=at)
    except NotValid as refused:
        return _page(kind, refused), 422
    return redirect(url_for("paper_templates.kind", kind=kind))


@room.post("/<kind>/dropping")
def drop(kind: str) -> ResponseReturnValue:
    session, officer, _at = here()
    templates.drop(session, kind, by=officer)
    flash(say("已丢弃上传的模板。", "The template sent in has been dropped."))
    return redirect(url_for("paper_templates.kind", kind=kind))


@room.post("/<kind>/publication")
def publish(kind: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("paper_templates.kind", kind=kind))
    try:
        with session.begin_nested():
            made = templates.publish_draft(session, kind, note=request.form.get("note", "").strip(), by=officer, at=at)
    except NotValid as refused:
        return _page(kind, refused), 422
    flash(say(f"已发布第 {made.number} 版。", f"Version {made.number} has been published."), "success")
    return redirect(url_for("paper_templates.kind", kind=kind))


@room.get("/<kind>/versions/<int:number>")
def version(kind: str, number: int) -> ResponseReturnValue:
    return _file(templates.version(here().session, kind, number).content, f"{kind}-v{number}.docx")


@room.get("/<kind>/sent-in")
def sent_in(kind: str) -> ResponseReturnValue:
    return _file(_draft(kind).content, f"{kind}-draft.docx")


@room.get("/<kind>/preview")
def preview(kind: str) -> ResponseReturnValue:
    """The template filled for a made-up case: the one sent in, or (`number`) a published version."""
    session, _officer, at = here()
    errors.way_on(url_for("paper_templates.kind", kind=kind))
    number = request.args.get("number", type=int)
    content = templates.version(session, kind, number).content if number else _draft(kind).content
    return _file(samples.preview(session, kind, content, at=at), f"{kind}-preview.docx")


def _page(kind: str, refused: NotValid | None = None) -> str:
    session, officer, at = here()
    if kind not in DOCUMENTS:
        raise NotFound("没有这种文书。", "There is no such kind of paper.")
    draft = session.get(PaperDraft, kind)
    tried: Any = samples.report(session, kind, draft.content, at=at) if draft is not None else None
    return render_template(
        "paper_templates/kind.html", kind=kind, draft=draft, tried=tried, refused=refused,
        versions=template_shelf.versions(session, kind), issuers=samples.issuers(session).get(kind, []),
        may=officer.has("designer"),
    )  # fmt: skip


def _draft(kind: str) -> PaperDraft:
    draft = here().session.get(PaperDraft, kind)
    if draft is None:
        raise NotFound("没有待发布的模板。", "Nothing has been sent in.")
    return draft


def _file(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=DOCX)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
