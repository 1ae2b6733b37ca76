"""The snapshot of a case: where its tokens are and what the play remembers, without the spec, as compact JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from engine.notation.spiff.first_schema import translated
from engine.notation.spiff.scopes import Whole
from engine.notation.spiff.specs import Specs
from engine.notation.spiff.token import Token
from engine.words.errors import CannotGoOn
from engine.words.kept import Large, folded, folded_members
from engine.words.values import from_json, to_json

SCHEMA = 4


@dataclass
class Memory:
    """What must be remembered from step to step besides the tokens. All of it is JSON.

    open: id → {"kind": task|timer|wait|signal|call|job, "element", "token", …}; doers: element → officer ids of this
    round; clocks: name → clock; counts: name → how many; parties: keys of those who take part already; due: the
    deadline the case as a whole lives by."""

    open: dict[str, dict[str, Any]] = field(default_factory=dict)
    doers: dict[str, list[int]] = field(default_factory=dict)
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    parties: list[str] = field(default_factory=list)
    due: Any = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Memory:
        """The memory of a snapshot, read from its JSON."""
        return cls(kept["open"], kept["doers"], kept["clocks"], kept["counts"], kept["parties"], kept["due"])


def freeze(workflow: Whole, memory: Memory) -> tuple[bytes, Large]:
    """The snapshot, and the large values it refers to: those that were not kept before."""
    large: Large = {}
    inner = {
        id: [part.spec.name, _frozen(part, large), _past(part, large)] for id, part in workflow.subprocesses.items()
    }
    state = orjson.dumps(
        {
            "schema": SCHEMA,
            "done": workflow.completed,
            "top": _frozen(workflow, large),
            "past": _past(workflow, large),
            "inner": inner,
            **memory.__dict__,
        }
    )
    return state, large


def _past(scope: Any, large: Large) -> Any:
    """What a scope remembers beside its tokens: what could be undone, and what is being undone; 0 if nothing."""
    if not scope.undo and scope.undoing is None:
        return 0
    past = {"undo": _done(scope.undo, large)} if scope.undo else {}
    return past | ({"undoing": _done(scope.undoing, large)} if scope.undoing is not None else {})


def _done(steps: list[Any], large: Large) -> list[Any]:
    """Completed steps: the node, what only that instance knew (or 0), the steps done inside (or 0)."""
    return [
        [node, folded_members(to_json(known), large) if known else 0, _done(inside, large) if inside else 0]
        for node, known, inside in steps
    ]


def _known(internal: dict[str, Any], large: Large) -> dict[str, Any]:
    """What a token remembers. What is gathered grows with every instance, so that only its parts are kept beside."""
    known: dict[str, Any] = {}
    for name, value in internal.items():
        if value is True:
            known[name] = True
        elif name == "gathered":
            known[name] = {index: folded_members(to_json(one), large) for index, one in value.items()}
        elif name == "inside":
            known[name] = _done(value, large)
        else:
            known[name] = folded(to_json(value), large)
    return known


def _frozen(scope: Any, large: Large) -> list[list[Any]]:
    """Each token: id, the token it clings to, node, state, what it remembers, what only it knows."""
    return [
        [
            token.id,
            token._parent or 0,
            token.task_spec.name,
            token.state,
            _known(token.internal_data, large) if token.internal_data else 0,
            folded_members(to_json(token.data), large) if token.data else 0,
        ]
        for token in scope.tasks.values()
    ]


_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError)


class _Legible:
    """A snapshot that cannot be read stops its own case with a sentence, never the program."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _BROKEN):
            raise CannotGoOn(
                "",
                f"本事项的流程快照读不出来（{type(error).__name__}：{error}），须由管理人员处理",
                f"The snapshot of this case cannot be read ({type(error).__name__}: {error}); it has to be repaired",
            ) from error


legible = _Legible()


def read(state: bytes, specs: Specs) -> dict[str, Any]:
    """The JSON of a snapshot, of this or an earlier schema. Raises `CannotGoOn` when it cannot be read."""
    with legible:
        kept: dict[str, Any] = orjson.loads(state)
        return kept if kept["schema"] == SCHEMA else _brought_up(kept, specs)


def _brought_up(kept: dict[str, Any], specs: Specs) -> dict[str, Any]:
    if kept["schema"] == 1:
        kept = translated(kept, specs)
    if kept["schema"] == 2:
        inner = {id: [*scope, 0] for id, scope in kept["inner"].items()}
        kept = {**kept, "schema": 3, "past": 0, "inner": inner}
    if kept["schema"] == 3:  # no value was kept beside the snapshot
        kept = {**kept, "schema": 4}
    if kept["schema"] != SCHEMA:
        raise ValueError(f"schema {kept['schema']}")
    return kept


def restored(kept: Mapping[str, Any], specs: Specs, play: Any) -> Whole:
    """The live workflow. The specs are shared and stay as they are."""
    workflow = Whole(specs.process, specs.inner, play)
    workflow.completed = kept["done"]
    _thawed(workflow, kept["top"], kept["past"])
    for id, (spec, tokens, past) in kept["inner"].items():  # a scope stands after the one it lies in
        _thawed(workflow.open(workflow.find(id), spec), tokens, past)
    return workflow


def _thawed(scope: Any, tokens: list[list[Any]], past: Any) -> None:
    if past:
        scope.undo = from_json(past.get("undo", []))
        scope.undoing = from_json(past["undoing"]) if "undoing" in past else None
    nodes = scope.spec.task_specs
    for id, host, node, state, internal, data in tokens:
        Token(
            scope, nodes[node], scope.tasks[host] if host else None, state=state, id=id,
            known=from_json(internal) if internal else None, data=from_json(data) if data else None,
        )  # fmt: skip
