"""Sentences about time: clocks started, paused and extended, timers set and fired."""

from __future__ import annotations

from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.spoken import limit, span
from engine.reads.tongues import say
from engine.words.terms import Term


@tells("TimerSet")
def timer_set(b: Body, v: Voice) -> Line:
    step = v.names.element(b["element"])
    if b["due"] is None:
        return Line(
            say("设定时器「{step}」，暂不计时", "timer “{step}” set, standing still", step=step), "clock", folded=True
        )
    return Line(
        say("设定时器「{step}」，{due} 到时", "timer “{step}” set for {due}", step=step, due=v.moment(b["due"])),
        "clock",
        folded=True,
    )


@tells("TimerMoved")
def timer_moved(b: Body, v: Voice) -> Line:
    return Line(
        say("定时器「{step}」改期", "timer “{step}” moved", step=v.names.element(b["element"])),
        "clock",
        folded=True,
        details=(Detail(Term("到时", "Due"), v.moment(b["before"]), v.moment(b["after"])),),
    )


@tells("TimerFired")
def timer_fired(b: Body, v: Voice) -> Line:
    return Line(say("到时：「{step}」", "reached “{step}”", step=v.names.element(b["element"])), "clock")


@tells("TimerDropped")
def timer_dropped(b: Body, v: Voice) -> Line:
    return Line(
        say("撤下定时器「{step}」", "timer “{step}” dropped", step=v.names.element(b["element"])), "clock", folded=True
    )


@tells("ClockStarted")
def clock_started(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "{clock}{again}计算，至 {due}（{limit}）",
            "{clock} {again}: {due} ({limit})",
            again=Term("重新", "starts anew") if b.get("again") else Term("开始", "starts"),
            clock=v.names.clock(b["clock"]),
            due=v.moment(b["original"]),
            limit=limit(b["limit"]),
        ),
        "clock",
        details=(Detail(Term("临期提醒", "Near due from"), None, v.moment(b["near"])),),
    )


@tells("ClockStopped")
def clock_stopped(b: Body, v: Voice) -> Line:
    clock, left = v.names.clock(b["clock"]), span(b["remaining"])
    if b["remaining"] < 0:
        return Line(
            say("{clock}停止计算，已超期 {left}", "{clock} stops, {left} overdue", clock=clock, left=left), "bad"
        )
    text = say("{clock}停止计算，剩余 {left}", "{clock} stops with {left} left", clock=clock, left=left)
    return Line(text, "clock", folded=True)


@tells("ClockResumed")
def clock_resumed(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "{clock}从停下处继续计算，至 {due}",
            "{clock} goes on from where it stopped: {due}",
            clock=v.names.clock(b["clock"]),
            due=v.moment(b["effective"]),
        ),
        "clock",
    )


@tells("ClockPaused")
def clock_paused(b: Body, v: Voice) -> Line:
    over = b["remaining"] < 0
    return Line(
        say(
            "{clock}暂停，{left}",
            "{clock} is paused, {left}",
            clock=v.names.clock(b["clock"]),
            left=say(
                "已超期 {t}" if over else "剩余 {t}",
                "{t} overdue" if over else "{t} left",
                t=span(b["remaining"]),
            ),
        ),
        "clock",
    )


@tells("DeadlineExtended")
def deadline_extended(b: Body, v: Voice) -> Line:
    clock = v.names.clock(b["clock"])
    return Line(
        say(
            "{clock}第 {n} 次延期：由 {before} 延至 {after}",
            "{clock} extended (no. {n}) from {before} to {after}",
            clock=clock,
            n=b.get("times", 1),
            before=v.moment(b["before"]),
            after=v.moment(b["after"]),
        ),
        "clock",
        why=b["reason"],
        details=(Detail(clock, v.moment(b["before"]), v.moment(b["after"])),),
    )


@tells("CaseDueChanged")
def case_due_changed(b: Body, v: Voice) -> Line:
    return Line(
        say("事项的现行时限变更", "the case's present deadline changed"),
        "clock",
        folded=True,
        details=(Detail(Term("到时", "Due"), v.moment(b["before"]), v.moment(b["after"])),),
    )
