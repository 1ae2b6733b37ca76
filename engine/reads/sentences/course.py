"""Sentences about the course of a case: opened, its stage, unit and level, messages, rounds, closed, reopened."""

from __future__ import annotations

from collections.abc import Iterable

from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.sentences.work import answers
from engine.reads.tongues import joined, named, say
from engine.words import draws
from engine.words.numbers import number_of
from engine.words.terms import LEVELS, OUTCOMES, STAGES, Term

PARTS: dict[str, Term] = {
    "raiser": Term("提出方", "raiser"),
    "lead": Term("责任单位", "responsible unit"),
    "co": Term("配合单位", "co-unit"),
    "handler": Term("经办人", "handler"),
    "hidden": Term("保密对象（暂不知情）", "kept in the dark"),
}
COUNTERS: dict[str, Term] = {
    "rework": Term("返工", "rework"),
    "shuffle": Term("推诿", "buck-passing"),
    "error_dispatch": Term("派发差错", "dispatch error"),
    "relapse": Term("反弹", "relapse"),
}


def case_number(case_id: int) -> str:
    return number_of(case_id)


def _stage(code: str) -> Term:
    return STAGES.get(code, Term(code, code))


@tells("CaseOpened")
def case_opened(b: Body, v: Voice) -> Line:
    process = v.names.diagram
    if b.get("parent") is not None:
        return Line(
            say(
                "由事项 {parent} 发起，按「{process}」第 {n} 版办理",
                "called by case {parent}, run by “{process}” version {n}",
                parent=case_number(b["parent"]),
                process=named(process.name, process.name_en) if process else Term(b["process"], b["process"]),
                n=b["number"],
            )
        )
    return Line(
        say(
            "提出并登记，按「{process}」第 {n} 版办理",
            "raised and registered, run by “{process}” version {n}",
            process=named(process.name, process.name_en) if process else Term(b["process"], b["process"]),
            n=b["number"],
        ),
        details=(
            *_given(Term("提出单位", "Raised by"), v.names.unit(b["raiser_unit"])),
            *_given(Term("外部编号", "Number elsewhere"), named(b.get("external_id") or "", "")),
        ),
    )


def _given(label: Term, value: Term) -> tuple[Detail, ...]:
    return (Detail(label, None, value),) if value.zh else ()


@tells("TokensMoved")
def tokens_moved(b: Body, v: Voice) -> Line:
    way = [v.names.element(id) for id in b["passed"] if v.names.has(id)]
    return Line(
        say(
            "流程走过：{way}",
            "the token passed: {way}",
            way=Term(" → ".join(t.zh for t in way), " → ".join(t.en for t in way)),
        ),
        folded=True,
    )


@tells("VariablesChanged")
def variables_changed(b: Body, v: Voice) -> Line:
    changed = [id for id in b["after"] if b["before"].get(id) != b["after"][id]]
    if not changed:
        return Line(Term("字段没有变化", "no field changed"), folded=True)
    if len(changed) > 4:
        what = say("{n} 个字段", "{n} fields", n=len(changed))
    else:
        what = joined(v.names.label(id) for id in changed)
    return Line(
        say("更新字段：{what}", "fields changed: {what}", what=what),
        folded=True,
        details=_changed(b, v, changed),
    )


def _changed(b: Body, v: Voice, ids: Iterable[str]) -> tuple[Detail, ...]:
    return tuple(
        Detail(
            v.names.label(id),
            v.names.value(id, b["before"][id]) if b["before"].get(id) not in (None, "", []) else None,
            v.names.value(id, b["after"][id]),
        )
        for id in ids
    )


@tells("StageChanged")
def stage_changed(b: Body, v: Voice) -> Line:
    before, after = _stage(b["before"]), _stage(b["after"])
    good = b["after"] == "closed"
    return Line(
        say("状态由「{before}」转为「{after}」", "stage: {before} → {after}", before=before, after=after),
        "good" if good else "",
        details=(Detail(Term("状态", "Stage"), before, after),),
    )


