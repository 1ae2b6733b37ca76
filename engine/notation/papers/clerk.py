"""Has a template read or filled by the process made for it, and says in a sentence why when it cannot be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from engine.words.errors import Fault, NotValid

# The process itself gives up before that (`filling.SECONDS` of its own time).
PATIENCE = 20.0
FIELD = "file"
_HOME = Path(__file__).resolve().parents[3]


def names_in(template: bytes) -> list[str]:
    """The names a template asks for. Raises `NotValid` when its marks cannot be read."""
    answer, _made = _ask({"order": "read", "size": len(template)}, template)
    return [str(name) for name in answer["names"]]


def filled(template: bytes, context: Mapping[str, Any]) -> bytes:
    """The paper. `context`: name → value as `engine/reads/paper_words.py` writes it. Raises `NotValid`."""
    _answer, made = _ask({"order": "fill", "size": len(template), "context": dict(context)}, template)
    return made


def _ask(order: Mapping[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    told = orjson.dumps(order) + b"\n" + template
    command = [sys.executable, "-m", "engine.notation.papers.filling"]
    try:
        done = subprocess.run(command, input=told, capture_output=True, timeout=PATIENCE, check=False, cwd=_HOME)
    except subprocess.TimeoutExpired:
        raise _too_long() from None
    head, _, made = done.stdout.partition(b"\n")
    if done.returncode < 0 or not head:
        raise _too_long()
    answer: dict[str, Any] = orjson.loads(head)
    if "refused" in answer:
        raise NotValid([_sentence(answer["refused"])])
    return answer, made


def _too_long() -> NotValid:
    return NotValid([
        Fault(FIELD, "模板填写耗时或占用内存过多，已中止。请减少循环的层数。",
              "Filling the template took too long or too much memory and was stopped. Use fewer loops.")
    ])  # fmt: skip


def _sentence(why: Mapping[str, Any]) -> Fault:
    said = str(why["said"])
    text = f"“{why['text']}”" if why["text"] else ""
    zh = f"第 {why['number']} 段{text}：" if why["number"] else ""
    en = f"Paragraph {why['number']} {text}: " if why["number"] else ""
    told = {
        "name": (f"这里没有“{said}”这个字段。先用 if 判断有没有，或改正名称。",
                 f"there is no field “{said}” here. Ask with if whether it is there, or mend the name."),
        "syntax": (f"标记写错了（{said}）。", f"the mark cannot be read ({said})."),
        "forbidden": ("模板里不能这样写：只能打印字段、判断和循环。",
                      "a template cannot do that: it prints fields, chooses and repeats."),
        "large": ("填好的文书太大。", "the filled paper is too large."),
        "broken": (f"填不出来（{said}）。", f"it cannot be filled ({said})."),
    }  # fmt: skip
    return Fault(FIELD, zh + told[why["why"]][0], en + told[why["why"]][1])
