"""What else goes on in Qinglan today: one matter of each process that an officer begins, raised by whoever may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, desk, officers, outbox
from engine.acts.story_answers import filled
from webui.demo import city

# Process → who begins it, and what he writes; what is not named stays as the page shows it.
BEGUN: dict[str, tuple[str, dict[str, Any]]] = {
    "inspection": ("inspector", {
        "title": "第三轮卡口值守暗访", "theme": "checkpoint", "methods": ["covert"],
        "pool": ["jiefang_community", "yugang_community", "north_gate"], "finish_on": "+3d"}),
    "expert_visit": ("liaison", {
        "title": "省专家隔离点督导", "source_level": "provincial", "theme": "isolation",
        "sites": ["jiefang_community", "haijing_community"], "visit_on": "+1d"}),
    "self_inspection": ("lead_leader", {
        "title": "云岭镇自查起底", "scope": "village", "villages": ["chashan_village", "shiqiao_village"],
        "leader_name": "镇主要负责人"}),
    "tip_off": ("liaison", {
        "title": "反映北门卡口夜间无人", "description": "夜里十一点后北门卡口没有人值守，车辆直接通行。",
        "place": "北门卡口", "channel": "hotline", "anonymous": True}),
    "supply_request": ("joint_clerk", {
        "goods": "医用防护服", "goods_kind": "protective", "quantity": 300, "measure_word": "套",
        "for_unit": "north_gate", "place": "北门卡口", "ring": "control", "urgency": "urgent",
        "need_note": "现有库存只够两天。"}),
    "quarantine_resource": ("jiefang_head", {
        "for_unit": "jiefang", "rooms_needed": 120, "rooms_own": 80, "population": 3.2,
        "need_reason": "两天内需隔离密接人员。"}),
    "transfer": ("jiefang_clerk", {
        "origin_place": "解放社区", "from_unit": "jiefang", "to_unit": "binhai",
        "to_place": "滨海隔离点", "persons": 12}),
    "drill": ("commander", {
        "title": "学校聚集性发热处置演练", "kind": "school", "unit": "first_school", "unannounced": False}),
    "systemic_improvement": ("general", {
        "title": "多处卡口夜间脱岗", "category": "checkpoint", "unit": "jiefang",
        "note": "一周内三个卡口夜间无人值守。"}),
    "appeal": ("binhai_head", {
        "title": "对滨海街道名次的申诉", "against": "ranking", "unit": "binhai",
        "reason": "两件逾期系派发错误所致，请予复核。"}),
}  # fmt: skip


class Morning:
    """The officers of the city at their desks, an hour ago."""

    def __init__(self, sessions: sessionmaker[Session], *, now: datetime) -> None:
        self.sessions, self.now = sessions, now

    def begin(self) -> int:
        """Says how many matters were begun."""
        at, begun = self.now - timedelta(hours=1), 0
        for process, (login, answers) in BEGUN.items():
            at += timedelta(minutes=3)
            with self.sessions.begin() as session:
                by = officers.actor(session, city.officer_id(session, login), at=at)
                _, start = desk.at_start(session, process, by=by)
                cases.open(session, process, filled(session, start, answers, at=at), by=by, at=at)
            begun += 1
        while outbox.deliver_due(self.sessions, at=self.now):
            pass
        return begun
