// Conditions, scripts, decisions and calls: FEEL everywhere, nothing of what another engine would need.
import { Group } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { say } from '../../app/words';
import type { Subject } from '../context';
import { type Bound, type Entry, type Group as PanelGroup, choice, feel, text } from '../entries';
import { update } from '../properties';

export function logic(subject: Subject): PanelGroup[] {
  if (subject.is('SequenceFlow')) return group('house-condition', say('条件', 'Condition'), condition(subject));
  if (subject.is('ScriptTask')) return group('house-script', say('计算（FEEL）', 'Script (FEEL)'), [script(subject)]);
  if (subject.is('BusinessRuleTask')) return group('house-decision', say('决策表', 'Decision'), decision(subject));
  if (subject.is('CallActivity')) {
    return group('house-call', say('调用流程', 'Called process'), [
      choice(subject.attribute('calledElement', say('流程', 'Process')), subject.options.processes),
    ]);
  }
  return [];
}

function group(id: string, label: string, entries: Entry[]): PanelGroup[] {
  return entries.length ? [{ id, label, component: Group, entries }] : [];
}

function condition(subject: Subject): Entry[] {
  const flow = subject.bo;
  const conditional = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway', 'bpmn:ComplexGateway'].includes(flow.sourceRef?.$type)
    || flow.sourceRef?.$instanceOf?.('bpmn:Activity');
  if (!conditional) return [];
  if (flow.sourceRef.default === flow) {
    return [{ id: 'house-default-flow', component: DefaultNote }];
  }
  const bound: Bound = {
    id: 'conditionExpression',
    label: say('条件表达式', 'Condition'),
    description: 'decision = "file"',
    get: () => flow.conditionExpression?.body ?? '',
    set: (value) => {
      const made = value ? subject.services.bpmnFactory.create('bpmn:FormalExpression', { body: value }) : undefined;
      if (made) made.$parent = flow;
      update(subject.services, subject.element, flow, { conditionExpression: made });
    },
  };
  return [feel(bound, subject.variables, '=')];
}

function script(subject: Subject): Entry {
  return feel({
    id: 'house-script-body',
    label: say('FEEL 上下文', 'FEEL context'),
    description: say('每一项成为案件变量：{ attempts: attempts + 1 }', 'Each entry becomes a variable: { attempts: attempts + 1 }'),
    get: () => subject.bo.script ?? '',
    set: (value) => update(subject.services, subject.element, subject.bo, { script: value, scriptFormat: 'feel' }),
  }, subject.variables);
}

function decision(subject: Subject): Entry[] {
  const ref = subject.attribute('camunda:decisionRef', say('决策表', 'Decision table'));
  return [
    subject.options.decisions.length ? choice(ref, subject.options.decisions) : text(ref),
    text(subject.attribute('camunda:resultVariable', say('结果存入变量', 'Result variable'))),
  ];
}

function DefaultNote() {
  const note = say('默认流向：其他条件都不成立时走这里，不需要条件。', 'Default flow: taken when no other condition holds; it needs none.');
  return h('p', { class: 'bio-properties-panel-entry house-note' }, note);
}

