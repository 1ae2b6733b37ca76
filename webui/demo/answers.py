"""What officers of Qinglan usually write into each form, and how many hours a step usually takes them."""

from __future__ import annotations

from typing import Any

from webui.demo.paths import in_hours

# "$…" stands for something of the issue at hand; see `play.Player._told`.
USUAL: dict[str, dict[str, Any]] = {
    "register": {"finding": "verified", "mode": "$mode", "register_note": "已与提出方核对，情况属实。"},
    "file_issue": {"filing_decision": "file", "lead_unit": "$unit"},
    "instruct": {"instruction": "请牵头领导盯住不放，责任单位立即整改，结果报我。", "lead_leader": "lead_leader"},
    "dispatch": {"lead_unit": "$unit", "requirement": "$measure", "rectify_by": in_hours(72), "co_due": in_hours(24)},
    "sign": {
        "owner": "$me", "post": "经办岗", "plan": "当日到现场整改，专人跟进，完成后拍照反馈。",
        "suggested_owner": "$neighbour",
    },
    "assist_sign": {"co_owner": "$me", "co_post": "配合岗", "co_measure": "派员到场配合查验和秩序维护。"},
    "assist_report": {"co_result": "已派员到场配合，秩序正常。", "co_done_at": "$now"},
    "draw_plan": {
        "plan_goal": "分批完成全部点位改造并验收。", "plan_steps": "第一批七日内完成，其余十五日内完成并验收。",
        "plan_measures": "逐点排定工期，专人跟进，完成一处验收一处。", "plan_owner": "$me",
        "plan_emergency": "改造期间现场硬隔离，专人值守。",
    },
    "rectify": {"progress": "已到现场整改。", "suggested_owner": "$neighbour"},
    "report": {
        "result": "done", "measures": "$measure", "result_text": "$done", "done_at": "$now", "photos_after": "$after",
        "cause": "$cause", "similar_checked": "已对辖区同类点位排查一遍，未发现同类问题。",
        "next_steps": "纳入每日巡查清单。",
    },
    "head_sign": {"head_decision": "approve", "head_opinion": "情况属实，同意上报。"},
    "ruling": {"ruling_decision": "redispatch", "ruling_text": "按网格划分图，该点位由相邻单位管理，改派承办。"},
    "joint_ruling": {
        "ruling_participants": "综合组、督查组、两家单位", "ruling_decision": "uphold",
        "ruling_text": "按属地原则维持原派发，不再退回。",
    },
    "approve_extension": {"extension_decision": "approve", "extension_opinion": "理由成立，同意，期间管控措施须落实。"},
    "approve_second": {"extension_decision": "approve", "extension_opinion": "最后一次，同意。"},
    "approve_suspension": {"suspension_decision": "approve", "suspension_opinion": "同意挂账，到期复核。"},
    "resume": {"resume_note": "施工许可已办结，恢复整改。"},
    "analyse_cause": {
        "cause_class": "capacity", "cause_text": "人手同时抽调采样，整改无人专管，误了时限。",
        "countermeasure": "指定专人盯办，当日完成。", "cause_done_by": in_hours(30),
    },
    "review": {"review_decision": "approve", "review_opinion": "整改前后对照清楚，同意报提出方核查。"},
    "verify": {
        "verify_decision": "pass", "verify_method": "on_site", "second_verifier": "同行督导员", "check_done": True,
        "check_evidence": True, "check_cause": True, "check_lasting": True, "verify_photos": "$after",
        "verify_note": "现场核查，整改到位。",
    },
    "close_off": {"publicity_done": True, "reply_text": "贵组反馈的问题已整改到位并经核查通过，现予销号，感谢督导。"},
    "approve_void": {"void_decision": "approve", "void_opinion": "情况属实，同意作废。"},
    "approve_withdrawal": {"void_decision": "approve", "void_opinion": "同意。"},
    "relapse": {"relapse_photos": "$before"},
}  # fmt: skip
_HOURS = {
    "register": 0.3, "file_issue": 0.4, "instruct": 0.5, "dispatch": 0.6, "sign": 0.6, "rectify": 3.0, "report": 0.5,
    "head_sign": 0.4, "review": 0.9, "verify": 1.2, "close_off": 0.8, "approve_void": 2.0, "ruling": 1.0,
    "approve_extension": 2.0, "approve_suspension": 2.0, "analyse_cause": 3.0, "assist_sign": 0.7, "assist_report": 2.0,
}  # fmt: skip


def pace(element: str) -> float:
    return _HOURS.get(element, 1.0)
