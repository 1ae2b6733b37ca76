"""Who acts: an officer with unit and roles, or the clock itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Held:
    """One role held for one unit. `path` is the unit's place in the tree ("1.4.9.")."""

    role: str
    unit_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is told to an act as `by=`. `id` is None only for the clock and for imports by the machine."""

    id: int | None
    login: str
    name: str
    unit_id: int | None
    unit_path: str = ""
    unit_code: str = ""
    held: tuple[Held, ...] = field(default=())

    def __hash__(self) -> int:
        """Questions are remembered by who asks, and looked up at every step: his login tells nearly all apart."""
        return hash(self.login)

    @property
    def told(self) -> dict[str, str]:
        """The officer as expressions see him."""
        return {"login": self.login, "name": self.name, "unit": self.unit_code}

    def has(self, role: str) -> bool:
        return any(grant.role == role for grant in self.held)

    def holds(self, role: str, unit_id: int | None) -> bool:
        """Whether this actor holds `role` for just this unit; None asks for the role anywhere."""
        return any(grant.role == role and (unit_id is None or grant.unit_id == unit_id) for grant in self.held)

    @property
    def sight(self) -> tuple[str, ...]:
        """The tree paths this actor sees: own unit and below, and what his roles are granted for. Shortest first,
        paths inside another left out."""
        paths = sorted({self.unit_path, *(grant.path for grant in self.held)} - {""}, key=len)
        seen: list[str] = []
        for path in paths:
            if not any(path.startswith(wider) for wider in seen):
                seen.append(path)
        return tuple(seen)

    @property
    def sees_all(self) -> bool:
        return self.has("auditor") or self.has("admin")

    @property
    def reads_only(self) -> bool:
        """An auditor and nothing else: reads everything, changes nothing."""
        return bool(self.held) and all(grant.role == "auditor" for grant in self.held)


CLOCK = Actor(id=None, login="clock", name="系统时钟", unit_id=None)
