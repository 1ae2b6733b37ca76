"""A first sheet for a new process or a new decision table: small, but already one that can be run."""

from __future__ import annotations

from html import escape

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="file" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="{id}" name="{name}" isExecutable="true">
    <bpmn:extensionElements>
      <camunda:properties>
        <camunda:property name="name.en" value="{name_en}" />
      </camunda:properties>
    </bpmn:extensionElements>
    <bpmn:startEvent id="raised" name="提出">
      <bpmn:extensionElements>
        <camunda:formData>
          <camunda:formField id="title" label="标题" type="string">
            <camunda:properties>
              <camunda:property id="label.en" value="Title" />
            </camunda:properties>
            <camunda:validation>
              <camunda:constraint name="required" config="true" />
            </camunda:validation>
          </camunda:formField>
        </camunda:formData>
      </bpmn:extensionElements>
      <bpmn:outgoing>to_first_step</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="first_step" name="办理" camunda:candidateGroups="liaison" camunda:dueDate="3 work days">
      <bpmn:extensionElements>
        <camunda:formData>
          <camunda:formField id="done_how" label="办理情况" type="text">
            <camunda:properties>
              <camunda:property id="label.en" value="What was done" />
            </camunda:properties>
          </camunda:formField>
        </camunda:formData>
        <camunda:properties>
          <camunda:property name="name.en" value="Handle" />
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>to_first_step</bpmn:incoming>
      <bpmn:outgoing>to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="办结">
      <bpmn:incoming>to_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to_first_step" sourceRef="raised" targetRef="first_step" />
    <bpmn:sequenceFlow id="to_done" sourceRef="first_step" targetRef="done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="picture">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{id}">
      <bpmndi:BPMNShape id="raised_di" bpmnElement="raised">
        <dc:Bounds x="172" y="102" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="first_step_di" bpmnElement="first_step">
        <dc:Bounds x="270" y="80" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="done_di" bpmnElement="done">
        <dc:Bounds x="432" y="102" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_first_step_di" bpmnElement="to_first_step">
        <di:waypoint x="208" y="120" />
        <di:waypoint x="270" y="120" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_done_di" bpmnElement="to_done">
        <di:waypoint x="370" y="120" />
        <di:waypoint x="432" y="120" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{id}_file" name="{name}" \
namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="{id}" name="{name}">
    <decisionTable id="{id}_table" hitPolicy="FIRST">
      <input id="{id}_input" label="严重程度">
        <inputExpression id="{id}_asked" typeRef="string">
          <text>severity</text>
        </inputExpression>
      </input>
      <output id="{id}_output" label="结果" name="result" typeRef="string" />
      <rule id="{id}_otherwise">
        <inputEntry id="{id}_any">
          <text></text>
        </inputEntry>
        <outputEntry id="{id}_answer">
          <text>"normal"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_picture">
      <dmndi:DMNShape id="{id}_shape" dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def diagram(id: str, name: str, name_en: str) -> bytes:
    """Raise, handle, done. `id` must be one the laws allow; the names may be anything."""
    return _DIAGRAM.format(id=escape(id), name=escape(name), name_en=escape(name_en)).encode()


def table(id: str, name: str) -> str:
    """One input, one output, one row that always holds."""
    return _TABLE.format(id=escape(id), name=escape(name))
