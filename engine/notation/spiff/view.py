"""What the expressions of a form see at this moment of a case, without moving anything."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import orjson

from engine.notation.scene import Scene
from engine.notation.spiff.play import Play
from engine.notation.spiff.state import Memory
from engine.words.values import from_json


def names(scene: Scene, state: bytes, task_id: str | None = None) -> dict[str, Any]:
    """Variables, `case`, `clocks`, `officer`, and what belongs only to the instance of `task_id`."""
    kept = orjson.loads(state)
    play = Play(scene)
    play.remember(Memory.of(kept))
    waiting = kept["open"].get(task_id or "")
    data: dict[str, Any] = {}
    if waiting is not None:
        for flow in (kept["top"], *kept["inner"].values()):
            for token, _parent, _spec, _state, _triggered, _internal, local in flow["tasks"]:
                if token == waiting["token"] and local:
                    data = from_json(local)
    return play.names(SimpleNamespace(data=data))
