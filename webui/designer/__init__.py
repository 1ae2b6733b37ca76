"""The designer's room: processes and their versions, the working copy drawn in the browser, checking, publishing."""

from __future__ import annotations

from webui.designer import answers, boards, copies, guide, processes, publishing
from webui.designer.room import room

__all__ = ["answers", "boards", "copies", "guide", "processes", "publishing", "room"]
