"""What a designer does to the working copy of a process: begin, save, bring in a file, go back, drop, publish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from lxml import etree
from sqlalchemy.orm import Session

from engine.acts import definitions, story_files
from engine.notation import blanks
from engine.notation import diagram as bpmn
from engine.notation.xml import local, open_xml, refuse
from engine.reads import designs
from engine.words.errors import Fault, NotAllowed, NotFound, NotPublishable, NotValid, OutOfDate
from engine.words.officers import Actor
from models import Draft, Version

_PROCESS = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")
_TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,90}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,95}\.dmn")


def begin(session: Session, process_id: str, name: str, name_en: str, *, by: Actor, at: datetime) -> Draft:
    """A new process with a first sheet. Raises `NotValid` when the id is no id or taken."""
    _designer(by)
    faults = []
    if not _PROCESS.fullmatch(process_id):
        zh = "流程 id 只能用英文字母、数字、“_”“-”“.”，以字母开头，不超过 100 个字符。"
        faults.append(Fault("id", zh, 'An id has letters, digits, "_", "-", ".", begins with a letter, at most 100.'))
    elif designs.exists(session, process_id):
        faults.append(Fault("id", f"流程“{process_id}”已经有了。", f'There is a process "{process_id}" already.'))
    if not name.strip():
        faults.append(Fault("name", "请填写流程名称。", "Fill in the name of the process."))
    if faults:
        raise NotValid(faults)
    content = blanks.diagram(process_id, name.strip()[:200], name_en.strip()[:200])
    return definitions.save_draft(session, process_id, diagram=content, revision=0, by=by, at=at)


def save_diagram(session: Session, process_id: str, content: bytes, *, revision: int, by: Actor, at: datetime) -> Draft:
    """Raises `NotPublishable` when it is unreadable or another process, `OutOfDate` when somebody saved meanwhile."""
    _designer(by)
    _known(session, process_id)
    drawing = bpmn.read(content)
    if drawing.process != process_id:
        raise refuse(
            "ids_stay",
            f"文件里的流程 id 是“{drawing.process[:100]}”，不是“{process_id}”。"
            "流程 id 不能改；要另建流程，请从流程列表上传。",
            f'The process in the file is "{drawing.process[:100]}", not "{process_id}". The id of a process cannot '
            "change; to make another process, upload the file on the list of processes.",
        )
    return definitions.save_draft(session, process_id, diagram=content, revision=revision, by=by, at=at)


def save_table(
    session: Session, process_id: str, file: str, content: bytes, *, revision: int, by: Actor, at: datetime
) -> Draft:
    """Saves one decision table, new or changed. Raises `NotValid` (name), `NotPublishable` (no DMN), `OutOfDate`."""
    _designer(by)
    _known(session, process_id)
    if not _FILE.fullmatch(file):
        zh = f"决策表文件名“{file[:100]}”只能用英文字母、数字、“_”“-”“.”，以 .dmn 结尾。"
        en = f'The file name "{file[:100]}" may have letters, digits, "_", "-", ".", and ends in .dmn.'
        raise NotValid([Fault("file", zh, en)])
    text = table_text(content)
    return definitions.save_draft(session, process_id, tables={file: text}, revision=revision, by=by, at=at)


def add_table(
    session: Session, process_id: str, decision: str, name: str, *, revision: int, by: Actor, at: datetime
) -> Draft:
    """A new table with one row, named like its decision."""
    _designer(by)
    faults = []
    if not _TABLE.fullmatch(decision):
        zh, en = (
            "决策 id 只能用英文字母、数字、“_”，以字母开头。",
            'A decision id has letters, digits, "_", first a letter.',
        )
        faults.append(Fault("decision", zh, en))
    elif f"{decision}.dmn" in designs.working(session, process_id).tables:
        faults.append(Fault("decision", f"决策表“{decision}”已经有了。", f'There is a table "{decision}" already.'))
    if faults:
        raise NotValid(faults)
    content = blanks.table(decision, name.strip()[:200] or decision).encode()
    return save_table(session, process_id, f"{decision}.dmn", content, revision=revision, by=by, at=at)


def remove_table(session: Session, process_id: str, file: str, *, revision: int, by: Actor, at: datetime) -> Draft:
    _designer(by)
    if file not in designs.working(session, process_id).tables:
        raise NotFound(f"没有决策表“{file[:100]}”", f'There is no table "{file[:100]}"')
    return definitions.save_draft(session, process_id, tables={file: None}, revision=revision, by=by, at=at)


def bring_in(
    session: Session, files: Mapping[str, bytes], *, by: Actor, at: datetime, process_id: str = "", revision: int = 0
) -> Draft:
    """Files from another tool: one diagram, any number of tables, or tables alone for a process that is there already.
    Without `process_id` the diagram must hold a new one. Raises `NotValid`, `NotPublishable`, `OutOfDate`."""
    _designer(by)
    diagrams = {name: content for name, content in files.items() if not _is_table(content)}
    tables = {name: content for name, content in files.items() if name not in diagrams}
    if len(diagrams) > 1 or (not diagrams and not (process_id and tables)):
        zh = "请选择一个 BPMN 文件；它的决策表（.dmn）可以一起选上。"
        raise NotValid([Fault("files", zh, "Choose one BPMN file; its decision tables (.dmn) may come along.")])
    draft: Draft | None = None
    for content in diagrams.values():
        if process_id:
            draft = save_diagram(session, process_id, content, revision=revision, by=by, at=at)
        else:
            process_id = bpmn.read(content).process
            draft = _new(session, process_id, content, by=by, at=at)
    for name, content in tables.items():
        current = draft.revision if draft is not None else revision
        draft = save_table(session, process_id, name, content, revision=current, by=by, at=at)
    assert draft is not None  # there was a diagram, or a table
    return draft


def go_back(session: Session, process_id: str, number: int, *, revision: int, by: Actor, at: datetime) -> Draft:
    """Makes an earlier version the working copy again. It becomes a new version when it is published."""
    _designer(by)
    version = designs.version(session, process_id, number)
    gone: dict[str, str | None] = dict.fromkeys(designs.working(session, process_id).tables)
    return definitions.save_draft(
        session, process_id, diagram=version.diagram, tables={**gone, **version.tables}, revision=revision, by=by, at=at
    )  # fmt: skip


def drop(session: Session, process_id: str, *, revision: int, by: Actor) -> None:
    """Forgets the working copy; the newest version stays what it is."""
    _designer(by)
    _current(session, process_id, revision)
    definitions.drop_draft(session, process_id)
    story_files.forget(session, process_id)


def publish(session: Session, process_id: str, *, revision: int, note: str, by: Actor, at: datetime) -> Version:
    """Publishes the working copy just as it was seen (`revision`). Raises `NotPublishable`, `OutOfDate`, `NotValid`."""
    _designer(by)
    draft = _current(session, process_id, revision)
    if not note.strip():
        zh = "请写明这次改了什么、为什么改，办件人员和审计都会看到。"
        raise NotValid([Fault("note", zh, "Say what changed and why; officers and auditors will read it.")])
    version = definitions.publish(
        session, draft.diagram, draft.tables, note=note.strip()[:2000], by=by, at=at,
        stories=story_files.working(session, process_id),
    )  # fmt: skip
    definitions.drop_draft(session, process_id)
    story_files.forget(session, process_id)
    return version


def table_text(content: bytes) -> str:
    """A DMN file as text, whatever encoding it declares. Raises `NotPublishable` when it is none."""
    root = open_xml(content)
    if not _is_table(content):
        raise refuse(
            "tables_are_readable",
            "不是 DMN 决策表文件：根元素不是 DMN 的 definitions",
            "Not a DMN file: no DMN <definitions>",
            line=1,
        )
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    if encoding in {"UTF-8", "ASCII", "US-ASCII"}:
        return content.decode("utf-8-sig")
    return etree.tostring(root, encoding="unicode")


def _is_table(content: bytes) -> bool:
    try:
        root = open_xml(content)
    except NotPublishable:
        return False
    return local(root) == "definitions" and "/DMN/" in (etree.QName(root).namespace or "").upper()


def _new(session: Session, process_id: str, content: bytes, *, by: Actor, at: datetime) -> Draft:
    if not _PROCESS.fullmatch(process_id):
        raise refuse(
            "ids_are_free",
            f"流程 id“{process_id[:100]}”只能用英文字母、数字、“_”“-”“.”，以字母开头，不超过 100 个字符。",
            f'The process id "{process_id[:100]}" may only have letters, digits, "_", "-", ".", first a letter.',
        )
    if designs.exists(session, process_id):
        zh = f"流程“{process_id}”已经有了，请在它的页面上传新文件。"
        en = f'There is a process "{process_id}" already; upload the file on its own page.'
        raise NotValid([Fault("files", zh, en)])
    return definitions.save_draft(session, process_id, diagram=content, revision=0, by=by, at=at)


def _designer(by: Actor) -> None:
    if not by.has("designer"):
        raise NotAllowed("只有流程设计人员可以修改流程。", "Only process designers may change processes.")


def _known(session: Session, process_id: str) -> None:
    if not designs.exists(session, process_id):
        raise NotFound(f"没有流程“{process_id[:100]}”", f'There is no process "{process_id[:100]}"')


def _current(session: Session, process_id: str, revision: int) -> Draft:
    _known(session, process_id)
    draft = definitions.draft_of(session, process_id)
    if draft is None or draft.revision != revision:
        raise OutOfDate(
            "草稿在您打开页面之后有变化（被保存、发布或丢弃），没有执行。请看过最新内容再继续。",
            "The draft changed after you opened the page (saved, published or dropped); nothing was done. "
            "Look at it as it is now, then go on.",
        )
    return draft
