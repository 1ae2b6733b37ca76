"""The loop that is measured: register, (script), dispatch, accept, rectify, review (back, or on), feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LOOP = Path(__file__).parent / "loop.bpmn"
STEPS = ("register", "dispatch", "accept", "rectify", "review", "feedback")
WHO = {
    "register": "liaison", "dispatch": "dispatcher", "accept": "clerk", "rectify": "clerk", "review": "reviewer",
    "feedback": "liaison",
}  # fmt: skip


def answers_of(step: str, following: tuple[str, ...]) -> dict[str, Any]:
    answers: dict[str, Any] = {f"{step}_note": "已办理，情况属实。"}
    if step == "review":
        answers["rework"] = following == ("rectify",)
    return answers
