"""Help for whoever draws: the laws, and every element of BPMN with what becomes of it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.notation import breadth, checks
from engine.notation.imports import told
from engine.words.terms import Term
from webui.arrivals import SORTS
from webui.designer.room import room

STATES: dict[str, Term] = {
    breadth.RUNS: Term("能执行", "Runs"),
    breadth.DRAWN: Term("只作说明", "Documentation"),
    breadth.REFUSED: Term("拒绝", "Refused"),
}


@room.get("/help/laws")
def laws() -> ResponseReturnValue:
    return render_template("designer/laws.html", laws=checks.LAWS, of_the_file=checks.OF_THE_FILE)


@room.get("/help/elements")
def elements() -> ResponseReturnValue:
    """Every element of BPMN: what runs, what is refused and why. `q` narrows it down."""
    wanted = request.args.get("q", "").strip().casefold()
    parts = [part for part in breadth.PARTS if all(word in _words(part) for word in wanted.split())]
    groups = [(id, term, [p for p in parts if p.group == id]) for id, term in breadth.GROUPS.items()]
    counts = {state: sum(part.state == state for part in breadth.PARTS) for state in STATES}
    return render_template("designer/elements.html", groups=groups, states=STATES, counts=counts, wanted=wanted)


def _words(part: breadth.Part) -> str:
    group, state = breadth.GROUPS[part.group], STATES[part.state]
    terms = (part.name, part.said, group, state)
    return " ".join((part.tag, part.law, part.test, *(f"{term.zh} {term.en}" for term in terms))).casefold()


@room.get("/help/imports")
def imports() -> ResponseReturnValue:
    """What becomes of each tool's things when a diagram is brought in."""
    tools: dict[str, list[told.Fate]] = {}
    for fate in told.FATES:
        tools.setdefault(fate.tool, []).append(fate)
    return render_template("designer/imports.html", tools=tools, sorts=SORTS)
