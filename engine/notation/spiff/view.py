"""What the expressions of a form see at this moment of a case, without moving anything."""

from __future__ import annotations

from engine.notation.scene import Scene
from engine.notation.seen import Names
from engine.notation.spiff.play import Play
from engine.notation.spiff.state import Memory, legible, read, restored


def names(scene: Scene, state: bytes, task_id: str | None = None) -> Names:
    """Variables, `case`, `clocks`, `officer`, and what belongs only to the instance of `task_id`."""
    kept = read(state, scene.published.specs)
    with legible:
        play = Play(scene, Memory.of(kept))
        waiting = kept["open"].get(task_id or "")
        whole = restored(kept, scene.published.specs, play) if waiting is not None else None
    if waiting is None or whole is None:
        return play.names()
    seen = play.names(whole.find(waiting["token"]))
    whole.dissolve()
    return seen
