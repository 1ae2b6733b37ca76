"""Whether every case of a diagram comes to its end, whatever is decided on the way.

Data is left out: every condition may hold or not, every event may come or not. Each sub-process is looked at by itself.
"""

from __future__ import annotations

from engine.notation.soundness.judge import BUDGET, Flaw, Verdict, judge

__all__ = ["BUDGET", "Flaw", "Verdict", "judge"]
