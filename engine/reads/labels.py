"""What clocks and variables are called where no form of the diagram names them."""

from __future__ import annotations

from engine.words.terms import Term

# Clocks and variables that every issue has (domain.md, B and D); a diagram's own words go before these for fields.
CLOCKS: dict[str, Term] = {
    "filing": Term("立案时限", "Filing deadline"),
    "dispatch": Term("派发时限", "Dispatch deadline"),
    "sign": Term("签收时限", "Signing deadline"),
    "arbitration": Term("裁定时限", "Ruling deadline"),
    "rectify": Term("整改时限", "Rectification deadline"),
    "review": Term("审核时限", "Review deadline"),
    "verify": Term("核查时限", "Verification deadline"),
    "recheck": Term("回头看时限", "Re-check deadline"),
    "suspension": Term("挂账复核时限", "Suspension review"),
}
VARIABLES: dict[str, Term] = {
    "title": Term("问题名称", "Title"),
    "description": Term("问题描述", "Description"),
    "category": Term("问题类别", "Category"),
    "place": Term("点位／地点", "Place"),
    "source": Term("来源", "Source"),
    "severity": Term("严重等级", "Severity"),
    "mode": Term("整改方式", "Way of rectifying"),
    "finding": Term("属实情况", "Finding"),
    "unit": Term("单位", "Unit"),
    "lead_unit": Term("责任单位", "Responsible unit"),
    "co_units": Term("配合单位", "Co-units"),
    "lead_leader": Term("牵头领导", "Lead leader"),
    "decision": Term("结论", "Decision"),
    "original_due": Term("原时限", "Original deadline"),
    "due": Term("现时限", "Deadline"),
    "limit": Term("期限", "Limit"),
    "level": Term("督办等级", "Supervision level"),
    "label": Term("单据", "Paper"),
    "round": Term("第几次", "Which time"),
    "returns": Term("退回次数", "Times returned"),
    "co_reports": Term("配合单位反馈", "Reports of co-units"),
    "item": Term("对象", "About"),
    "by": Term("办理人", "By"),
    "at": Term("时间", "At"),
    "reason": Term("理由", "Reason"),
    "text_en": Term("内容（英文）", "Text (English)"),
    # Parts of what a step has listed or counted.
    "number": Term("编号", "Number"),
    "process": Term("流程", "Process"),
    "stage": Term("状态", "Stage"),
    "outcome": Term("结果", "Outcome"),
    "unit_name": Term("单位名称", "Name of the unit"),
    "opened_at": Term("提出时间", "Raised at"),
    "closed_at": Term("办结时间", "Closed at"),
    "overdue": Term("已逾期", "Overdue"),
    "on_spot": Term("已现场整改", "Fixed on the spot"),
    "measure": Term("措施", "Measure"),
    "text": Term("内容", "Text"),
    "no": Term("序号", "No."),
    "photos": Term("照片", "Photos"),
    "photos_after": Term("整改后照片", "Photos after"),
}
