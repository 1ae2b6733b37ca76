"""Sentences about papers, notices, evidence and decisions."""

from __future__ import annotations

from typing import Any

from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.tongues import named, say
from engine.reads.values import entries
from engine.words.terms import DOCUMENTS, Term

EVIDENCE: dict[str, Term] = {
    "before": Term("整改前照片", "photo before"),
    "after": Term("整改后照片", "photo after"),
    "document": Term("佐证材料", "document"),
}


@tells("DocumentIssued")
def document_issued(b: Body, v: Voice) -> Line:
    kind, to = DOCUMENTS.get(b["kind"], Term(b["title"], b["title"])), v.names.unit(b["to_unit"])
    return Line(
        say(
            "出具{kind}{number}{to}",
            "{kind} {number} issued{to}",
            # Most numbers begin with the kind of paper: 督办单〔2026〕3-1号.
            kind=Term("" if b["number"].startswith(kind.zh) else f"{kind.zh} ", kind.en),
            number=b["number"],
            to=say("，送 {to}", " to {to}", to=to) if to.zh else Term("", ""),
        ),
        details=(
            Detail(Term("文书标题", "Title of the paper"), None, Term(b["title"], b["title"])),
            *(
                Detail(v.names.label(id), None, v.names.value(id, value))
                for id, value in b["fields"].items()
                if value not in (None, "", [], {})
            ),
        ),
    )


@tells("PaperMade")
def paper_made(b: Body, v: Voice) -> Line:
    text = say("文书 {document} 成文（模板第 {n} 版）", "paper {document} written by version {n} of its template",
               document=b["document"], n=b["template"])  # fmt: skip
    sha = str(b["sha"])
    return Line(text, folded=True, details=(Detail(Term("内容指纹", "Content hash"), None, Term(sha, sha)),))


@tells("PaperRead")
def paper_read(b: Body, v: Voice) -> Line:
    return Line(
        say("{unit} 已签阅文书 {document}", "{unit} has opened paper {document}", unit=v.names.unit(b["unit"]),
            document=b["document"]),
        folded=True,
    )  # fmt: skip


@tells("NoticeSent")
def notice_sent(b: Body, v: Voice) -> Line:
    whom = v.names.wanted(b["wanted"])
    return Line(
        say("通知 {whom}：{text}", "told {whom}: {text}", whom=whom, text=named(b["text"], b["text_en"])),
    )


@tells("EvidenceAttached")
def evidence_attached(b: Body, v: Voice) -> Line:
    kind = EVIDENCE.get(b["kind"], EVIDENCE["document"])
    return Line(
        say("附{kind}：{name}", "attached {kind}: {name}", kind=kind, name=b["name"]), evidence=(b["sha"], b["kind"])
    )


@tells("DecisionMade")
def decision_made(b: Body, v: Voice) -> Line:
    step, outcome = v.names.element(b["element"]), b["outcome"]
    if isinstance(outcome, dict):
        text = say(
            "按决策表「{step}」得出 {n} 项结果", "decision table “{step}” gave {n} results", step=step, n=len(outcome)
        )
        results = tuple(Detail(v.names.label(id), None, told) for id, _value, told in entries(v.names, outcome))
    else:
        told = v.names.value(_result(b, v), outcome)
        text = say("按决策表「{step}」得出：{told}", "decision table “{step}” says: {told}", step=step, told=told)
        results = ()
    return Line(
        text,
        folded=True,
        details=(
            *(Detail(v.names.label(id), None, v.names.value(id, value)) for id, value in b["inputs"].items()),
            *results,
            Detail(Term("命中规则", "Rules that fired"), None, _rules(b["rules"])),
        ),
    )


@tells("BooksAsked")
def books_asked(b: Body, v: Voice) -> Line:
    step, answer = v.names.element(b["element"]), b["answer"]
    if isinstance(answer, list):
        text = say("「{step}」查得 {n} 条", "“{step}” found {n}", step=step, n=len(answer))
        details: tuple[Detail, ...] = ()
    else:
        text = say("「{step}」查得一组数字", "“{step}” took figures from the ledger", step=step)
        details = tuple(
            Detail(v.names.label(name), None, v.names.value(name, value))
            for name, value in answer.items()
            if not isinstance(value, dict)
        )
    return Line(text, folded=True, details=details)


def _result(b: Body, v: Voice) -> str:
    known = v.names.diagram.elements.get(b["element"]) if v.names.diagram else None
    main = known is not None and known.decision == b["decision"]
    return known.result if known and main and known.result else str(b["decision"])


def _rules(rules: list[Any]) -> Term:
    told = "、".join(str(rule.get("rule", rule) if isinstance(rule, dict) else rule) for rule in rules)
    return Term(told or "（无）", told or "(none)")
