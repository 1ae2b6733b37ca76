"""How each of the sixty issues goes: when it was raised, by whom, what is unusual on its way, where it waits now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Answers = dict[str, Any]
# Written where an answer depends on the moment: so many hours from then.
HOURS = "hours"


def in_hours(hours: float) -> tuple[str, float]:
    return (HOURS, hours)


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the case page, pressed so many hours after the step before had nothing more to do."""

    element: str
    login: str
    answers: Answers
    hours: float = 20.0


@dataclass(frozen=True, slots=True)
class Path:
    """`ago`: hours before now at which it was raised; under a day the office works through, otherwise in office hours.
    `stop`: the step that still waits. `special`: answers that differ, by step; the first visit takes the first of them.
    `slow`: hours a step takes instead of the usual."""

    ago: float
    stop: str = ""
    by: str = "expert"
    mode: str = "immediate"
    severity: str = ""
    special: dict[str, tuple[Answers, ...]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    presses: tuple[Press, ...] = ()
    # How often the step is done before it is the one that waits.
    passes: int = 0
    on_spot: bool = False

    @property
    def recent(self) -> bool:
        return self.ago < 24


_RETURN: Answers = {
    "sign_decision": "return",
    "return_reason": "点位在两个社区交界处，按网格划分由相邻单位管理，不属于我单位职责范围。",
    "duty_basis": "市网格化管理办法及本年度网格划分图",
    "return_signatory": "分管负责人",
}
_REJECT: Answers = {
    "review_decision": "reject",
    "review_requirement": "整改后照片看不出值守人数，请补充现场全景照片和轮值表后再报。",
}
_FAIL: Answers = {
    "verify_decision": "fail",
    "verify_requirement": "现场抽查仍有一处没有整改到位，请补齐后重新反馈。",
    "control_date": in_hours(48),
}
_EXTEND: Answers = {
    "unit_choice": "extend",
    "extension_until": in_hours(96),
    "extension_reason": "所需设备已下单采购，供货方最早后天到货安装，恳请延期。",
    "interim_measure": "到货前由专人驻点值守，每两小时巡查一次并登记。",
}
_SUSPEND: Answers = {
    "unit_choice": "suspend",
    "suspension_ground": "engineering",
    "suspension_note": "涉及供电线路改造，施工许可正在办理，暂不具备整改条件。",
    "suspension_control": "现场硬隔离并设置警示标识，专人每日巡查两次。",
    "suspended_until": in_hours(24 * 15),
}
_MILESTONE: Answers = {
    "unit_choice": "milestone",
    "stage_goal": "完成第一批点位改造",
    "stage_photos": "$after",
    "next_stage_goal": "完成其余点位改造并验收",
    "next_stage_on": in_hours(24 * 12),
}
_REOPEN = Press("reopen", "expert", {"reopen_reason": "回访发现同一位置再次无人值守，整改没有保持，请重新整改。"}, 180)
_RELAPSE = Press("relapse", "inspector2", {"relapse_note": "回头看发现杂物再次堆放，疏散门又被堵住。"}, 250)
_ASK_AGAIN = Press("ask_again", "expert", {"ask_again_reason": "补充现场视频截图，问题仍然存在，请予立案。"}, 6)


def _urge(level: int, hours: float) -> Press:
    reason = "已超过整改时限仍未反馈，请立即整改并说明原因。"
    return Press("urge_asked", "inspector", {"urge_level": str(level), "urge_reason": reason}, hours)


PATHS: tuple[Path, ...] = (
    # Today's work: each step of the loop has something waiting, in time.
    Path(0.2, "register"),
    Path(0.5, "register", by="inspector", severity="minor"),
    Path(0.4, "file_issue"),
    Path(0.6, "file_issue", by="expert2"),
    Path(0.8, "instruct", severity="critical"),
    Path(1.2, "instruct", severity="critical", by="expert2"),
    Path(0.7, "dispatch", severity="minor"),
    Path(1.4, "dispatch", severity="minor", by="inspector"),
    Path(0.9, "sign", severity="minor"),
    Path(1.3, "sign", severity="minor", by="inspector2"),
    Path(1.1, "sign", severity="major"),
    Path(1.6, "rectify", severity="minor"),
    Path(2.0, "rectify", severity="major"),
    Path(2.4, "rectify", severity="minor", by="inspector"),
    Path(2.2, "report", severity="minor"),
    Path(2.5, "head_sign", severity="minor"),
    Path(2.8, "head_sign", severity="major"),
    Path(2.7, "review", severity="minor"),
    Path(3.1, "review", severity="major", by="expert2"),
    Path(3.3, "verify", severity="minor"),
    Path(3.6, "verify", severity="minor", by="inspector"),
    Path(4.2, "close_off", severity="minor"),
    # The side ways, open at this moment.
    Path(20.0, "ruling", severity="minor", special={"sign": (_RETURN,)}),
    Path(74.0, "ruling", severity="minor", by="inspector", special={"sign": (_RETURN,)}),
    Path(52.0, "approve_extension", mode="deadline", severity="minor", special={"rectify": (_EXTEND,)}),
    Path(100.0, "rectify", mode="deadline", severity="minor", special={"rectify": (_EXTEND,)}),
    Path(120.0, "resume", mode="deadline", severity="minor", special={"rectify": (_SUSPEND,)}),
    Path(150.0, "approve_suspension", mode="deadline", severity="minor", special={"rectify": (_SUSPEND,)}),
    Path(170.0, "rectify", mode="staged", severity="minor", special={"rectify": (_MILESTONE,)}),
    Path(90.0, "approve_void", severity="minor", special={"file_issue": (
        {"filing_decision": "void", "void_reason": "同一人员重复录入的空白条目，没有实际问题内容。"},)}),
    # Overdue, further and further up the ladder.
    Path(30.0, "dispatch", severity="minor"),
    Path(34.0, "sign", severity="minor", by="inspector"),
    Path(44.0, "rectify", severity="major", slow={"analyse_cause": 900}),
    Path(100.0, "rectify", severity="minor", slow={"analyse_cause": 900}),
    Path(130.0, "rectify", severity="major", by="expert2"),
    Path(220.0, "rectify", severity="minor", presses=(_urge(2, 30),)),
    Path(300.0, "rectify", severity="major", slow={"analyse_cause": 900}, presses=(_urge(3, 40),)),
    Path(60.0, "review", severity="minor"),
    Path(80.0, "verify", severity="minor", by="expert2"),
    # Come to an end, or closed and come back.
    Path(200.0, severity="minor", special={"file_issue": (
        {"filing_decision": "decline", "decline_reason": "经核实为施工噪声投诉，不属于督查范围，已转主管部门。"},)}),
    Path(180.0, "file_issue", special={"file_issue": (
        {"filing_decision": "decline", "decline_reason": "现场核实时未发现所述情况，佐证不足。"},)},
        presses=(_ASK_AGAIN,)),
    Path(210.0, severity="minor", special={"file_issue": ({"filing_decision": "merge", "merge_into": "first"},)}),
    Path(230.0, severity="minor", special={"file_issue": (
        {"filing_decision": "void", "void_reason": "录入时点位选错，已按正确点位重新登记。"},)}),
    Path(260.0, "rectify", severity="minor", passes=1, presses=(_REOPEN,)),
    Path(330.0, "rectify", severity="minor", by="inspector", passes=1, presses=(_RELAPSE,)),
    Path(150.0, severity="minor", by="inspector", on_spot=True),
    Path(290.0, severity="minor", by="inspector2", on_spot=True),
    # Closed: most in time, some after a detour.
    Path(190.0, severity="minor"),
    Path(214.0, severity="major"),
    Path(240.0, severity="minor", by="inspector", special={"review": (_REJECT,)}),
    Path(262.0, severity="minor", special={"verify": (_FAIL,)}),
    Path(285.0, severity="critical"),
    Path(310.0, severity="minor", by="expert2", special={"sign": (_RETURN,)}),
    Path(334.0, mode="deadline", severity="minor", special={"rectify": (_EXTEND,)}),
    Path(360.0, severity="major", slow={"rectify": 40}),
    Path(384.0, severity="minor", by="inspector2", special={"review": (_REJECT,), "verify": (_FAIL,)}),
    Path(410.0, severity="minor", special={"dispatch": ({"co_units": ("transport", "publicity_department")},)}),
    Path(432.0, severity="major", by="expert2"),
    Path(456.0, severity="minor", by="inspector", slow={"rectify": 60}),
    Path(480.0, severity="minor"),
    Path(1080.0, severity="minor"),
)  # fmt: skip
