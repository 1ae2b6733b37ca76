"""The bench where a stranger's diagram is taken apart: each thing is put into our words, or laid aside by name."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import translate
from engine.notation.imports.manifest import Manifest
from engine.notation.imports.pieces import NotCertain, Piece
from engine.notation.xml import BPMN, CAMUNDA

B, C = f"{{{BPMN}}}", f"{{{CAMUNDA}}}"


class Work:
    """`forms`: form-js texts by form id; `known`: variables of the other engine that stand for something of ours."""

    def __init__(self, root: etree._Element, forms: Mapping[str, str]) -> None:
        self.root = root
        self.forms = dict(forms)
        self.known: dict[str, Piece] = {}
        self.manifest = Manifest(root)

    # --- saying what became of something ---------------------------------------------------------------------------

    def keep(
        self, node: etree._Element, key: str | None = None, *, zh: str = "", en: str = "", only: bool = False
    ) -> None:
        """It means the same here and stays as it is."""
        covers = self.manifest.take(node, key, only=only)
        if covers:
            what, before = self._named(node, key)
            zh, en = zh or "含义相同，原样保留", en or "means the same here and stays"
            self.manifest.remark(m.KEPT, node, what, before, before, zh, en, covers=covers)

    def map(
        self, node: etree._Element, key: str | None, after: str, *, zh: str = "", en: str = "", weight: str = m.NOTHING
    ) -> None:
        """It has been put into our words: `after`. The original goes. `weight` BINDING: somebody should look at it."""
        what, before = self._named(node, key)
        covers = self.manifest.take(node, key)
        zh, en = zh or "改写成本系统的写法", en or "put into our words"
        self.manifest.remark(m.MAPPED, node, what, before, after, zh, en, weight=weight, covers=covers)
        self._away(node, key)

    def leave(self, node: etree._Element, key: str | None, weight: str, zh: str, en: str) -> None:
        """It is not taken along. The original goes."""
        what, before = self._named(node, key)
        covers = self.manifest.take(node, key)
        if covers or key is None:
            self.manifest.remark(m.LEFT, node, what, before, "", zh, en, weight=weight, covers=covers)
        self._away(node, key)

    def note(
        self, node: etree._Element, what: str, before: str, after: str, zh: str, en: str, *, away: bool = False
    ) -> None:
        """Something of the standard was put into our words; `away`: the original goes."""
        covers = self.manifest.take(node) if away else ()
        self.manifest.remark(m.MAPPED, node, what, before, after, zh, en, covers=covers)
        if away:
            self._away(node, None)

    def warn(
        self,
        node: etree._Element,
        what: str,
        before: str,
        zh: str,
        en: str,
        weight: str = m.MEANING,
        *,
        away: bool = False,
    ) -> None:
        """Something of the standard could not be taken along (`away`), or stays and will be refused."""
        covers = self.manifest.take(node) if away else ()
        self.manifest.remark(m.LEFT, node, what, before, "", zh, en, weight=weight, covers=covers)
        if away:
            self._away(node, None)

    def _named(self, node: etree._Element, key: str | None) -> tuple[str, str]:
        if key is not None:
            return m.prefixed(key), node.get(key, "")
        said = (node.text or "").strip() or " ".join(f'{m.prefixed(k)}="{node.get(k)}"' for k in m.keys(node))
        return m.prefixed(str(node.tag)), said

    def _away(self, node: etree._Element, key: str | None) -> None:
        if key is not None:
            m.drop(node, key)
            return
        owner = m.owner_of(node).get("id", "")
        for each in node.iter():
            self.manifest.owners[each] = owner
        parent = node.getparent()
        if parent is None:
            return
        before = node.getprevious()
        if node.tail and node.tail.strip():
            if before is not None:
                before.tail = (before.tail or "") + node.tail
            else:
                parent.text = (parent.text or "") + node.tail
        parent.remove(node)
        if (
            parent.tag == f"{B}extensionElements"
            and next(iter(parent), None) is None
            and parent.getparent() is not None
        ):
            self._away(parent, None)

    # --- expressions -----------------------------------------------------------------------------------------------

    def expression(self, node: etree._Element, key: str, target: str | None = None) -> None:
        """An attribute with a literal or an expression, into our attribute (`target`, else the same)."""
        text = node.get(key, "")
        try:
            given = translate.value(text, known=self.known)
        except NotCertain as reason:
            self.uncertain(node, key, reason)
            return
        after = text if given is None else f"={given.text}"
        if target is None and after == text:
            self.keep(node, key)
            return
        self.map(node, key, after)
        node.set(target or key, after)

    def uncertain(self, node: etree._Element, key: str | None, reason: NotCertain, weight: str = m.BINDING) -> None:
        self.leave(
            node, key, weight, f"不能确切译成 FEEL：{reason.zh}", f"cannot be put into FEEL for sure: {reason.en}"
        )

    # --- writing in our words --------------------------------------------------------------------------------------

    def extensions(self, node: etree._Element) -> etree._Element:
        found = node.find(f"{B}extensionElements")
        if found is None:
            found = etree.Element(f"{B}extensionElements")
            after = len(node.findall(f"{B}documentation"))
            node.insert(after, found)
        return found

    def property(self, node: etree._Element, name: str, value: str) -> None:
        group = self.extensions(node).find(f"{C}properties")
        if group is None:
            group = etree.SubElement(self.extensions(node), f"{C}properties")
        etree.SubElement(group, f"{C}property", {"name": name, "value": value})

    def candidates(self, node: etree._Element, text: str) -> None:
        """Adds roles (`clerk`) or officers (`="login"`) to those who may do the task."""
        before = node.get(f"{C}candidateGroups", "")
        node.set(f"{C}candidateGroups", f"{before}, {text}" if before else text)

    def form(self, node: etree._Element) -> etree._Element:
        found = self.extensions(node).find(f"{C}formData")
        return found if found is not None else etree.SubElement(self.extensions(node), f"{C}formData")

    def field(
        self,
        node: etree._Element,
        id: str,
        type: str,
        label: str,
        *,
        default: str | None = None,
        choices: Mapping[str, str] | None = None,
        constraints: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        given = {"id": id, "type": type, "label": label or id}
        if default is not None:
            given["defaultValue"] = default
        field = etree.SubElement(self.form(node), f"{C}formField", given)
        if properties:
            group = etree.SubElement(field, f"{C}properties")
            for name, value in properties.items():
                etree.SubElement(group, f"{C}property", {"id": name, "value": value})
        if constraints:
            group = etree.SubElement(field, f"{C}validation")
            for name, value in constraints.items():
                etree.SubElement(group, f"{C}constraint", {"name": name, "config": value})
        for value, name in (choices or {}).items():
            etree.SubElement(field, f"{C}value", {"id": value, "name": name})


def language_of(work: Work, node: etree._Element) -> str:
    """In which language an expression was written, by its own word or that of the file."""
    declared = node.get("language") or work.root.get("expressionLanguage") or ""
    if not declared and _is_zeebe(work):
        return "feel"
    return declared


def _is_zeebe(work: Work) -> bool:
    return "http://camunda.org/schema/zeebe/1.0" in work.root.nsmap.values()