@tells("LeadUnitChanged")
def lead_unit_changed(b: Body, v: Voice) -> Line:
    after = v.names.unit(b["after"])
    if b["before"] is None:
        return Line(say("责任单位：{after}", "responsible unit: {after}", after=after))
    before = v.names.unit(b["before"])
    if b["after"] is None:
        return Line(say("{before} 不再是责任单位", "{before} is no longer responsible", before=before))
    return Line(
        say("责任单位由 {before} 改为 {after}", "responsible unit: {before} → {after}", before=before, after=after),
        details=(Detail(Term("责任单位", "Responsible unit"), before, after),),
    )


def _party(b: Body, v: Voice) -> Term:
    return v.names.unit(b["unit"]) if b.get("unit") is not None else v.names.officer(b.get("officer"))


@tells("PartyJoined")
def party_joined(b: Body, v: Voice) -> Line:
    part = PARTS.get(b["part"], Term(b["part"], b["part"]))
    text = say("{who} 参与本事项（{part}）", "{who} takes part as {part}", who=_party(b, v), part=part)
    return Line(text, folded=b["part"] != "co")


@tells("PartyLeft")
def party_left(b: Body, v: Voice) -> Line:
    part = PARTS.get(b["part"], Term(b["part"], b["part"]))
    text = say("{who} 不再参与（{part}）", "{who} no longer takes part as {part}", who=_party(b, v), part=part)
    return Line(text, folded=b["part"] != "co")


@tells("WaitOpened")
def wait_opened(b: Body, v: Voice) -> Line:
    if b.get("button") and not b["name"]:
        return Line(
            say(
                "下一步可选：{button}（{whom}）",
                "may be chosen next: {button} ({whom})",
                button=named(b["button"], b.get("button_en") or ""),
                whom=v.names.wanted(b["wanted"]),
            ),
            folded=True,
        )
    if b.get("button"):
        return Line(
            say(
                "可随时发起：{button}（{whom}）",
                "may be started at any time: {button} ({whom})",
                button=named(b["button"], b.get("button_en") or ""),
                whom=v.names.wanted(b["wanted"]),
            ),
            folded=True,
        )
    return Line(
        say("等待消息「{name}」", "waits for message “{name}”", name=v.names.element(b["element"])), folded=True
    )


@tells("WaitDropped")
def wait_dropped(b: Body, v: Voice) -> Line:
    return Line(
        say("不再等待「{step}」", "no longer waits at “{step}”", step=v.names.element(b["element"])), folded=True
    )


@tells("MessageReceived")
def message_received(b: Body, v: Voice) -> Line:
    details = tuple(
        Detail(v.names.label(id, b["element"]), None, v.names.value(id, value, b["element"]))
        for id, value in dict(b["payload"] or {}).items()
        if value not in (None, "", [])
    )
    step = v.names.button(b["element"])
    if b.get("sender"):
        return Line(say("收到消息「{step}」", "message received: “{step}”", step=step), details=details)
    return Line(say("发起「{step}」", "started “{step}”", step=step), details=details)


@tells("MessageSent")
def message_sent(b: Body, v: Voice) -> Line:
    return Line(say("发出消息「{step}」", "message sent: “{step}”", step=v.names.element(b["element"])))


@tells("MessageDelivered")
def message_delivered(b: Body, v: Voice) -> Line:
    to, name = b["to"], v.names.message(b["name"])
    if to is None:
        return Line(say("送达消息「{name}」", "delivered the message “{name}”", name=name), folded=True)
    return Line(
        say("把消息「{name}」送达 {to}", "delivered the message “{name}” to {to}", name=name, to=case_number(to)),
        folded=True,
    )


@tells("MessagePutAside")
def message_put_aside(b: Body, v: Voice) -> Line:
    if b.get("why") == "several":
        return Line(
            say(
                "消息「{name}」有不止一个事项在等，搁置待处理",
                "more than one case waits for message “{name}”: put aside",
                name=v.names.message(b["name"]),
            ),
            "bad",
        )
    if b.get("why") == "unfit":
        return Line(
            say(
                "消息「{name}」的内容不合接收方的表单，搁置待处理",
                "what message “{name}” says does not fit the form of whoever waits for it: put aside",
                name=b["name"],
            ),
            "bad",
        )
    if b.get("why") == "open":
        return Line(
            say(
                "消息「{name}」的键已有在办事项，没有再开新的",
                "a case with the key of message “{name}” is open already: put aside",
                name=v.names.message(b["name"]),
            ),
            "bad",
        )
    return Line(
        say(
            "消息「{name}」试送 {n} 次未成，搁置待处理",
            "message “{name}” put aside after {n} attempts",
            name=v.names.message(b["name"]),
            n=b["attempts"],
        ),
        "bad",
    )


