"""The issue loop as a designer changes it: most steps go on, and each of some others gives one reason to stay."""

from __future__ import annotations

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NOTE = (
    f'<camunda:formField xmlns:camunda="{CAMUNDA}" id="review_basis" label="审核依据" type="string">'
    '<camunda:properties><camunda:property id="label.en" value="Basis of the review"/></camunda:properties>'
    "</camunda:formField>"
)


def changed(content: bytes) -> bytes:
    """One hour more before a dispatch is late, one question more at the review. `approve_withdrawal` has another id
    (gone), `approve_void` is decided by a table (kind), `ask_again` comes by the clock (trigger), units assist one
    after another (repeat), nobody may suspend (nobody), and a ruling is for a unit that there is not (stops)."""
    root = etree.fromstring(content)
    known = {node.get("id"): node for node in root.iter() if node.get("id")}

    late = known["dispatch_overdue_timer"].find(f"{{{BPMN}}}timeDate")
    late.text = '=clocks.dispatch.due + duration("PT1H")'
    form = known["review"].find(f".//{{{CAMUNDA}}}formData")
    form.append(etree.fromstring(NOTE))

    void = known["approve_void"]
    void.tag = f"{{{BPMN}}}businessRuleTask"
    for name in [name for name in void.attrib if name.startswith(f"{{{CAMUNDA}}}")]:
        del void.attrib[name]
    void.set(f"{{{CAMUNDA}}}decisionRef", "triage")
    void.set(f"{{{CAMUNDA}}}resultVariable", "void_decision")
    for form in list(void.iter(f"{{{CAMUNDA}}}formData")):
        form.getparent().remove(form)

    message = known["ask_again_message"]
    timer = etree.SubElement(message.getparent(), f"{{{BPMN}}}timerEventDefinition", id="ask_again_timer")
    etree.SubElement(timer, f"{{{BPMN}}}timeDuration").text = "P30D"
    message.getparent().remove(message)

    known["assistance"].find(f"{{{BPMN}}}multiInstanceLoopCharacteristics").set("isSequential", "true")
    known["approve_suspension"].set(f"{{{CAMUNDA}}}candidateGroups", "arbiter@PIER")
    known["ruling"].set(f"{{{CAMUNDA}}}candidateGroups", "dispatcher@=title")
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    for mark in (b'"approve_withdrawal"', b">approve_withdrawal<"):
        text = text.replace(mark, mark.replace(b"approve_withdrawal", b"approve_cancelling"))
    return text
