// What a service task does: one of the topics our engine knows, with its parameters.
import { Group } from '@bpmn-io/properties-panel';
import { say } from '../../app/words';
import type { Named } from '../../designer/page';
import type { Subject } from '../context';
import { type Group as PanelGroup, choice, feel, literalOrFeel, text } from '../entries';
import { handed } from './handed';
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

/** What Bihuan works off beside the case, like a program outside. */
const CONNECTORS: Record<string, { zh: string; en: string; parameters: Parameter[] }> = {
  http: {
    zh: '访问网址', en: 'Ask a web address',
    parameters: [
      {
        name: 'method', zh: '方法', en: 'Method',
        choices: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((each) => [each, each, each]),
      },
      { name: 'url', zh: '网址', en: 'Address' },
      { name: 'headers', zh: '请求头', en: 'Headers', context: true },
      { name: 'body', zh: '内容', en: 'Content', context: true },
      { name: 'timeout', zh: '最多等几秒（不填＝10）', en: 'Seconds at most (empty = 10)' },
    ],
  },
  mail: {
    zh: '发邮件', en: 'Send a mail',
    parameters: [
      { name: 'to', zh: '收件人', en: 'To' }, { name: 'cc', zh: '抄送', en: 'Copy' },
      { name: 'subject', zh: '主题', en: 'Subject' }, { name: 'text', zh: '正文', en: 'Text' },
    ],
  },
};
const OTHER = 'external';

export function service(subject: Subject): PanelGroup[] {
  if (!subject.is('ServiceTask', 'SendTask')) return [];
  const topic = subject.attribute('camunda:topic', say('做什么', 'What it does'));
  const worker = subject.property('worker', '');
  const external = worker.get() === 'external';
  const own: Named[] = subject.is('SendTask')
    ? [] : Object.entries(TOPICS).map(([id, { zh, en }]) => ({ id, name: say(zh, en) }));
  const connected: Named[] = Object.entries(CONNECTORS).map(([id, { zh, en }]) => ({ id, name: say(zh, en) }));
  const other: Named = { id: OTHER, name: say('外部程序', 'another program') };
  const parameters = (external ? undefined : TOPICS[topic.get()] ?? CONNECTORS[topic.get()])?.parameters ?? [];
  const outside = external || topic.get() in CONNECTORS;
  return [{
    id: 'house-service',
    label: say('自动动作', 'Service'),
    component: Group,
    entries: [
      choice({
        ...topic,
        get: () => (external ? OTHER : topic.get()),
        set: (value) => {
          const written = value === OTHER ? (topic.get() in TOPICS || topic.get() in CONNECTORS ? '' : topic.get()) : value;
          update(subject.services, subject.element, subject.bo, {
            'camunda:type': value ? 'external' : undefined,
            'camunda:topic': written || undefined,
          });
          worker.set(value === OTHER ? 'external' : undefined);
        },
      }, [...own, other, ...connected]),
      ...(external
        ? [text({
            ...subject.attribute('camunda:topic', say('主题', 'Topic'),
              say('外部程序按它领取，如 permits.lookup', 'the program asks for work by it, e.g. permits.lookup')),
            id: 'house-topic',
          })]
        : []),
      ...parameters.map((parameter) => {
        const bound = subject.property(parameter.name, say(parameter.zh, parameter.en));
        if (parameter.context) return feel(bound, subject.variables, '=');
        if (!parameter.choices || bound.get().startsWith('=')) return literalOrFeel(bound, subject.variables);
        return choice(bound, parameter.choices.map(([id, zh, en]) => ({ id, name: say(zh, en) })));
      }),
      ...(outside
        ? [
            literalOrFeel(subject.property('retries', say('没办成时再试几次', 'Tries after the first'), say('不填＝3', 'empty = 3')), subject.variables),
            literalOrFeel(subject.property('backoff', say('重试间隔', 'Waits between tries'),
              say('不填＝PT1M，以后每次加倍；或 PT10S, PT1M, PT1H 依次', 'empty = PT1M, doubled each time; or PT10S, PT1M, PT1H in turn')), subject.variables),
          ]
        : []),
    ],
  }, ...(external ? [handed(subject, 'camunda:In', say('交给它', 'Given to it'))] : []),
  ...(outside ? [handed(subject, 'camunda:Out', say('取回来', 'Taken back'))] : [])];
}
