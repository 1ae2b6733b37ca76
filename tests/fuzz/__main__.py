"""`python -m tests.fuzz --minutes N [--seed S]`: random FEEL, JavaScript and decision files against the sandbox.

Looked for: reaching the host, exceptions nobody expects, answers that take longer than the budget, and the same
question with two answers. What is found is printed with its text; the exit code tells whether there was anything.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from engine.notation import decisions
from engine.notation.expressions import ExpressionFailed, explain, problems
from engine.notation.feel import sandbox, script
from engine.notation.hits import DecisionFailed
from tests.fuzz import grammar

AT = datetime(2026, 5, 5, 20, 30, tzinfo=UTC)
NAMES: dict[str, Any] = {"x": 3, "xs": [1, "a", None], "due": AT, "case": {"level": 2}}
# What is stopped may take this much longer than the budget: garbage is collected, an isolate is opened anew.
PATIENCE = 6.0
# No value that comes out may speak of the host. That a script sees its own isolate's functions is no secret.
HOST = ("process", "py_mini_racer", "/usr/", "/lib/", "mini_racer")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=1.0)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    chance = random.Random(options.seed)
    counts: Counter[str] = Counter()
    found: list[str] = []
    until = time.monotonic() + options.minutes * 60
    while time.monotonic() < until:
        kind, make, ask = chance.choice(KINDS)
        text = make(chance)
        counts[kind] += 1
        for fault in tried(kind, text, ask, counts):
            found.append(fault)
            print(f"{fault}\n    {text!r}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    print(f"{len(found)} found" if found else "nothing got through")
    return 1 if found else 0


def tried(kind: str, text: str, ask: Callable[[str], Any], counts: Counter[str]) -> list[str]:
    """What is wrong with how a text was answered."""
    faults = []
    answers = []
    for _ in range(2):
        began = time.process_time()  # what others compute meanwhile is not ours
        try:
            answer = ("value", ask(text))
        except (ExpressionFailed, DecisionFailed, decisions.DecisionsNotReadable) as refusal:
            answer = ("refused", refusal.en)
        except script.ScriptFailed as refusal:
            answer = ("refused", refusal.said)
        except Exception as error:  # this is what is looked for
            return [f"{kind}: {type(error).__name__}: {error}"]
        took = time.process_time() - began
        stopped = answer[0] == "refused" and (answer[1] == "" or "too long" in answer[1])
        counts["stopped" if stopped else answer[0]] += 1
        if took > sandbox.SECONDS + PATIENCE:
            faults.append(f"{kind}: took {took:.1f} s")
        leaks = HOST if kind == "JavaScript" else ("[native code]", *HOST)
        if any(word in str(answer[1]) and word not in text for word in leaks):
            faults.append(f"{kind}: speaks of the host: {str(answer[1])[:200]}")
        if stopped:
            return faults  # where it was stopped may differ
        answers.append(repr(answer))
    if answers[0] != answers[1]:
        faults.append(f"{kind}: two answers: {answers[0][:200]} and {answers[1][:200]}")
    return faults


def _feel(text: str) -> Any:
    problems(text, unary=len(text) % 2 == 0)
    return explain(text, NAMES, at=AT).value


def _table(text: str) -> Any:
    taken = decisions.read(text.encode("utf-8", "replace"))
    return [taken.decide(id, NAMES, at=AT) for id in taken.ids]  # the mutation may have renamed the one there is


def _script(text: str) -> Any:
    return script.run(text, NAMES)


KINDS: list[tuple[str, Callable[[random.Random], str], Callable[[str], Any]]] = [
    ("FEEL", grammar.feel, _feel),
    ("FEEL", grammar.feel, _feel),
    ("JavaScript", grammar.script, _script),
    ("DMN", grammar.table, _table),
]


if __name__ == "__main__":
    sys.exit(main())
