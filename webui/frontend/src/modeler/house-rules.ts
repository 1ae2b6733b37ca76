// What our engine asks of a diagram and can be seen at a glance, as remarks in the designer's language.
import { say } from '../app/words';
import { extension, property } from './properties';

type Reporter = { report(id: string, message: string, path?: string[]): void };
type Made = [category: 'error' | 'warn', rule: () => { check(node: any, reporter: Reporter): void }];

const rule = (category: 'error' | 'warn', check: (node: any, report: (message: string) => void) => void): Made => [
  category,
  () => ({ check: (node, reporter) => check(node, (message) => reporter.report(node.id, message)) }),
];

const is = (node: any, ...types: string[]): boolean => types.some((type) => node.$instanceOf?.(`bpmn:${type}`));
const definition = (node: any): string => node.eventDefinitions?.[0]?.$type ?? '';

export const HOUSE_RULES: Record<string, Made> = {
  'task-has-someone': rule('error', (node, report) => {
    if (is(node, 'UserTask') && !node.get('camunda:candidateGroups') && !node.get('camunda:assignee')) {
      report(say('没有说明谁来办', 'Nobody is named to do it'));
    }
  }),
  'task-has-form': rule('warn', (node, report) => {
    if (is(node, 'UserTask') && !extension(node, 'camunda:FormData')) report(say('没有表单字段', 'It has no form fields'));
  }),
  'fields-are-named': rule('error', (node, report) => {
    const ids = new Set<string>();
    for (const field of extension(node, 'camunda:FormData')?.get('fields') ?? []) {
      if (!/^[a-z][a-z0-9_]*$/i.test(field.id ?? '')) report(say(`字段标识“${field.id ?? ''}”应为英文字母开头`, `Field id "${field.id ?? ''}" must begin with a letter`));
      else if (ids.has(field.id)) report(say(`字段“${field.id}”重复`, `Field "${field.id}" is there twice`));
      if (!field.label) report(say(`字段“${field.id ?? ''}”没有名称`, `Field "${field.id ?? ''}" has no label`));
      ids.add(field.id);
    }
  }),
  'english-name': rule('warn', (node, report) => {
    if (is(node, 'Activity', 'Event', 'Process') && node.name && !property(node, 'name.en')) report(say('没有英文名', 'It has no English name'));
  }),
  'service-has-topic': rule('error', (node, report) => {
    if (is(node, 'ServiceTask') && !node.get('camunda:topic')) report(say('没有选自动动作', 'No service is chosen'));
  }),
  'decision-is-named': rule('error', (node, report) => {
    if (!is(node, 'BusinessRuleTask')) return;
    if (!node.get('camunda:decisionRef')) report(say('没有选决策表', 'No decision is chosen'));
    if (!node.get('camunda:resultVariable')) report(say('没有说结果存到哪个变量', 'No result variable'));
  }),
  'script-is-feel': rule('error', (node, report) => {
    if (!is(node, 'ScriptTask')) return;
    if (!node.script) report(say('没有写计算', 'The script is empty'));
    else if (node.scriptFormat !== 'feel') report(say('脚本格式必须是 feel', 'The script format must be feel'));
  }),
  'timer-is-set': rule('error', (node, report) => {
    const [timer] = node.eventDefinitions ?? [];
    if (timer?.$type !== 'bpmn:TimerEventDefinition') return;
    const body = (timer.timeDate ?? timer.timeDuration ?? timer.timeCycle)?.body;
    if (!body) report(say('定时没有填时间', 'The timer has no time'));
    else if (body.includes('${')) report(say('时间用 FEEL 写（=…），不用 ${…}', 'Write the time in FEEL (=…), not ${…}'));
  }),
  'message-is-named': rule('error', (node, report) => {
    const message = definition(node) === 'bpmn:MessageEventDefinition' ? node.eventDefinitions[0].messageRef : node.messageRef;
    const needs = definition(node) === 'bpmn:MessageEventDefinition' || is(node, 'SendTask', 'ReceiveTask');
    if (needs && !message?.name) report(say('没有消息名', 'The message has no name'));
  }),
  'is-run': rule('error', (node, report) => {
    const refused = is(node, 'ComplexGateway', 'DataObjectReference', 'DataStoreReference', 'AdHocSubProcess', 'Transaction')
      || /Link|Compensate|Cancel|Conditional/.test(definition(node))
      || (is(node, 'EndEvent') && definition(node) === 'bpmn:SignalEventDefinition')
      || (is(node, 'SubProcess') && node.triggeredByEvent)
      || node.loopCharacteristics?.$type === 'bpmn:StandardLoopCharacteristics';
    if (refused) report(say('系统不执行这种元素', 'Our engine does not run this kind of element'));
  }),
};
