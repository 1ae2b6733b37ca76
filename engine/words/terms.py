"""The field's own words, in both languages: stages, roles, levels, papers. Codes are what diagrams and tables write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    zh: str
    en: str


STAGES: dict[str, Term] = {
    "draft": Term("草稿", "Draft"),
    "registered": Term("已登记", "Registered"),
    "rejected": Term("不予立案", "Not filed"),
    "filed": Term("待派发", "Awaiting dispatch"),
    "dispatched": Term("已派发", "Dispatched"),
    "disputed": Term("争议待裁定", "In dispute"),
    "rectifying": Term("整改中", "Rectifying"),
    "suspended": Term("挂账", "Suspended"),
    "submitted": Term("待审核", "Awaiting review"),
    "verifying": Term("待核查", "Awaiting verification"),
    "closed": Term("已销号", "Closed"),
    "rechecking": Term("回头看", "Re-check"),
    "merged": Term("已并案", "Merged"),
    "voided": Term("已作废", "Voided"),
    "archived": Term("已归档", "Archived"),
    # What is no issue but a round, a report, a person's way: its stages.
    "preparing": Term("准备中", "Preparing"),
    "running": Term("进行中", "Under way"),
    "observing": Term("观察中", "Under observation"),
    "treating": Term("救治中", "In treatment"),
    "handed_over": Term("已移交", "Handed over"),
    "returned": Term("已退回", "Returned"),
    "deciding": Term("待决定", "Awaiting decision"),
    "reporting": Term("汇总上报", "Reporting"),
    "issued": Term("已印发", "Issued"),
    "released": Term("已解除", "Released"),
    "finished": Term("已办结", "Finished"),
}
# Stages in which no work on the issue is owed any more.
SETTLED = frozenset({"rejected", "closed", "merged", "voided", "archived", "returned", "released", "finished"})

ROLES: dict[str, Term] = {
    "raiser": Term("提出方", "Raiser"),
    "liaison": Term("专家服务组／综合组", "Expert liaison group"),
    "leader": Term("主要领导", "Principal leader"),
    "lead_leader": Term("牵头领导", "Lead leader"),
    "dispatcher": Term("派遣员", "Dispatcher"),
    "arbiter": Term("裁定（会商）", "Arbiter"),
    "unit_clerk": Term("责任单位经办", "Unit clerk"),
    "unit_head": Term("责任单位负责人", "Unit head"),
    "reviewer": Term("审核负责人", "Reviewer"),
    "inspector": Term("督查组", "Inspection team"),
    "commander": Term("指挥部", "Command post"),
    "discipline": Term("纪检监察", "Discipline inspection"),
    "gatekeeper": Term("卡口值守", "Checkpoint staff"),
    "screener": Term("筛查专班", "Screening team"),
    "medic": Term("医疗救治组", "Medical team"),
    "tracer": Term("流调溯源组", "Tracing team"),
    "transporter": Term("转运专班", "Transfer team"),
    "quartermaster": Term("物资保障组", "Supplies team"),
    "designer": Term("流程设计", "Process designer"),
    "auditor": Term("审计", "Auditor"),
    "admin": Term("系统管理", "Administrator"),
}

# Under what the processes of a city are listed: the property `group` of a process; one without it stands first.
PROCESS_GROUPS: dict[str, Term] = {
    "main": Term("主流程", "The main process"),
    "core": Term("核心闭环", "The core loop"),
    "sources": Term("问题从哪里来", "Where issues come from"),
    "resources": Term("资源与准备", "Resources and readiness"),
    "people": Term("四个小闭环与大闭环", "The four small loops and the big one"),
}

LEVELS: dict[int, Term] = {
    0: Term("未督办", "None"),
    1: Term("催办", "Reminder"),
    2: Term("蓝色督办", "Blue order"),
    3: Term("橙色督办", "Orange order"),
    4: Term("红色督办", "Red order"),
}

DOCUMENTS: dict[str, Term] = {
    "issue_ledger": Term("问题台账", "Issue ledger"),
    "task_list": Term("整改任务清单", "Rectification task list"),
    "inspection_notice": Term("督查情况告知单", "Inspection notice"),
    "reminder": Term("催办单", "Reminder slip"),
    "supervision_order": Term("督办单", "Supervision order"),
    "return_slip": Term("退回申请单", "Return slip"),
    "extension_form": Term("延期申请表", "Extension form"),
    "suspension_form": Term("挂账申请表", "Suspension form"),
    "report": Term("整改情况反馈", "Rectification report"),
    "review_record": Term("审核记录", "Review record"),
    "verification_record": Term("核查记录", "Verification record"),
    "closing_form": Term("销号单", "Closing form"),
    "reply_letter": Term("反馈函", "Reply letter"),
    "decline_notice": Term("不予立案告知", "Notice of declining"),
    "merge_record": Term("并案记录", "Merge record"),
    "void_record": Term("作废记录", "Void record"),
    "cause_analysis": Term("未按时完成原因分析", "Cause analysis of delay"),
    "ruling": Term("裁定意见", "Ruling"),
    "result_list": Term("整改结果清单", "Result list"),
    "rectification_plan": Term("整改方案", "Rectification plan"),
    "recheck_record": Term("回头看记录", "Recheck record"),
    "special_report": Term("督导专报", "Special report"),
    "daily_report": Term("日报统计表", "Daily report"),
    "meeting_paper": Term("调度会材料", "Dispatch meeting paper"),
    "minutes": Term("调度会纪要", "Minutes"),
    "circular": Term("督查通报", "Circular"),
    "ranking": Term("单位排名表", "Ranking of units"),
    "improvement_plan": Term("专项整治方案", "Improvement plan"),
    "accountability_proposal": Term("问责建议书", "Accountability proposal"),
    "accountability_result": Term("问责结果登记", "Accountability result"),
    "appeal_form": Term("申诉复核申请", "Appeal form"),
    "appeal_decision": Term("申诉复核结论", "Appeal decision"),
    "inspection_plan": Term("督查方案", "Inspection plan"),
    "checklist": Term("检查清单", "Checklist"),
    "handover_slip": Term("移交单", "Hand-over slip"),
    "supply_order": Term("物资调拨单", "Supply order"),
    "drill_report": Term("演练评估报告", "Drill report"),
    "pledge": Term("健康承诺书", "Health pledge"),
    "release_notice": Term("解除告知书", "Release notice"),
}

OUTCOMES: dict[str, Term] = {
    "closed": Term("销号", "Closed off"),
    "rejected": Term("不予立案", "Not filed"),
    "merged": Term("并案", "Merged"),
    "voided": Term("作废", "Voided"),
    "fixed_on_spot": Term("现场整改销号", "Fixed on the spot"),
    "cancelled": Term("撤销", "Cancelled"),
    "finished": Term("办结", "Finished"),
    "declined": Term("不予受理", "Declined"),
    "handed_over": Term("移交", "Handed over"),
    "relapsed": Term("反弹", "Relapsed"),
    "upheld": Term("维持", "Upheld"),
    "changed": Term("变更", "Changed"),
    "released": Term("解除", "Released"),
}

# How a line of a checklist was found.
CHECKED: dict[str, Term] = {
    "ok": Term("符合", "OK"),
    "fault": Term("不符合", "Not OK"),
    "na": Term("不适用", "Not applicable"),
}

SEVERITIES: dict[str, Term] = {
    "minor": Term("一般", "Minor"),
    "major": Term("较重", "Major"),
    "critical": Term("严重", "Critical"),
}

MODES: dict[str, Term] = {
    "immediate": Term("立行立改", "Rectify at once"),
    "deadline": Term("限期整改", "Rectify by a date"),
    "staged": Term("分阶段整改", "Rectify in stages"),
    "continuous": Term("持续整改", "Continuous rectification"),
}

# From the worst to the best.
COLOURS: dict[str, Term] = {
    "red": Term("红色", "Red"),
    "orange": Term("橙色", "Orange"),
    "yellow": Term("黄色", "Yellow"),
    "blue": Term("蓝色", "Blue"),
    "green": Term("绿色", "Green"),
}
