"""Sentences about personal values: kept, read by whom and what for, deleted after their time."""

from __future__ import annotations

from engine.reads.sentences.line import Body, Line, Voice, tells
from engine.reads.spoken import limit
from engine.reads.tongues import joined, named, say


@tells("PersonalKept")
def personal_kept(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "「{field}」是个人信息，另行保管，事项中只留指纹",
            "“{field}” identifies a person: kept beside the case, which holds its digest only",
            field=v.names.label(b["field"]),
        ),
        folded=True,
    )


@tells("PersonalRead")
def personal_read(b: Body, v: Voice) -> Line:
    fields = joined(v.names.label(id) for id in b["fields"])
    if b.get("way") == "export":
        return Line(say("导出个人信息：{fields}", "exported personal fields: {fields}", fields=fields), why=b["reason"])
    if b.get("way") == "paper":
        text = say("下载文书 {document} 的全名件：{fields}", "took paper {document} with names in full: {fields}",
                   document=b["document"], fields=fields)  # fmt: skip
        return Line(text, why=b["reason"])
    return Line(
        say("查看个人信息全文：{fields}", "was shown in full: {fields}", fields=fields),
        why=b["reason"],
    )


@tells("PersonalDeleted")
def personal_deleted(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "个人信息已按保存期限（{kept}）删除：{fields}。指纹仍在链上，链可核验",
            "personal fields deleted after their retention time ({kept}): {fields}. Their digests stay in the chain",
            kept=limit(b["kept_for"]) if b["kept_for"] else named("—", "—"),
            fields=joined(v.names.label(id) for id in dict.fromkeys(b["fields"])),
        )
    )
