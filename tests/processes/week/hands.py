"""How an officer of the simulated week fills in any form: something fitting for each field, chosen by lot."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.acts.desk import Desk
from engine.acts.story_answers import filled
from engine.notation import checklists
from engine.notation.diagram import Field
from engine.reads import pickers
from engine.words.errors import NotValid
from engine.words.worktime import HOME

TRIES = 25
SENTENCES = (
    "已到现场核实，情况属实，立即安排专人整改并当日反馈结果。",
    "按照分工落实到岗到人，完成后拍照留存并登记台账备查。",
    "经研究，由牵头单位负责，配合单位协助，明确时限逐项落实。",
    "已对同类点位排查一遍，补充人员和物资，纳入每日巡查清单。",
)
# Which choices keep a case on its usual way; the others are taken now and then.
USUAL = frozenset(
    {
        "file", "send", "accept", "approve", "agree", "uphold", "pass", "done", "feedback", "verified", "on_site",
        "immediate", "notice", "solve", "solved", "order", "true", "zero", "admit", "issue", "publish", "own", "enough",
        "ok", "full", "none", "held", "effective", "yes", "normal", "negative",
    }
)  # fmt: skip
# Patients are sent to where doctors are.
HOSPITAL = "people_hospital"
# How often an officer takes another way than the usual one.
OTHERWISE = 0.12


class Hand:
    """Fills in forms. `given` are answers to keep to; what is refused is chosen anew."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def fill(
        self, session: Session, laid: Desk, *, at: datetime, login: str, given: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answers as the page would post them. Raises `NotValid` when no lot was good."""
        offered = {
            id: [pick.value for pick in picks]
            for id, picks in pickers.picks(session, laid.element.form, laid.names, at=at).items()
        }
        chosen: dict[str, Any] = {}
        for attempt in range(TRIES):
            for field in laid.element.form:
                if field.id not in chosen and field.type != "note" and not field.readonly:
                    self._choose(field, laid, chosen, offered, at, login, hard=attempt > 1)
            if given:
                chosen.update({name: value for name, value in given.items() if attempt < TRIES // 2})
            try:
                return filled(session, laid, chosen, at=at)
            except NotValid as refused:
                last = refused
                for fault in refused.faults:
                    chosen.pop(fault.field, None)
        raise last

    def _choose(
        self,
        field: Field,
        laid: Desk,
        chosen: dict[str, Any],
        offered: Mapping[str, list[str]],
        at: datetime,
        login: str,
        *,
        hard: bool,
    ) -> None:
        """Leaves a field out to keep what the page shows; `hard`: it was refused before, so it is filled in."""
        rng = self.rng
        if field.default is not None and not hard and rng.random() > OTHERWISE:
            return
        if field.type in {"enum", "multi"}:
            codes = [choice.id for choice in field.choices]
            usual = [code for code in codes if code in USUAL]
            code = usual[0] if usual and rng.random() > OTHERWISE else rng.choice(codes)
            chosen[field.id] = [code] if field.type == "multi" else code
        elif field.type in {"unit", "officer"}:
            if field.type == "officer" and login in offered.get(field.id, ()):
                chosen[field.id] = login
            elif field.id == "hospital" and HOSPITAL in offered.get(field.id, ()):
                chosen[field.id] = HOSPITAL
            elif offered.get(field.id):
                chosen[field.id] = rng.choice(offered[field.id])
        elif field.type == "units":
            among = offered.get(field.id, [])
            if among and (field.required or hard):
                chosen[field.id] = rng.sample(among, min(len(among), rng.randint(1, 2)))
        elif field.type == "checklist":
            lines = checklists.items(field, laid.names, at)
            faults = [line for line in lines if rng.random() < 0.15]
            chosen[field.id] = ["ok", *(f"{line['item']}: fault 现场发现不符合要求 [fault.png]" for line in faults)]
        elif field.type == "boolean":
            chosen[field.id] = bool(hard) or rng.random() < 0.3
        elif field.type in {"date", "datetime"}:
            hours = rng.choice((-2, 4, 30, 80)) if hard else 26
            moment = (at + timedelta(hours=hours)).astimezone(HOME)
            chosen[field.id] = moment.date() if field.type == "date" else moment
        elif field.type in {"long", "number"}:
            least = int(float(field.constraints["min"])) if str(field.constraints.get("min", "x")).isdigit() else 0
            chosen[field.id] = max(least, rng.choice((0, 1, 2, 5, 20)))
        elif field.type in {"photo", "file"}:
            if field.required or hard or "after" in field.id or "photo" in field.id:
                chosen[field.id] = [f"{field.id}{rng.randint(1, 40)}.png"]
        elif field.type in {"string", "text"}:
            text = rng.choice(SENTENCES)
            most = str(field.constraints.get("maxlength", ""))
            chosen[field.id] = text[: int(most)] if most.isdigit() else text
