"""Sentences about work that other programs do: jobs made, answered, failed, tried anew, withdrawn; keys and hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.tongues import joined, say
from engine.words.terms import Term

BUILT_IN: dict[str, Term] = {"http": Term("网络请求", "a web request"), "mail": Term("邮件", "mail")}
_BY_HAND = Term("人工", "hand")


def _values(v: Voice, values: Mapping[str, Any]) -> tuple[Detail, ...]:
    return tuple(
        Detail(v.names.label(id), None, v.names.value(id, value))
        for id, value in values.items()
        if value not in (None, "", [])
    )


def _topic(topic: str) -> Term:
    return BUILT_IN.get(topic, Term(topic, topic))


@tells("JobMade")
def job_made(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "「{step}」交外部程序办理（{topic}）",
            "“{step}” waits for a program outside ({topic})",
            step=v.names.element(b["element"]),
            topic=_topic(b["topic"]),
        ),
        details=_values(v, b["inputs"]),
    )


@tells("JobAnswered")
def job_answered(b: Body, v: Voice) -> Line:
    step, worker = v.names.element(b["element"]), b["worker"] or _BY_HAND
    details = _values(v, b["values"])
    if b["kind"] == "error":
        what = say(
            "外部程序 {worker} 报告「{step}」出错：{code}",
            "{worker} has thrown the error {code} at “{step}”",
            worker=worker,
            step=step,
            code=b["code"],
        )
        return Line(what, "bad", why=b["message"], details=details)
    if b["kind"] == "failed":
        what = say("「{step}」的外部任务没有办成，转入出错的路", "the work for “{step}” failed; the case takes the way "
                   "drawn for that", step=step)  # fmt: skip
        return Line(what, "bad", why=b["message"], details=details)
    if b["kind"] == "skipped":
        return Line(
            say("「{step}」的结果由人工填写", "the outcome of “{step}” was given by hand", step=step), details=details
        )
    what = say("外部程序 {worker} 办完「{step}」", "{worker} has done “{step}”", worker=worker, step=step)
    return Line(what, "good", details=details)


@tells("JobFailed")
def job_failed(b: Body, v: Voice) -> Line:
    step, worker = v.names.element(b["element"]), b["worker"] or _BY_HAND
    if b["due"] is None:
        what = say(
            "外部程序 {worker} 没有办成「{step}」，不再重试",
            "{worker} has failed at “{step}”, for the last time",
            worker=worker,
            step=step,
        )
        return Line(what, "bad", why=b["message"])
    what = say(
        "外部程序 {worker} 没有办成「{step}」，{due} 起再试（还有 {n} 次）",
        "{worker} has failed at “{step}”; it is tried again from {due} ({n} tries left)",
        worker=worker,
        step=step,
        due=v.names.moment(b["due"]),
        n=b["retries"] + 1,
    )
    return Line(what, "bad", why=b["message"])


@tells("JobRetried")
def job_retried(b: Body, v: Voice) -> Line:
    step = v.names.element(b["element"])
    return Line(
        say("「{step}」的外部任务重新交办", "the work for “{step}” is tried anew", step=step),
        details=_values(v, b["inputs"]),
    )


@tells("JobDropped")
def job_dropped(b: Body, v: Voice) -> Line:
    step = v.names.element(b["element"])
    return Line(say("撤下「{step}」的外部任务", "the work for “{step}” is withdrawn", step=step))


@tells("JobRedrawn")
def job_redrawn(b: Body, v: Voice) -> Line:
    step = v.names.element(b["element"])
    return Line(
        say("「{step}」的外部任务按新版办理", "the work for “{step}” goes on as newly drawn", step=step), folded=True
    )


@tells("WorkerTokenMade")
def worker_token_made(b: Body, v: Voice) -> Line:
    if b.get("officer") is not None:
        sent = joined([Term(name, name) for name in b["messages"]]) if b["messages"] else Term("无", "none")
        return Line(
            say(
                "给信息来源“{name}”发放密钥，以{officer}的名义提出问题（可送消息：{sent}）",
                "made a token for the source “{name}”, which raises issues as {officer} (messages: {sent})",
                name=b["name"],
                officer=v.names.officer(b["officer"]),
                sent=sent,
            )
        )
    topics = joined([_topic(topic) for topic in b["topics"]]) if b["topics"] else Term("全部主题", "all topics")
    return Line(
        say(
            "给外部程序“{name}”发放密钥（{topics}）",
            "made a token for the worker “{name}” ({topics})",
            name=b["name"],
            topics=topics,
        )
    )


@tells("WorkerTokenEnded")
def worker_token_ended(b: Body, v: Voice) -> Line:
    return Line(say("收回外部程序“{name}”的密钥", "ended the token of the program “{name}”", name=b["name"]), "bad")


@tells("HostsAllowed")
def hosts_allowed(b: Body, v: Voice) -> Line:
    hosts = joined([Term(host, host) for host in b["after"]]) if b["after"] else Term("无", "none")
    return Line(say("流程可以访问的主机改为：{hosts}", "hosts that processes may speak to: {hosts}", hosts=hosts))
