"""Sentences about what goes between cases: calls and their answers, signals, starts."""

from __future__ import annotations

from engine.reads.sentences.course import case_number
from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.spoken import limit
from engine.reads.tongues import say
from engine.words.terms import Term

ANSWERS: dict[str, Term] = {
    "done": Term("已办完", "is done"),
    "error": Term("以错误结束", "has failed"),
    "escalation": Term("上报升级", "escalates"),
}


def _values(b: Body, v: Voice, part: str) -> tuple[Detail, ...]:
    return tuple(
        Detail(v.names.label(id), None, v.names.value(id, value))
        for id, value in dict(b[part] or {}).items()
        if value not in (None, "", [])
    )


@tells("CallMade")
def call_made(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "在「{step}」发起流程 {process}",
            "“{step}” calls the process {process}",
            step=v.names.element(b["element"]),
            process=b["process"],
        ),
        details=_values(b, v, "values"),
    )


@tells("CallWithdrawn")
def call_withdrawn(b: Body, v: Voice) -> Line:
    return Line(
        say("不再等待「{step}」的下级事项", "the call of “{step}” is withdrawn", step=v.names.element(b["element"]))
    )


@tells("CallAnswered")
def call_answered(b: Body, v: Voice) -> Line:
    what = ANSWERS.get(b["kind"], Term(b["kind"], b["kind"]))
    return Line(
        say(
            "「{step}」的下级事项 {number} {what}{code}",
            "the case {number} called by “{step}” {what}{code}",
            step=v.names.element(b["element"]),
            number=case_number(b["child"]),
            what=what,
            code=say("（{code}）", " ({code})", code=b["code"]) if b["code"] else Term("", ""),
        ),
        "bad" if b["kind"] != "done" else "",
        details=_values(b, v, "values"),
    )


@tells("AnswerSent")
def answer_sent(b: Body, v: Voice) -> Line:
    what = ANSWERS.get(b["kind"], Term(b["kind"], b["kind"]))
    return Line(say("告知上级事项：{what}", "tells the case that called it: {what}", what=what), folded=True)


@tells("CaseCancelled")
def case_cancelled(b: Body, v: Voice) -> Line:
    return Line(Term("上级事项不再需要，本事项撤销", "the case that called it needs it no longer: cancelled"), "bad")


@tells("SignalSent")
def signal_sent(b: Body, v: Voice) -> Line:
    return Line(say("发出信号「{name}」", "signal sent: “{name}”", name=b["name"]))


@tells("SignalSpread")
def signal_spread(b: Body, v: Voice) -> Line:
    return Line(
        say("信号「{name}」传给 {n} 处", "signal “{name}” handed on to {n}", name=b["name"], n=len(b["to"])),
        folded=True,
    )


@tells("SignalReceived")
def signal_received(b: Body, v: Voice) -> Line:
    return Line(
        say("收到信号「{name}」", "signal received: “{name}”", name=b["name"]), details=_values(b, v, "payload")
    )


_WHY_KEPT: dict[str, Term] = {
    "nobody": Term("没有事项在等", "nobody waits for it"),
    "open": Term("同一个键已有在办事项", "a case with its key is open"),
    "stuck": Term("等它的事项停住了", "the case that waits for it is stuck"),
}


@tells("MessageKept")
def message_kept(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "“{source}”送来消息「{name}」，{why}，留存待处理",
            "“{source}” brought the message “{name}”; {why}: kept",
            source=b["source"],
            name=b["name"],
            why=_WHY_KEPT.get(b["why"], Term(b["why"], b["why"])),
        ),
        details=(Detail(Term("键", "Key"), None, Term(b["correlation"], b["correlation"])),)
        if b["correlation"]
        else (),
    )


@tells("ContentErased")
def content_erased(b: Body, v: Voice) -> Line:
    if b["kept_for"]:
        return Line(
            say(
                "作废的消息「{name}」保存期满（{kept}），内容已删除，指纹仍在链上",
                "what the dropped message “{name}” said was deleted after {kept}; its digest stays in the chain",
                name=b["name"],
                kept=limit(b["kept_for"]),
            )
        )
    return Line(
        say(
            "消息「{name}」的内容已随事项保管，收发处不再留存",
            "what the message “{name}” says is with the case now, and no longer in the post",
            name=b["name"],
        ),
        folded=True,
    )


@tells("MessageMatched")
def message_matched(b: Body, v: Voice) -> Line:
    number = case_number(b["to"])
    return Line(
        say(
            "人工指定消息「{name}」交给 {to}",
            "gave the message “{name}” to {to} by hand",
            name=v.names.message(b["name"]),
            to=number,
        ),
        why=b["reason"],
    )


@tells("MessageDropped")
def message_dropped(b: Body, v: Voice) -> Line:
    return Line(
        say("作废消息「{name}」", "dropped the message “{name}”", name=v.names.message(b["name"])),
        "bad",
        why=b["reason"],
    )


@tells("MessageResent")
def message_resent(b: Body, v: Voice) -> Line:
    return Line(
        say("重新投递消息「{name}」", "sent the message “{name}” off anew", name=v.names.message(b["name"])),
        why=b["reason"],
    )


@tells("SlipLaid")
def slip_laid(b: Body, v: Voice) -> Line:
    what = Term(b["title"], b["title_en"])
    if b["due"] is None:
        return Line(say("开移交单「{what}」", "hand-over slip “{what}”", what=what))
    return Line(
        say(
            "开移交单「{what}」，{due} 前答复",
            "hand-over slip “{what}”, to be answered by {due}",
            what=what,
            due=v.moment(b["due"]),
        )
    )


@tells("SlipAnswered")
def slip_answered(b: Body, v: Voice) -> Line:
    what = Term(b["title"], b["title_en"])
    if b["accepted"]:
        return Line(say("移交单「{what}」已签收", "“{what}” was accepted", what=what))
    return Line(say("移交单「{what}」被退回", "“{what}” was returned", what=what), "bad", why=b["reason"])


@tells("StartsSet")
def starts_set(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "流程 {process} 有 {n} 个由消息、信号或时间触发的开始",
            "{n} starts of {process} wait for a message, a signal or the clock",
            process=b["process"],
            n=len(b["starts"]),
        ),
        folded=True,
    )


@tells("StartFired")
def start_fired(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "按时发起流程 {process}：{number}",
            "the clock has begun a case of {process}: {number}",
            process=b["process"],
            number=case_number(b["case"]),
        )
    )
