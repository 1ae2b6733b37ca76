// Conditions, scripts, decisions, calls, timers, repetition: FEEL everywhere, nothing of what another engine would need.
import { Group } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { say } from '../../app/words';
import type { Subject } from '../context';
import { type Bound, type Entry, type Group as PanelGroup, choice, feel, literalOrFeel, text } from '../entries';
import { firingsOf } from '../firings';
import { update } from '../properties';
import { handed } from './handed';

export function logic(subject: Subject): PanelGroup[] {
  return [...own(subject), ...group('house-timer', say('定时', 'Timer'), timer(subject)),
    ...group('house-repeat', say('多实例（逐个办理）', 'Multi-instance'), repeat(subject))];
}

function own(subject: Subject): PanelGroup[] {
  if (subject.is('SequenceFlow')) return group('house-condition', say('条件', 'Condition'), condition(subject));
  if (subject.is('ScriptTask')) return group('house-script', say('计算（FEEL）', 'Script (FEEL)'), [script(subject)]);
  if (subject.is('BusinessRuleTask')) return group('house-decision', say('决策表', 'Decision'), decision(subject));
  if (subject.is('CallActivity')) {
    const called = subject.attribute('calledElement', say('流程', 'Process'));
    return [
      ...group('house-call', say('调用流程', 'Called process'), [
        called.get().startsWith('=') || !subject.options.processes.length
          ? literalOrFeel(called, subject.variables) : choice(called, subject.options.processes),
      ]),
      handed(subject, 'camunda:In', say('传入', 'Handed in')),
      handed(subject, 'camunda:Out', say('取回', 'Taken back')),
    ];
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

const TIMINGS = ['timeDate', 'timeDuration', 'timeCycle'];

function timer(subject: Subject): Entry[] {
  const [definition] = subject.eventKind === 'Timer' ? subject.bo.eventDefinitions : [];
  if (!definition) return [];
  const current = TIMINGS.find((timing) => definition.get(timing)) ?? '';
  const write = (timing: string, body: string) => {
    const made = timing ? subject.services.bpmnFactory.create('bpmn:FormalExpression', { body }) : undefined;
    if (made) made.$parent = definition;
    const values = Object.fromEntries(TIMINGS.map((each) => [each, each === timing ? made : undefined]));
    update(subject.services, subject.element, definition, values);
  };
  const body: string = current ? definition.get(current).body ?? '' : '';
  return [
    choice({
      id: 'house-timing', label: say('何时', 'When'), get: () => current, set: (value) => write(value ?? '', body),
    }, [
      { id: 'timeDate', name: say('到某个时刻', 'at a moment') },
      { id: 'timeDuration', name: say('过一段时间', 'after a while') },
      { id: 'timeCycle', name: say('每隔一段时间', 'again and again') },
    ]),
    ...(current
      ? [literalOrFeel({
          id: 'house-timing-body',
          label: say('时间', 'Time'),
          description: current === 'timeCycle'
            ? say('如 R3/PT1H，或 fx 表达式', 'e.g. R3/PT1H, or an fx expression')
            : say('如 PT2H、2工作时、3工作日、当日、下班前，或 fx 表达式（clocks.rectify.due）', 'e.g. PT2H, 3 work days, same day, or an fx expression (clocks.rectify.due)'),
          get: () => body,
          set: (value) => write(current, value ?? ''),
        }, subject.variables), { id: 'house-firings', component: Firings, element: subject.element }]
      : []),
  ];
}

/** When it would fire if it began to wait now. */
function Firings({ element }: { element: any }) {
  const next = firingsOf(element.id);
  if (!next.length) return null;
  const told = say(`若现在开始等待，将在：${next.join('、')}`, `If it began to wait now, it would fire: ${next.join('; ')}`);
  return h('p', { class: 'bio-properties-panel-entry house-note' }, told);
}

function repeat(subject: Subject): Entry[] {
  if (!subject.repeats) return [];
  const loop = subject.bo.loopCharacteristics;
  const attribute = (name: string, label: string, description?: string): Bound => ({
    id: `house-loop-${name.replace('camunda:', '')}`,
    label,
    description,
    get: () => loop.get(name) ?? '',
    set: (value) => update(subject.services, subject.element, loop, { [name]: value }),
  });
  const expression = (name: string, label: string, description?: string): Bound => ({
    ...attribute(name, label, description),
    get: () => loop.get(name)?.body ?? '',
    set: (value) => {
      const made = value ? subject.services.bpmnFactory.create('bpmn:FormalExpression', { body: value }) : undefined;
      if (made) made.$parent = loop;
      update(subject.services, subject.element, loop, { [name]: made });
    },
  });
  return [
    feel(attribute('camunda:collection', say('集合', 'Collection'), say('每个成员一个实例，如 co_units', 'One instance per member, e.g. co_units')), subject.variables, '='),
    text(attribute('camunda:elementVariable', say('当前成员变量', 'Element variable'), say('如 unit', 'e.g. unit'))),
    feel(expression('loopCardinality', say('或：实例个数', 'Or: number of instances')), subject.variables, '='),
    feel(expression('completionCondition', say('提前完成条件', 'Completion condition')), subject.variables, '='),
  ];
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

