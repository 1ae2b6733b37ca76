"""Sentences about cases that go on by another version of their process, and what that changed for them."""

from __future__ import annotations

from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.tongues import named, say
from engine.words.terms import Term

PARTS: dict[str, Term] = {
    "element": Term("步骤", "step"),
    "name": Term("名称", "name"),
    "name_en": Term("英文名称", "English name"),
    "wanted": Term("交给谁办", "meant for"),
    "bars": Term("回避", "barred"),
    "unit": Term("单位", "unit"),
    "priority": Term("优先级", "priority"),
    "clock": Term("时限", "clock"),
    "correlation": Term("关联键", "key"),
    "button": Term("按钮", "button"),
    "button_en": Term("按钮（英文）", "button (English)"),
}


@tells("CaseMoved")
def case_moved(b: Body, v: Voice) -> Line:
    if b["back"]:
        text = say(
            "把本事项退回第 {n} 版办理（撤销迁移 {move}）",
            "took the case back to version {n} (move {move} undone)",
            n=b["after_number"],
            move=b["move"],
        )
    else:
        text = say(
            "把本事项从第 {m} 版迁到第 {n} 版办理",
            "moved the case from version {m} to version {n}",
            m=b["before_number"],
            n=b["after_number"],
        )
    return Line(text, why=b["reason"], details=_pairs(b))


@tells("TaskRedrawn")
def task_redrawn(b: Body, v: Voice) -> Line:
    name = named(b["after"].get("name") or b["after"].get("name_en") or "", b["after"].get("name_en") or "")
    task = name if name.zh else v.names.element(b["element"])
    return Line(
        say("待办「{task}」按新版图办理", "“{task}” goes on as the other version draws it", task=task),
        folded=not set(b["after"]) - {"bars", "priority", "clock", "name_en"},
        details=_changed(b, v),
    )


@tells("WaitRedrawn")
def wait_redrawn(b: Body, v: Voice) -> Line:
    return Line(
        say("继续等待「{what}」", "goes on waiting for “{what}”", what=v.names.element(b["element"])),
        folded=True,
        details=_changed(b, v),
    )


@tells("TimerRedrawn")
def timer_redrawn(b: Body, v: Voice) -> Line:
    return Line(
        say("定时「{timer}」继续计时", "the timer “{timer}” goes on", timer=v.names.element(b["element"])), folded=True
    )


@tells("ClockTakenBack")
def clock_taken_back(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "{clock}撤下，如同未曾起算",
            "{clock} is taken back as if it had never begun",
            clock=v.names.clock(b["clock"]),
        ),
        "clock",
        folded=True,
    )


@tells("MoveOrdered")
def move_ordered(b: Body, v: Voice) -> Line:
    left = Term(f"第 {b['number']} 版", f"version {b['number']}") if b["number"] else Term("各旧版", "older versions")
    return Line(
        say(
            "将流程「{process}」{left}的 {k} 件在办事项迁到第 {n} 版（迁移 {move}）",
            "ordered {k} running cases of “{process}” from {left} to version {n} (move {move})",
            process=b["process"],
            left=left,
            k=b["cases"],
            n=b["to"],
            move=b["move"],
        ),
        why=b["reason"],
        details=_pairs(b),
    )


@tells("MoveTakenBack")
def move_taken_back(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "撤销流程「{process}」的迁移 {move}", "took back move {move} of “{process}”", process=b["process"],
            move=b["move"],
        ),
        why=b["reason"],
    )  # fmt: skip


def _pairs(b: Body) -> tuple[Detail, ...]:
    return tuple(
        Detail(Term(f"步骤 {old}", f"step {old}"), None, Term(str(new or "—"), str(new or "—")))
        for old, new in sorted(b["mapping"].items())
    )


def _changed(b: Body, v: Voice) -> tuple[Detail, ...]:
    return tuple(
        Detail(PARTS.get(name, Term(name, name)), _value(name, b["before"].get(name), v), _value(name, now, v))
        for name, now in b["after"].items()
    )


def _value(name: str, value: object, v: Voice) -> Term | None:
    if value is None or value == []:
        return None
    if name == "wanted" and isinstance(value, list):
        return v.names.wanted(value)
    if name == "bars" and isinstance(value, list):
        return Term(str(len(value)), str(len(value)))
    if name == "unit" and isinstance(value, int):
        return v.names.unit(value)
    return Term(str(value), str(value))
