"""Puts the tokens of a running case on another drawing: each where its element stands now, with what it remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.checks.naming import called
from engine.notation.diagram import Element
from engine.notation.moving import CannotMove, Plan, Refused
from engine.notation.spiff.eventnodes import BoundaryEvent, EventSubProcess
from engine.notation.spiff.scopes import Whole
from engine.notation.spiff.token import Token


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood at `here` (old drawing) and stands at `there` now. `here` None: a sub-process drawn around it since;
    `there` None: one that is not drawn any more."""

    token: Any
    here: Element | None
    there: Element | None


def replant(plan: Plan, old: Whole, play: Any) -> tuple[Whole, list[Stood]]:
    """The same tokens, by their ids, on the new drawing. Raises `CannotMove` with every reason."""
    planter = _Planter(plan, old, Whole(plan.new.specs.process, plan.new.specs.inner, play))
    planter.new.completed = old.completed
    planter.scope(old, planter.new)
    if planter.faults:
        raise CannotMove(planter.faults)
    return planter.new, planter.stood


class _Planter:
    def __init__(self, plan: Plan, old: Whole, new: Whole) -> None:
        self.plan = plan
        self.old = old
        self.new = new
        self.faults: list[Refused] = []
        self.stood: list[Stood] = []

    def scope(self, here: Any, there: Any) -> None:
        """All that goes on inside the process or one sub-process."""
        if here.undoing is not None:
            self._refuse_undoing(here)
            return
        there.undo = [*there.undo, *self._undo(here.undo, there.spec)]
        roots = [token for token in here.tasks.values() if token.parent is None]
        for token in roots:
            if _only_waits_beside(token):
                self._beside(token, there)
            elif _at_a_join(token):
                self._join(token, there)
            else:
                self._root(token, there, alone=len([t for t in roots if not _only_waits_beside(t)]) == 1)
        if not here.taken_over:
            known = {self._id(node.bpmn_id) for node in here.spec.handlers}
            for node in there.spec.handlers:
                if node.waits and node.bpmn_id not in known:
                    Token(there, node, None, state=TaskState.WAITING)

    # --- what stands by itself ----------------------------------------------------------------------------------

    def _root(self, token: Any, scope: Any, *, alone: bool) -> None:
        here = self._here(token)
        there = self.plan.target(here.id)
        inside = self.old.subprocesses.get(token.id)
        if there is None and inside is not None and "index" not in token.internal_data and not here.by_event:
            self._dissolve(here, inside, scope)
            return
        wrong = self.plan.misfits(here)
        if wrong or there is None:
            self.faults.extend(wrong)
            return
        place = self._place(here, there, scope, alone=alone)
        if place is None:
            return
        moved = self._put(token, place, there.id, None)
        self.stood.append(Stood(moved, here, there))
        self._clinging(token, moved, place, here, there)
        if inside is not None and inside.undoing is not None:
            self._refuse_undoing(inside)  # opened by an event that throws compensation, it is no scope of its own
        elif inside is not None:
            self.scope(inside, self.new.open(moved, there.id))

    def _refuse_undoing(self, scope: Any) -> None:
        zh, en = called(self.plan.old.diagram, scope.spec.name)
        self.faults.append(
            Refused(
                "undoing",
                scope.spec.name,
                f"{zh}正在撤销已经办过的步骤，撤销完才能迁移。",
                f"What was done in {en} is being undone; the case can move when that is over.",
            )
        )

    def _place(self, here: Element, there: Element, scope: Any, *, alone: bool) -> Any:
        """The scope it belongs in: the one it is in, or sub-processes drawn around it since, opened for it alone."""
        missing: list[Element] = []
        inside = there.inside
        while inside != scope.spec.name and inside in self.plan.new.diagram.elements:
            missing.append(self.plan.new.diagram.elements[inside])
            inside = missing[-1].inside
        if inside != scope.spec.name or any(e.by_event or e.repeat for e in missing) or (missing and not alone):
            self.faults.append(self._elsewhere(here, there))
            return None
        for element in reversed(missing):
            host = Token(scope, scope.spec.task_specs[element.id], None, state=TaskState.STARTED)
            host.internal_data["in"] = True
            host.task_spec.arm(host)
            self.stood.append(Stood(host, None, element))
            scope = self.new.open(host, element.id)
            scope.arm()
        return scope

    def _dissolve(self, gone: Element, inside: Any, scope: Any) -> None:
        """A sub-process that is not drawn any more: what goes on inside goes on without it, if it is only one thing."""
        roots = [token for token in inside.tasks.values() if token.parent is None and not _only_waits_beside(token)]
        if len(roots) == 1 and not _at_a_join(roots[0]):
            self.stood.append(Stood(None, gone, None))
            scope.undo = [*scope.undo, *self._undo(inside.undo, scope.spec)]
            self._root(roots[0], scope, alone=True)
            return
        zh, en = called(self.plan.old.diagram, gone)
        self.faults.append(
            Refused(
                "scope",
                gone.id,
                f"{zh}里有 {len(roots)} 处同时在办，新版没有这个子流程，它们无处汇合。",
                f"{len(roots)} things go on inside {en}; the new version has no sub-process where they could meet.",
            )
        )

    def _elsewhere(self, here: Element, there: Element) -> Refused:
        zh, en = called(self.plan.old.diagram, here)
        to_zh, to_en = called(self.plan.new.diagram, there.inside)
        return Refused(
            "scope",
            here.id,
            f"{zh}在新版属于{to_zh}这一层，而事项里同层还有别的在办，或那一层不能凭空打开。",
            f"{en} lies in {to_en} in the new version, but something else goes on beside it, or that sub-process "
            "cannot be opened out of nothing.",
        )

    def _join(self, token: Any, scope: Any) -> None:
        """A token that waits at a gateway for others, by the flow on which it came."""
        here = self._here(token)
        wrong = self.plan.misfits(here)
        there = self.plan.target(here.id)
        if wrong or there is None:
            self.faults.extend(wrong)
            return
        if there.inside != scope.spec.name:
            self.faults.append(self._elsewhere(here, there))
            return
        old, new = self.plan.old.diagram, self.plan.new.diagram
        ways = {flow.id: self.plan.flow(flow.id, there.id) for flow in old.incoming(here.id)}
        via = ways.get(token.internal_data["via"])
        whole = here.kind == "inclusiveGateway" or set(ways.values()) == {flow.id for flow in new.incoming(there.id)}
        if via is None or not whole or (here.kind == "parallelGateway" and len(set(ways.values())) != len(ways)):
            zh, en = called(old, here)
            self.faults.append(
                Refused(
                    "join",
                    here.id,
                    f"{zh}已有分支到达、正在等其余分支；新版进入它的连线不同，等待无法对应。",
                    f"A branch has reached {en} and waits for the others; other flows lead into it in the new version.",
                )
            )
            return
        moved = self._put(token, scope, there.id, None)
        moved.internal_data["via"] = via

    def _beside(self, token: Any, scope: Any) -> None:
        """An event sub-process that waits. One that is not drawn any more waits no longer."""
        here = self._here(token)
        there = self.plan.target(here.id)
        if there is None or there.inside != scope.spec.name:
            return
        wrong = self.plan.misfits(here)
        if wrong:
            self.faults.extend(wrong)
            return
        self._put(token, scope, there.id, None)

    # --- what clings to something -------------------------------------------------------------------------------

    def _clinging(self, token: Any, host: Any, scope: Any, here: Element, there: Element) -> None:
        for child in token.children:
            if isinstance(child.task_spec, BoundaryEvent):
                self._boundary(child, host, scope, there)
            else:
                self._instance(child, host, scope, here, there)
        # What was on the border before has had its turn if it waits no longer; what is new begins to wait.
        known = {self._id(event.bpmn_id) for event in token.task_spec.boundary}
        for event in host.task_spec.boundary:
            if event.waits and event.bpmn_id not in known:
                Token(scope, event, host, state=TaskState.WAITING)

    def _boundary(self, child: Any, host: Any, scope: Any, there: Element) -> None:
        here = self._here(child)
        event = self.plan.target(here.id)
        if event is None or event.attached_to != there.id:
            return
        wrong = self.plan.misfits(here)
        if wrong:
            self.faults.extend(wrong)
            return
        self._put(child, scope, event.id, host)

    def _instance(self, child: Any, host: Any, scope: Any, here: Element, there: Element) -> None:
        """One instance of a repeated step: it keeps its member, under the name that the new version has for it."""
        moved = self._put(child, scope, f"{there.id} [instance]", host)
        was, now = here.repeat and (here.repeat.variable or "item"), there.repeat and (there.repeat.variable or "item")
        if was and now and was != now and was in moved.data:
            moved.data = {now if name == was else name: value for name, value in moved.data.items()}
        inside = self.old.subprocesses.get(child.id)
        if inside is not None:
            self.scope(inside, self.new.open(moved, there.id))

    def _undo(self, done: list[Any], spec: Any) -> list[Any]:
        """What was completed and could be compensated, as far as the new drawing can undo it."""
        kept: list[Any] = []
        for name, known, inside in done:
            node = spec.task_specs.get(self._name(name))
            if node is None or not (inside or node.undone_by is not None or node.undoes_itself):
                continue
            within = self.plan.new.specs.inner.get(node.bpmn_id)
            kept.append([node.name, known, self._undo(inside, within) if inside and within is not None else 0])
        return kept

    # --- small things -------------------------------------------------------------------------------------------

    def _put(self, token: Any, scope: Any, node: str, host: Any) -> Any:
        moved = Token(scope, scope.spec.task_specs[node], host, state=token.state, id=token.id)
        moved.internal_data = dict(token.internal_data)
        if "held" in moved.internal_data:
            moved.internal_data["held"] = {self._id(id) or id: now for id, now in moved.internal_data["held"].items()}
        if isinstance(moved.internal_data.get("done"), list):  # steps chosen in an ad-hoc sub-process
            moved.internal_data["done"] = [self._name(name) for name in moved.internal_data["done"]]
        moved.data = dict(token.data)
        return moved

    def _here(self, token: Any) -> Element:
        return self.plan.old.diagram.element(token.task_spec.bpmn_id)

    def _name(self, node: str) -> str:
        """The name of the node that stands for this one; instances are told apart by their ending."""
        id, instance, _ = node.partition(" [instance]")
        return (self._id(id) or id) + instance

    def _id(self, id: str) -> str | None:
        found = self.plan.target(id)
        return found.id if found is not None else None


def at_no_join(whole: Whole) -> list[Any]:
    """Tokens that waited for others at a gateway into which only one flow leads now: there is nothing to wait for."""
    return [token for token in whole.tokens if _at_a_join(token) and len(token.task_spec.arriving) < 2]


def _only_waits_beside(token: Any) -> bool:
    return isinstance(token.task_spec, EventSubProcess) and token.state == TaskState.WAITING


def _at_a_join(token: Any) -> bool:
    return bool(token.task_spec.joining and token.state == TaskState.WAITING)
