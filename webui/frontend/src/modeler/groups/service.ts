// What a service task does: one of the topics our engine knows, with its parameters.
import { Group } from '@bpmn-io/properties-panel';
import { say } from '../../app/words';
import type { Named } from '../../designer/page';
import type { Subject } from '../context';
import { type Group as PanelGroup, choice, feel, literalOrFeel } from '../entries';
import { update } from '../properties';

interface Parameter {
  name: string;
  zh: string;
  en: string;
  choices?: [string, string, string][];
  context?: boolean;
}

const REASON: Parameter = { name: 'reason', zh: '理由', en: 'Reason' };

const TOPICS: Record<string, { zh: string; en: string; parameters: Parameter[] }> = {
  'deadline.extend': {
    zh: '延长期限', en: 'Extend a deadline',
    parameters: [{ name: 'clock', zh: '时钟', en: 'Clock' }, { name: 'until', zh: '延到', en: 'Until' }, REASON],
  },
  'round.open': {
    zh: '开启新一轮', en: 'Open a new round',
    parameters: [REASON, { name: 'level', zh: '最低督办级别', en: 'Least level' }],
  },
  'level.raise': {
    zh: '提升督办级别', en: 'Raise the level',
    parameters: [{
      name: 'to', zh: '级别', en: 'To',
      choices: [['1', '催办', 'reminder'], ['2', '蓝色督办单', 'blue'], ['3', '橙色督办单', 'orange'], ['4', '红色督办单', 'red']],
    }, REASON],
  },
  'document.issue': {
    zh: '出具文书', en: 'Issue a document',
    parameters: [
      {
        name: 'kind', zh: '文种', en: 'Kind',
        choices: [
          ['task_list', '整改任务清单', 'task list'], ['inspection_notice', '督查情况告知单', 'inspection notice'],
          ['reminder', '催办通知书', 'reminder'], ['supervision_order', '督办单', 'supervision order'],
          ['return_slip', '退回单', 'return slip'], ['extension_form', '延期申请表', 'extension form'],
          ['suspension_form', '挂账申请表', 'suspension form'], ['report', '整改报告', 'report'],
          ['review_record', '审核记录', 'review record'], ['verification_record', '核查记录', 'verification record'],
          ['closing_form', '销号表', 'closing form'], ['reply_letter', '回复函', 'reply letter'],
          ['decline_notice', '不予立案告知', 'decline notice'], ['merge_record', '并案记录', 'merge record'],
          ['void_record', '作废记录', 'void record'],
        ],
      },
      { name: 'title', zh: '标题', en: 'Title' },
      { name: 'to', zh: '发往单位', en: 'To unit' },
      { name: 'fields', zh: '内容', en: 'Values', context: true },
    ],
  },
  notify: {
    zh: '发通知', en: 'Notify',
    parameters: [
      { name: 'to', zh: '发给（角色@=单位 或 =账号）', en: 'To (role@=unit or =login)' },
      { name: 'text', zh: '内容', en: 'Text (Chinese)' },
      { name: 'text.en', zh: '内容（英文）', en: 'Text (English)' },
    ],
  },
  'counter.add': { zh: '计数加一', en: 'Count one more', parameters: [{ name: 'name', zh: '计数器', en: 'Counter' }] },
  'case.merge': { zh: '并案', en: 'Merge into', parameters: [{ name: 'into', zh: '并入案件编号', en: 'Into case number' }] },
  close: {
    zh: '结案', en: 'Close the case',
    parameters: [{
      name: 'outcome', zh: '结果', en: 'Outcome',
      choices: [['closed', '已销号', 'closed'], ['rejected', '不予立案', 'rejected'], ['merged', '已并案', 'merged'],
        ['voided', '已作废', 'voided'], ['fixed_on_spot', '现场整改', 'fixed on the spot']],
    }],
  },
};

export function service(subject: Subject): PanelGroup[] {
  if (!subject.is('ServiceTask')) return [];
  const topic = subject.attribute('camunda:topic', say('做什么', 'What it does'));
  const topics: Named[] = Object.entries(TOPICS).map(([id, { zh, en }]) => ({ id, name: say(zh, en) }));
  const parameters = TOPICS[topic.get()]?.parameters ?? [];
  return [{
    id: 'house-service',
    label: say('自动动作', 'Service'),
    component: Group,
    entries: [
      choice({
        ...topic,
        set: (value) => update(subject.services, subject.element, subject.bo, {
          'camunda:type': value ? 'external' : undefined,
          'camunda:topic': value,
        }),
      }, topics),
      ...parameters.map((parameter) => {
        const bound = subject.property(parameter.name, say(parameter.zh, parameter.en));
        if (parameter.context) return feel(bound, subject.variables, '=');
        if (!parameter.choices || bound.get().startsWith('=')) return literalOrFeel(bound, subject.variables);
        return choice(bound, parameter.choices.map(([id, zh, en]) => ({ id, name: say(zh, en) })));
      }),
    ],
  }];
}
