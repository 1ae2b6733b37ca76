"""Sentences about the office itself: units, officers, roles, published versions and seals."""

from __future__ import annotations

from typing import Any

from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.tongues import named, say
from engine.words.terms import DOCUMENTS, ROLES, Term


@tells("UnitAdded")
def unit_added(b: Body, v: Voice) -> Line:
    return Line(
        say("设立单位「{unit}」（{code}）", "unit “{unit}” added ({code})", unit=_named(b), code=b["code"]),
    )


@tells("UnitEnded")
def unit_ended(b: Body, v: Voice) -> Line:
    unit, to = v.names.unit(b["unit"]), v.names.unit(b["to"])
    return Line(
        say("撤并「{unit}」，并入「{to}」", "“{unit}” was dissolved into “{to}”", unit=unit, to=to), why=b["reason"]
    )


@tells("OfficerAdded")
def officer_added(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "登记人员「{name}」（{login}），{unit} {post}",
            "officer “{name}” added ({login}), {unit}, {post}",
            name=_named(b),
            login=b["login"],
            unit=v.names.unit(b["unit"]),
            post=named(b["post"], b["post_en"]),
        )
    )


def _named(b: Body) -> Term:
    return named(b["name"], b["name_en"])


@tells("RoleGranted")
def role_granted(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "授予 {who} {unit}「{role}」",
            "{who} was given the role “{role}” for {unit}",
            who=v.names.officer(b["officer"]),
            unit=v.names.unit(b["unit"]),
            role=ROLES.get(b["role"], Term(b["role"], b["role"])),
        )
    )


@tells("RoleTakenBack")
def role_taken_back(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "收回 {who} {unit}「{role}」",
            "the role “{role}” for {unit} was taken back from {who}",
            who=v.names.officer(b["officer"]),
            unit=v.names.unit(b["unit"]),
            role=ROLES.get(b["role"], Term(b["role"], b["role"])),
        )
    )


@tells("CalendarSet")
def calendar_set(b: Body, v: Voice) -> Line:
    kinds = {"rest": Term("休息", "rest"), "work": Term("上班", "work")}
    return Line(
        say(
            "设定工作日历「{title}」（{n} 个特殊日）",
            "working calendar “{title}” set ({n} special days)",
            title=named(b["title"], b["title_en"]),
            n=len(b["days"]),
        ),
        details=tuple(
            Detail(Term(f"{day} {title}".strip(), day), None, kinds.get(kind, Term(kind, kind)))
            for day, (kind, title, *_) in sorted(b["days"].items())
        ),
    )


@tells("VersionPublished")
def version_published(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "发布流程「{process}」第 {n} 版（{k} 处改动）",
            "published “{process}” version {n} ({k} changes)",
            process=_named(b),
            n=b["number"],
            k=len(b["changes"]),
        ),
        why=b["note"],
        details=tuple(_change(change) for change in b["changes"]),
    )


def _change(change: dict[str, Any]) -> Detail:
    """What changed, as `engine/notation/differences.py` says it: step and thing, before, after."""
    step = named(str(change.get("zh") or change.get("element", "")), str(change.get("en") or ""))
    thing = named(str(change.get("what_zh") or change.get("what", "")), str(change.get("what_en") or ""))
    before, after = change.get("before"), change.get("after")
    return Detail(
        say("{step} · {thing}", "{step} · {thing}", step=step, thing=thing),
        Term(str(before), str(before)) if before not in (None, "") else None,
        Term(str(after), str(after)) if after not in (None, "") else None,
    )


@tells("Sealed")
def sealed(b: Body, v: Voice) -> Line:
    return Line(
        say("封存 {n} 本记录的链尾", "the ends of {n} books were sealed", n=len(b["heads"])),
        folded=True,
    )


@tells("TemplatePublished")
def template_published(b: Body, v: Voice) -> Line:
    kind = DOCUMENTS.get(b["kind"], Term(b["kind"], b["kind"]))
    text = say("发布文书模板「{kind}」第 {n} 版", "template “{kind}” version {n} published", kind=kind, n=b["number"])
    note = Term(b["note"], b["note"])
    return Line(text, details=(Detail(Term("说明", "Note"), None, note),) if b["note"] else ())