@tells("RoundOpened")
def round_opened(b: Body, v: Voice) -> Line:
    return Line(say("进入第 {n} 轮", "round {n} begins", n=b["round"]), "bad", why=b["reason"])


@tells("LevelRaised")
def level_raised(b: Body, v: Voice) -> Line:
    before, after = (LEVELS.get(b[key], Term(str(b[key]), str(b[key]))) for key in ("before", "after"))
    return Line(
        say("督办等级升为「{after}」", "supervision level raised to {after}", after=after),
        "bad",
        why=b["reason"],
        details=(Detail(Term("督办等级", "Level"), before, after),),
    )


@tells("Counted")
def counted(b: Body, v: Voice) -> Line:
    name = COUNTERS.get(b["name"]) or v.names.counter(b["name"])
    return Line(say("计「{name}」一次", "counted: one {name}", name=name), "bad")


@tells("SampleDrawn")
def sample_drawn(b: Body, v: Voice) -> Line:
    """Whoever reads it sees at once whether drawing again gives the same."""
    again = draws.holds(b["seed"], b["members"], b["digest"], b["count"], b["drawn"])
    drawn = joined(v.names.value("item", member) for member in b["drawn"])
    return Line(
        say(
            "双随机：从 {m} 个对象中抽取 {n} 个：{drawn}（{proof}）",
            "lots drawn: {n} of {m}: {drawn} ({proof})",
            m=len(b["members"]),
            n=len(b["drawn"]),
            drawn=drawn,
            proof=Term("已按种子复算，一致", "drawn again from its seed, the same")
            if again
            else Term("按种子复算不一致", "drawn again from its seed, NOT the same"),
        ),
        "" if again else "bad",
        details=(
            Detail(Term("种子", "Seed"), None, Term(b["seed"], b["seed"])),
            Detail(Term("名单指纹", "Digest of the list"), None, Term(b["digest"], b["digest"])),
        ),
    )


@tells("CaseMerged")
def case_merged(b: Body, v: Voice) -> Line:
    return Line(say("并入 {number}", "merged into {number}", number=case_number(b["into"])))


@tells("CaseClosed")
def case_closed(b: Body, v: Voice) -> Line:
    outcome = OUTCOMES.get(b["outcome"], Term(b["outcome"], b["outcome"]))
    return Line(say("办结：{outcome}", "closed: {outcome}", outcome=outcome), "good")


@tells("CaseReopened")
def case_reopened(b: Body, v: Voice) -> Line:
    return Line(Term("重新打开", "reopened"), "bad", why=b["reason"])


@tells("CaseEnded")
def case_ended(b: Body, v: Voice) -> Line:
    return Line(Term("流程结束", "the process has ended"), folded=True)


@tells("CaseStuck")
def case_stuck(b: Body, v: Voice) -> Line:
    step = v.names.element(b["element"]) if b["element"] else Term("—", "—")
    trigger = dict(b.get("trigger") or {})
    given = trigger.get("answers") or {}
    where = trigger.get("element") or b["element"]
    return Line(
        say(
            "流程在「{step}」停住，待管理人员处理",
            "the case is stuck at “{step}” and waits for repair",
            step=step,
        ),
        "bad",
        details=(
            Detail(Term("原因", "Reason"), None, named(b["zh"], b["en"])),
            *answers({"element": where, "answers": given}, v.names),
        ),
    )


@tells("CaseFreed")
def case_freed(b: Body, v: Voice) -> Line:
    return Line(Term("故障排除，流程继续", "repaired: the case goes on"), "good", why=b["reason"])


@tells("ElementSkipped")
def element_skipped(b: Body, v: Voice) -> Line:
    return Line(
        say("跳过步骤「{step}」", "passed over the step “{step}”", step=v.names.element(b["element"])),
        "bad",
        why=b["reason"],
    )


@tells("FieldsCorrected")
def fields_corrected(b: Body, v: Voice) -> Line:
    what = joined(v.names.label(id) for id in b["after"])
    return Line(
        say("更正字段：{what}", "corrected: {what}", what=what),
        "bad",
        why=b["reason"],
        details=_changed(b, v, b["after"]),
    )
