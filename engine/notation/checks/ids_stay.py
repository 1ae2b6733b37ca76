"""Steps keep their ids from version to version; a new id is a new step to ledgers, indicators and differences.

各步骤的 id 跨版本不变；id 变了，台账、指标和对比都会当成新步骤。

Why: Ledgers and indicators count by ids; a changed one begins at nothing, and running cases cannot be moved to the
new version by themselves.

为什么：台账和指标按 id 统计；改了 id 就从零开始，办理中的事项也无法自动换到新版本。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "ids_stay"


def check(drawing: Drawing) -> Iterator[Finding]:
    if drawing.previous is None:
        return
    if drawing.previous.process != drawing.diagram.process:
        yield drawing.error(
            LAW,
            drawing.diagram.process,
            f"{{it}}的 id 与上一版不同（上一版是“{drawing.previous.process}”）。同一流程的 id 不能改。",
            f'{{it}} has another id than the last version ("{drawing.previous.process}"); the id of a process '
            "cannot change.",
        )
    now, before = drawing.diagram.elements, drawing.previous.elements
    by_name = {(each.kind, each.name): each for each in now.values() if each.id not in before}
    for gone in before.values():
        if gone.id in now:
            continue
        same = by_name.get((gone.kind, gone.name)) if gone.name else None
        if same is not None:
            yield drawing.warning(
                LAW,
                same,
                f"{{it}}的 id 从“{gone.id}”变成了“{same.id}”，统计会把它当成新步骤。建议改回原来的 id。",
                f'The id of {{it}} changed from "{gone.id}" to "{same.id}"; indicators will take it for a new step. '
                "Set the old id again.",
            )
        elif gone.kind in {"userTask", "manualTask"}:
            name_zh, name_en = gone.name or gone.id, gone.name_en or gone.name or gone.id
            yield drawing.warning(
                LAW,
                drawing.diagram.process,
                f"上一版的任务“{name_zh}”（{gone.id}）没有了。如果不是有意删除，请恢复。",
                f'The task "{name_en}" ({gone.id}) of the last version is gone. If that was not meant, put it back.',
            )
