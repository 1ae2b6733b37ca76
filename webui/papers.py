"""A form on paper: blank, or filled in and handed back with what is wrong beside each field and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from engine.acts.desk import Desk
from engine.notation import forms
from engine.notation.answers import FILES
from engine.notation.forms import ShownField
from engine.reads import exhibits, pickers
from engine.reads.pickers import Pick
from engine.words.errors import Fault, NotValid
from webui.request import here
from webui.uploads import Posted, posted, sealed


@dataclass
class Paper:
    """`offered`: what pickers choose from. `kept`: by field id the files uploaded so far, each with its pass."""

    desk: Desk
    fields: Sequence[ShownField]
    offered: Mapping[str, Sequence[Pick]]
    kept: Mapping[str, Sequence[dict[str, Any]]]
    faults: Sequence[Fault] = ()
    _answers: dict[str, Any] = field(default_factory=dict)

    def answers(self) -> dict[str, Any]:
        """What was answered. Raises NotValid with every fault at once: of files, of fields, of fields that appear only
        by what was answered and were not on the page."""
        if self.faults:
            raise NotValid(self.faults)
        return self._answers

    def with_faults(self, faults: Sequence[Fault]) -> Paper:
        """The same form with what is wrong, in the order of its fields."""
        places = {asked.id: place for place, asked in enumerate(self.desk.element.form)}
        self.faults = sorted(faults, key=lambda fault: places.get(fault.field, -1))
        return self

    def fault(self, id: str) -> Sequence[Fault]:
        return [fault for fault in self.faults if fault.field == id]

    def groups(self, id: str) -> list[tuple[str, str, list[Pick]]]:
        """What a picker offers, under its headings (Chinese, English), in the order of the tree."""
        together = groupby(self.offered.get(id, ()), key=lambda pick: (pick.group, pick.group_en))
        return [(zh, en, list(picks)) for (zh, en), picks in together]

    @property
    def ids(self) -> str:
        return ",".join(shown.field.id for shown in self.fields)

    @property
    def files(self) -> str:
        """The fields whose chosen files stay in the browser while the page only asks what the form shows."""
        own = [asked.id for asked in self.desk.element.form if asked.type in FILES]
        lines = [f"{shown.field.id}.{place}.photos" for shown in self.fields for place in range(len(shown.lines))]
        return ",".join(own + lines)


def blank(desk: Desk) -> Paper:
    return _drawn(desk, None)


def filled(desk: Desk) -> Paper:
    """The form as it was posted; its files are kept already. `answers()` tells what is wrong."""
    session, _officer, at = here()
    came = posted(desk.element.form)
    paper = _drawn(desk, came)
    faults = list(came.faults)
    known = pickers.known(session, paper.offered)
    try:
        paper._answers = forms.read(desk.element.form, came.raw, names=desk.names, at=at, known=known)
    except NotValid as refused:
        spoken_of = {fault.field for fault in faults}
        faults += [fault for fault in refused.faults if fault.field not in spoken_of]
    if not faults and came.before is not None:
        faults += [
            Fault(
                shown.field.id,
                f"根据您的选择，新增了“{shown.field.label}”，请填写后再提交。",
                f"By what you chose, “{shown.field.label_en or shown.field.label}” is asked too; see to it and submit.",
            )
            for shown in paper.fields
            if shown.field.id not in came.before
        ]
    return paper.with_faults(faults)


def refreshed(desk: Desk) -> ResponseReturnValue:
    """For the browser: the fields that came or went, and which of them are compulsory now."""
    came = posted(desk.element.form, with_files=False)
    return render_template("inbox/_refreshed.html", paper=_drawn(desk, came), before=came.before or frozenset())


def _drawn(desk: Desk, came: Posted | None) -> Paper:
    session, _officer, at = here()
    fields = desk.element.form
    shown = forms.shown(
        fields, desk.names, came.raw if came is not None else None, at, before=came.before if came is not None else None
    )
    refs = {found.field.id: [json.loads(text) for text in found.raw] for found in shown if found.field.type in FILES}
    for found in shown:
        refs |= {f"{found.field.id}.{place}.photos": line["photos"] for place, line in enumerate(found.lines)}
    about = exhibits.kept(session, [ref["sha"] for listed in refs.values() for ref in listed])
    return Paper(
        desk=desk,
        fields=shown,
        offered=pickers.picks(session, fields, desk.names, at=at),
        kept={
            id: [
                {**ref, "media": about[ref["sha"]].media, "pass": sealed(ref)} for ref in listed if ref["sha"] in about
            ]
            for id, listed in refs.items()
        },
    )
