"""The people and places of the tests: a small city, each officer named by duty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from engine.acts import officers
from engine.words.officers import CLOCK, Actor

# A Tuesday, 09:00 in the city's zone.
MORNING = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)

UNITS = [
    ("CITY", "青澜市", "Qinglan City", None),
    ("CP", "市指挥部", "Command post", "CITY"),
    ("LIAISON", "专家服务组", "Expert liaison group", "CP"),
    ("INSPECT", "督查组", "Inspection team", "CP"),
    ("EXPERTS", "上级专家组", "Visiting experts", "CITY"),
    ("HARBOUR", "港口街道", "Harbour street", "CITY"),
    ("PIER", "码头社区", "Pier community", "HARBOUR"),
    ("HEALTH", "市卫健局", "Health bureau", "CITY"),
]
# login, name, unit, roles as (role, unit code)
OFFICERS = [
    ("expert", "专家甲", "EXPERTS", [("raiser", "EXPERTS")]),
    ("liaison", "联络员甲", "LIAISON", [("liaison", "CITY")]),
    ("closer", "联络员乙", "LIAISON", [("liaison", "CITY")]),
    ("leader", "主要领导", "CP", [("leader", "CITY"), ("arbiter", "CITY"), ("lead_leader", "CITY")]),
    ("dispatcher", "派遣员甲", "CP", [("dispatcher", "CITY")]),
    ("clerk", "港口经办", "HARBOUR", [("unit_clerk", "HARBOUR")]),
    ("head", "港口负责人", "HARBOUR", [("unit_head", "HARBOUR")]),
    ("health_clerk", "卫健经办", "HEALTH", [("unit_clerk", "HEALTH")]),
    ("health_head", "卫健负责人", "HEALTH", [("unit_head", "HEALTH")]),
    ("reviewer", "审核负责人", "CP", [("reviewer", "CITY")]),
    ("inspector", "督查员甲", "INSPECT", [("inspector", "CITY")]),
    ("designer", "流程设计员", "CP", [("designer", "CITY")]),
    ("auditor", "审计员", "CP", [("auditor", "CITY")]),
    ("admin", "管理员", "CP", [("admin", "CITY")]),
]
PASSWORD = "closed-loop"


@dataclass
class Cast:
    """Everybody, by login; units by code."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def actor(self, session: Session, login: str, at: datetime = MORNING) -> Actor:
        return officers.actor(session, self.people[login], at=at)


def install(session: Session, *, at: datetime = MORNING) -> Cast:
    cast = Cast()
    for code, name, name_en, parent in UNITS:
        above = cast.units[parent] if parent else None
        cast.units[code] = officers.add_unit(session, code, name, name_en=name_en, parent=above, by=CLOCK, at=at)
    for login, name, unit, roles in OFFICERS:
        granted = [(role, cast.units[place]) for role, place in roles]
        cast.people[login] = officers.add_officer(
            session, login, name, unit=cast.units[unit], password=PASSWORD, roles=granted, by=CLOCK, at=at
        )
    officers.set_calendar(
        session,
        "work",
        title="工作日历",
        zone="Asia/Shanghai",
        hours={str(day): [["08:30", "12:00"], ["14:30", "18:00"]] for day in range(1, 6)},
        days={date(2026, 5, 1): ("rest", "劳动节"), date(2026, 5, 9): ("work", "调休上班")},
        by=CLOCK,
        at=at,
    )
    return cast
