"""Who takes part in a case, and so may see it: whoever raised or handled it, its lead unit and co-units.

And from whom it is hidden: the units that must not know of it yet.
"""

from __future__ import annotations

from engine.notation.spiff import topics
from engine.notation.spiff.play import Play
from engine.words import facts as f


def join(play: Play, part: str, *, unit: int | None = None, officer: int | None = None) -> None:
    """Once is enough, however often it is said."""
    key = f"unit:{unit}:{part}" if unit is not None else f"officer:{officer}:{part}"
    if (unit is not None or officer is not None) and key not in play.memory.parties:
        play.memory.parties.append(key)
        play.note(f.PartyJoined(part, unit, officer))


def follow(play: Play) -> None:
    """The lead unit and co-units take part, and so see the case. There is one lead unit at any moment."""
    office = play.scene.office
    lead = office.units.get(str(play.variables.get("lead_unit") or ""))
    standing = [key.split(":") for key in play.memory.parties if key.endswith((":lead", ":hidden"))]
    old = next((int(unit) for _kind, unit, part in standing if part == "lead"), None)
    if lead != old:
        if old is not None:
            play.memory.parties.remove(f"unit:{old}:lead")
            play.note(f.PartyLeft("lead", old))
            join(play, "former", unit=old)
        play.note(f.LeadUnitChanged(old, lead))
        join(play, "lead", unit=lead)
    co_units = play.variables.get("co_units")  # what stands as it was found (`Kept`) has joined before
    for code in co_units if isinstance(co_units, list) else []:
        join(play, "co", unit=office.units.get(str(code)))
    _hide(play, [int(unit) for _kind, unit, part in standing if part == "hidden"])
    join(play, "raiser", unit=play.scene.raiser_unit)
    join(play, "raiser", officer=play.scene.opened_by)


def _hide(play: Play, before: list[int]) -> None:
    """The units that must not know of the case yet (an unannounced visit), as the diagram says now; `before`: those
    it was hidden from until now."""
    diagram = play.scene.published.diagram
    said, found = diagram.properties.get("hidden_from", ""), set()
    if said:
        first = next(iter(diagram.elements.values()))  # who reads of a mistake is led there
        found = set(topics.units_of(play, first, None, said))
    for unit in before:
        if unit not in found:
            play.memory.parties.remove(f"unit:{unit}:hidden")
            play.note(f.PartyLeft("hidden", unit))
    for unit in sorted(found):
        join(play, "hidden", unit=unit)
