"""Random processes: blocks in one another, with one way in and one way out, and what may happen to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.engine.tokens import drawn as d

# Gateways ask these; every task gives all of them anew.
NAMES = ("a", "b", "c")
VALUES = (0, 1, 2)
_LEAVES = ("task", "task", "task", "script", "repeated", "hosting")
_BLOCKS = (
    "task", "hosting", "row", "row", "choice", "all", "all", "some", "some", "loop", "loop", "race", "inside",
    "inside", "repeated", "fork", "late_join", "escape", "spread", "failing", "undo", "undo", "transaction", "adhoc",
)  # fmt: skip


@dataclass
class _Sheet:
    """Draws blocks into a scope. Each gives the ids of its first and last node."""

    draw: DrawFn
    budget: int
    parts: list[str] = field(default_factory=list)
    count: int = 0

    def id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def put(self, *parts: str) -> None:
        self.parts.extend(parts)

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def condition(self) -> str:
        return f"={self.pick(*NAMES)} = {self.number(0, 2)}"

    def block(self) -> tuple[str, str]:
        self.budget -= 1
        kind = self.pick(*(_BLOCKS if self.budget > 0 else _LEAVES))
        first, last = getattr(self, kind)()
        return str(first), str(last)

    # --- leaves -------------------------------------------------------------------------------------------------

    def task(self) -> tuple[str, str]:
        id = self.id("t")
        self.put(d.task(id))
        self.undone(id)
        return id, id

    def undone(self, host: str) -> None:
        """Perhaps something compensates this step: a task, a repeated one, or a block."""
        if self.number(0, 5):
            return
        id = self.id("k")
        if self.budget > 0 and self.draw(st.booleans()):
            self.scope(id, "", isForCompensation="true")
            handler = self.parts.pop()
        else:
            handler = d.task(id, d.several("2", sequential=True) if self.draw(st.booleans()) else "")
        self.put(d.undone(host, handler))

    def undo(self) -> tuple[str, str]:
        """A throwing compensation event, with something before it that may be undone."""
        first, last = self.block()
        throw = self.id("c")
        steps = [part.split('id="', 1)[1].split('"', 1)[0] for part in self.parts if part.startswith("<userTask")]
        ref = self.pick("", "", *steps)
        self.put(d.throws(throw, d.compensate(ref, waits=self.number(0, 3) > 0)), d.flow(last, throw))
        return first, throw

    def transaction(self) -> tuple[str, str]:
        """A sub-process that may be cancelled, and goes on at its border."""
        id, gate, bad, finish, begin = self.id("u"), self.id("g"), self.id("e"), self.id("e"), self.id("s")
        event, merge = self.id("x"), self.id("g")
        outer, self.parts = self.parts, []
        first, last = self.block()
        self.put(d.start(begin), d.end(finish), d.gateway("exclusive", gate, f"{gate}-on"), d.flow(begin, first))
        self.put(d.flow(last, gate), d.flow(gate, finish, id=f"{gate}-on"), d.flow(gate, bad, self.condition()))
        self.put(d.end(bad, "<cancelEventDefinition/>"))
        self.handlers()
        inside, self.parts = self.parts, outer
        self.put(d.el("transaction", id, "".join(inside)), d.boundary(event, id, "<cancelEventDefinition/>"))
        self.undone(id)
        self.put(d.gateway("exclusive", merge), d.flow(event, merge), d.flow(id, merge))
        return id, merge

    def adhoc(self) -> tuple[str, str]:
        """Steps to choose from, at least one of them a task."""
        id, until = self.id("d"), self.condition() if self.draw(st.booleans()) else ""
        outer, self.parts = self.parts, []
        self.task()
        for _ in range(self.number(1, 2)):
            kind = self.pick("task", "repeated", "scope", "chain")
            if kind == "scope" and self.budget > 0:
                self.scope(self.id("u"), "")
            elif kind == "repeated":
                self.put(d.task(self.id("r"), d.several("2")))
            else:
                first, _ = self.task()
                if kind == "chain":
                    self.put(d.flow(first, self.task()[0]))
        if until:
            self.put(f"<completionCondition>{until}</completionCondition>")
        inside, self.parts = self.parts, outer
        ordering, drops = self.pick("Parallel", "Sequential"), self.pick("true", "false")
        self.put(d.el("adHocSubProcess", id, "".join(inside), ordering=ordering, cancelRemainingInstances=drops))
        return self.attached(id, self.number(0, 1))

    def script(self) -> tuple[str, str]:
        id = self.id("p")
        self.put(d.el("task", id))
        return id, id

    def repeated(self) -> tuple[str, str]:
        until = self.condition() if self.number(0, 3) == 0 else ""
        times = d.several(str(self.number(0, 3)), sequential=self.draw(st.booleans()), until=until)
        if self.budget > 0 and self.draw(st.booleans()):
            id = self.id("m")
            self.scope(id, times)
        else:
            id = self.id("r")
            self.put(d.task(id, times))
        self.undone(id)
        return self.attached(id, self.number(0, 1))

    def hosting(self) -> tuple[str, str]:
        id, _ = self.task()
        return self.attached(id, self.number(1, 2))

    def inside(self) -> tuple[str, str]:
        id = self.id("u")
        self.scope(id, "")
        self.undone(id)
        return self.attached(id, self.number(0, 2))

    def scope(self, id: str, inner: str, **attributes: str) -> None:
        """A sub-process around a block."""
        outer, self.parts = self.parts, []
        begin, finish = self.id("s"), self.id("e")
        first, last = self.block()
        self.put(d.start(begin), d.end(finish), d.flow(begin, first), d.flow(last, finish))
        self.handlers()
        inside, self.parts = self.parts, outer
        if not self.number(0, 7):
            inside.append(self.compensating())
        self.put(d.sub(id, inner, *inside, **attributes))

    def compensating(self) -> str:
        """An event sub-process that compensates the sub-process it lies in, and throws back to what was done there."""
        id, begin, finish, throw = self.id("h"), self.id("q"), self.id("e"), self.id("c")
        outer, self.parts = self.parts, []
        first, last = self.task()
        self.put(d.start(begin, d.compensate()), d.end(finish), d.throws(throw, d.compensate()))
        self.put(d.flow(begin, first), d.flow(last, throw), d.flow(throw, finish))
        inside, self.parts = self.parts, outer
        return d.sub(id, *inside, triggeredByEvent="true")

    def handlers(self, *triggers: str) -> None:
        """Perhaps event sub-processes in this scope."""
        triggers = triggers or ("",) * (self.number(0, 5) == 0)
        for given in triggers:
            id, begin, finish = self.id("h"), self.id("q"), self.id("e")
            trigger = given or self.pick(d.timer("PT1H"), d.on("message", begin), d.timer("R2/PT1H"))
            interrupting = "R2" not in trigger and self.draw(st.booleans())
            outer, self.parts = self.parts, []
            first, last = self.block() if self.budget > 0 else self.task()
            start = d.start(begin, trigger, isInterrupting=str(interrupting).lower())
            self.put(start, d.end(finish), d.flow(begin, first), d.flow(last, finish))
            inside, self.parts = self.parts, outer
            self.put(d.sub(id, *inside, triggeredByEvent="true"))

    def attached(self, host: str, events: int) -> tuple[str, str]:
        """Boundary events: one that interrupts goes on after the host, back to it, or ends; others end."""
        first, last = host, host
        for _ in range(events):
            event = self.id("x")
            interrupting = self.draw(st.booleans())
            trigger = self.pick(
                d.timer("PT1H"), d.on("message", event), *([] if interrupting else [d.timer("R3/PT1H")])
            )
            self.put(d.boundary(event, host, trigger, interrupting=interrupting))
            after = event
            if self.draw(st.booleans()):
                begin, after = self.block() if self.budget > 0 else self.task()
                self.put(d.flow(event, begin))
            way = self.pick("on", "back", "end") if interrupting else "end"
            if way == "end":
                finish = self.id("e")
                self.put(d.end(finish), d.flow(after, finish))
            else:
                merge = self.id("g")
                self.put(d.gateway("exclusive", merge), d.flow(after, merge))
                if way == "on":
                    self.put(d.flow(last, merge))
                    last = merge
                else:
                    self.put(d.flow(merge, first))
                    first = merge
        return first, last

    # --- blocks -------------------------------------------------------------------------------------------------

    def row(self) -> tuple[str, str]:
        first, last = self.block()
        for _ in range(self.number(1, 2)):
            begin, finish = self.block()
            self.put(d.flow(last, begin))
            last = finish
        return first, last

    def choice(self) -> tuple[str, str]:
        return self.split("exclusive", "exclusive")

    def all(self) -> tuple[str, str]:
        return self.split("parallel", "parallel")

    def some(self) -> tuple[str, str]:
        return self.split("inclusive", "inclusive")

    def late_join(self) -> tuple[str, str]:
        """Branches of a parallel split that may end early, joined by an inclusive gateway."""
        return self.split("parallel", "inclusive")

    def spread(self) -> tuple[str, str]:
        """A task with conditions on its own ways out."""
        return self.split("task", "inclusive")

    def failing(self) -> tuple[str, str]:
        """An error or escalation from inside a sub-process, perhaps through another, to a border or a handler."""
        kind = self.pick("error", "escalation")
        id, name, gate, bad, finish = self.id("u"), self.id("n"), self.id("g"), self.id("e"), self.id("e")
        outer, self.parts = self.parts, []
        begin = self.id("s")
        first, last = self.block()
        self.put(d.start(begin), d.end(finish), d.gateway("exclusive", gate, f"{gate}-on"), d.flow(begin, first))
        self.put(d.flow(last, gate), d.flow(gate, finish, id=f"{gate}-on"), d.flow(gate, bad, self.condition()))
        if kind == "escalation" and self.draw(st.booleans()):
            self.put(d.throws(bad, d.on(kind, name)), d.flow(bad, finish))
        else:
            self.put(d.end(bad, d.on(kind, name)))
        if self.draw(st.booleans()):
            inside, self.parts = self.parts, []
            middle, start, end = self.id("u"), self.id("s"), self.id("e")
            loop = d.several(str(self.number(1, 3))) if self.draw(st.booleans()) else ""
            self.put(d.sub(middle, loop, *inside), d.start(start), d.end(end), d.flows(f"{start} {middle} {end}"))
        caught = self.pick(name, "")
        by_handler = self.draw(st.booleans())
        if by_handler:
            self.handlers(d.on(kind, caught))
        inside, self.parts = self.parts, outer
        self.put(d.sub(id, *inside))
        if not by_handler:
            event, after, ended = self.id("x"), self.id("t"), self.id("e")
            interrupting = kind == "error" or self.draw(st.booleans())
            self.put(d.boundary(event, id, d.on(kind, caught), interrupting=interrupting), d.task(after), d.end(ended))
            self.put(d.flows(f"{event} {after} {ended}"))
        return self.attached(id, self.number(0, 1))

    def split(self, opening: str, closing: str) -> tuple[str, str]:
        split, join = self.id("g"), self.id("g")
        branches = self.number(2, 3)
        deciding = opening != "parallel"
        if opening == "task":
            self.put(d.el("userTask", split, default=f"{split}-0"), d.gateway(closing, join))
        else:
            self.put(d.gateway(opening, split, f"{split}-0" if deciding else ""), d.gateway(closing, join))
        for branch in range(branches):
            when = self.condition() if deciding and branch else ""
            if deciding and self.number(0, 3) == 0:
                self.put(d.flow(split, join, when, id=f"{split}-{branch}"))
                continue
            first, last = self.block()
            self.put(d.flow(split, first, when, id=f"{split}-{branch}"))
            if closing == "inclusive" and branch and self.draw(st.booleans()):
                last = self.leaving(last)
            self.put(d.flow(last, join))
        return split, join

    def leaving(self, after: str) -> str:
        """Perhaps the branch ends here."""
        gate, finish = self.id("g"), self.id("e")
        self.put(d.gateway("exclusive", gate, f"{gate}-on"), d.end(finish))
        self.put(d.flow(after, gate), d.flow(gate, finish, self.condition()))
        onward = self.id("p")
        self.put(d.el("task", onward), d.flow(gate, onward, id=f"{gate}-on"))
        return onward

    def loop(self) -> tuple[str, str]:
        merge, gate = self.id("g"), self.id("g")
        first, last = self.block()
        asked, _ = self.task()
        self.put(d.gateway("exclusive", merge), d.gateway("exclusive", gate, f"{gate}-back"))
        onward = self.id("p")
        self.put(d.el("task", onward), d.flow(gate, onward, self.condition()))
        self.put(d.flow(merge, first), d.flow(last, asked), d.flow(asked, gate), d.flow(gate, merge, id=f"{gate}-back"))
        return merge, onward

    def race(self) -> tuple[str, str]:
        """An event-based gateway."""
        gate, merge = self.id("v"), self.id("g")
        self.put(d.gateway("eventBased", gate), d.gateway("exclusive", merge))
        for trigger in (d.timer("PT1H"), d.on("message", "news")):
            event = self.id("w")
            first, last = self.block()
            self.put(d.catch(event, trigger), d.flow(gate, event), d.flow(event, first), d.flow(last, merge))
        return gate, merge

    def fork(self) -> tuple[str, str]:
        """A branch that goes its own way and ends."""
        split, finish = self.id("g"), self.id("e")
        first, last = self.block()
        own, alone = self.block()
        self.put(d.gateway("parallel", split), d.end(finish))
        self.put(d.flow(split, first), d.flow(split, own), d.flow(alone, finish))
        return split, last

    def escape(self) -> tuple[str, str]:
        """A way to a terminate end event."""
        gate, finish = self.id("g"), self.id("e")
        first, last = self.block()
        self.put(d.gateway("exclusive", gate, f"{gate}-on"), d.end(finish, d.on("terminate")))
        self.put(d.flow(gate, finish, self.condition()), d.flow(gate, first, id=f"{gate}-on"))
        return gate, last


@st.composite
def processes(draw: DrawFn) -> str:
    """As XML."""
    sheet = _Sheet(draw, budget=draw(st.integers(2, 14)))
    first, last = sheet.block()
    sheet.handlers()
    return d.xml(d.start(), d.end(), d.flow("s", first), d.flow(last, "e"), *sheet.parts)


@st.composite
def tangles(draw: DrawFn) -> str:
    """Flows drawn anyhow between tasks and gateways, sound or not, as XML. Only tasks lead back, so that nothing runs
    in circles by itself."""
    kinds = draw(
        st.lists(st.sampled_from(("task", "task", "exclusive", "parallel", "inclusive")), min_size=3, max_size=9)
    )
    ids = [f"{kind[0]}{number}" for number, kind in enumerate(kinds)]
    parts = [d.start(), d.end(), d.flow("s", ids[0])]
    for number, (id, kind) in enumerate(zip(ids, kinds, strict=True)):
        ahead = [*ids[number + 1 :], "e"]
        if kind == "task":
            parts += [d.task(id), d.flow(id, draw(st.sampled_from([*ids, "e"])), id=f"{id}-0")]
            continue
        targets = draw(st.lists(st.sampled_from(ahead), min_size=1, max_size=3))
        deciding = kind != "parallel" and len(targets) > 1
        parts.append(d.gateway(kind, id, f"{id}-0" if deciding else ""))
        for way, target in enumerate(targets):
            when = f"={draw(st.sampled_from(NAMES))} = {draw(st.sampled_from(VALUES))}" if deciding and way else ""
            parts.append(d.flow(id, target, when, id=f"{id}-{way}"))
    return d.xml(*parts)
