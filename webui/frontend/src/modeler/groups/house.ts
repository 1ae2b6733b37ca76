// What our engine understands beyond BPMN: stage, clocks, hints, compulsory steps. Kept as camunda:properties.
import { Group, ListGroup } from '@bpmn-io/properties-panel';
import { say } from '../../app/words';
import type { Subject } from '../context';
import { type Entry, type Group as PanelGroup, area, check, choice, feel, literalOrFeel, text } from '../entries';
import { extension, setProperty } from '../properties';
import { roleList } from './who';

export function house(subject: Subject): PanelGroup[] {
  if (subject.is('TextAnnotation', 'Association', 'Group')) return [];
  const entries = [
    text(subject.property('name.en', say('英文名', 'English name'))),
    ...stageEntries(subject),
    ...taskEntries(subject),
    ...clockEntries(subject),
    ...messageEntries(subject),
    ...(subject.repeats
      ? [text(subject.property('collect', say('汇总到变量', 'Collect into'),
          say('每个实例办完后，答案依次加入这个列表', 'Each finished instance appends its answers to this list')))]
      : []),
    ...(subject.is('FlowNode', 'Process', 'Participant') ? [text(subject.property('mechanism', say('机制编号', 'Mechanisms'), 'M03, M12'))] : []),
  ];
  return [{ id: 'house', label: say('闭环设置', 'House'), component: Group, entries }, ...keys(subject), ...buttonGroups(subject)];
}

function stageEntries(subject: Subject): Entry[] {
  if (!subject.is('UserTask', 'SubProcess', 'Event', 'ServiceTask')) return [];
  return [choice(subject.property('stage', say('进入后案件阶段', 'Stage on entering')), subject.options.stages)];
}

function taskEntries(subject: Subject): Entry[] {
  if (!subject.is('UserTask')) return [];
  return [
    area(subject.property('hint', say('办理提示', 'Hint'), say('表单上方的一句话', 'One sentence above the form'))),
    area(subject.property('hint.en', say('办理提示（英文）', 'Hint (English)'))),
    text(subject.property('action', say('提交按钮文字', 'Button text'))),
    text(subject.property('action.en', say('提交按钮文字（英文）', 'Button text (English)'))),
    text(subject.property('before', say('必须先于', 'Compulsory before'),
      say('这些环节要等本环节办完才能提交（环节标识，逗号分隔）', 'These elements wait for this one (ids, comma separated)'))),
    check(subject.property('optional', say('可办可不办（所在范围结束时撤下）', 'Optional side task'))),
  ];
}

function clockEntries(subject: Subject): Entry[] {
  if (!subject.is('UserTask', 'SubProcess')) return [];
  const clock = subject.property('clock', say('时钟', 'Clock'), say('如 dispatch、rectify、review', 'e.g. dispatch, rectify, review'));
  return [
    text(clock),
    ...(clock.get()
      ? [
          literalOrFeel(subject.property('clock.limit', say('时限', 'Limit'),
            say('如 PT2H、3工作日、当日、下班前，或 fx 表达式', 'e.g. PT2H, 3 work days, same day, or an fx expression')), subject.variables),
          literalOrFeel(subject.property('clock.calendar', say('日历', 'Calendar'), say('不填＝工作日历 work', 'empty = work')), subject.variables),
          literalOrFeel(subject.property('clock.near', say('临期线', 'Due-soon share'), say('已用时间占比，不填＝0.8', 'share of the time used, empty = 0.8')), subject.variables),
        ]
      : []),
    ...(subject.is('UserTask') ? [text(subject.property('clock.pauses', say('期间暂停时钟', 'Pauses clock')))] : []),
  ];
}

function messageEntries(subject: Subject): Entry[] {
  if (throwsMessage(subject)) {
    return [
      feel(subject.property('payload', say('消息内容', 'Payload'), say('FEEL 上下文', 'a FEEL context')), subject.variables, '='),
      feel(subject.property('correlation', say('关联', 'Correlation')), subject.variables, '='),
    ];
  }
  if (subject.is('ThrowEvent') && subject.eventKind === 'Signal') {
    return [
      feel(subject.property('payload', say('信号内容', 'Payload'), say('FEEL 上下文', 'a FEEL context')), subject.variables, '='),
      choice(subject.property('scope', say('传到哪里', 'Who hears it'), say('不填＝所有等它的事项', 'empty = every case that waits for it')),
        [{ id: 'case', name: say('只在本事项内', 'only this case') }]),
    ];
  }
  if (begins(subject) && subject.eventKind === 'Timer') {
    const table = subject.property('timer.decision', say('时间由决策表给出', 'When: by a decision table'),
      say('输入 start ＝ 这个开始事件的标识', 'its input “start” is the id of this event'));
    return [subject.options.decisions.length ? choice(table, subject.options.decisions) : text(table)];
  }
  if (!catches(subject)) return [];
  const key = feel(subject.property('correlation', say('关联', 'Correlation'), say('不填＝案件编号', 'empty = case number')), subject.variables, '=');
  if (begins(subject)) {
    return [text(subject.property('raiser_unit', say('提出单位取自', 'Raised by the unit in'),
      say('消息内容里的哪个字段；不填＝发来消息的事项的单位', 'a field of the message; empty = the unit of the case that sent it')))];
  }
  return [
    key,
    text(subject.property('button', say('案件页上的按钮', 'Button on the case page'),
      say('填了，下列角色的人员就可以按它触发', 'Officers of the roles below may press it'))),
    text(subject.property('button.en', say('按钮（英文）', 'Button (English)'))),
  ];
}

/** Correlation by several keys: `correlation.NAME` = expression, the same names on both sides. */
function keys(subject: Subject): PanelGroup[] {
  if (!throwsMessage(subject) && (!catches(subject) || begins(subject))) return [];
  const { bo, element, services } = subject;
  const names = (extension(bo, 'camunda:Properties')?.get('values') ?? [])
    .map(({ name }: any) => String(name)).filter((name: string) => name.startsWith('correlation.'));
  return [{
    id: 'house-keys',
    label: say('多个关联键', 'Several keys'),
    component: ListGroup,
    element,
    items: names.map((name: string, index: number) => {
      const written = subject.property(name, say('表达式', 'Expression'));
      return {
        id: `key-${index}`,
        label: name.replace('correlation.', ''),
        entries: [
          text({
            id: `key-${index}-name`,
            label: say('名称', 'Name'),
            get: () => name.replace('correlation.', ''),
            set: (value) => {
              if (!value) return;
              const before = written.get();
              setProperty(services, element, bo, name, undefined);
              setProperty(services, element, bo, `correlation.${value}`, before);
            },
          }),
          feel({ ...written, id: `key-${index}-value` }, subject.variables, '='),
        ],
        autoFocusEntry: `key-${index}-name`,
        remove: (event: Event) => {
          event.stopPropagation();
          setProperty(services, element, bo, name, undefined);
        },
      };
    }),
    add: (event: Event) => {
      event.stopPropagation();
      let number = names.length + 1;
      while (names.includes(`correlation.key_${number}`)) number += 1;
      setProperty(services, element, bo, `correlation.key_${number}`, '=case.number');
    },
  }];
}

function throwsMessage(subject: Subject): boolean {
  return (subject.is('SendTask') && !subject.bo.get('camunda:topic')) || (subject.is('ThrowEvent') && subject.eventKind === 'Message');
}

/** A start of the process itself, not of an event sub-process. */
function begins(subject: Subject): boolean {
  return subject.is('StartEvent') && subject.bo.$parent?.$type === 'bpmn:Process';
}

function catches(subject: Subject): boolean {
  return subject.is('ReceiveTask') || (subject.is('CatchEvent') && subject.eventKind === 'Message');
}

function buttonGroups(subject: Subject): PanelGroup[] {
  const button = subject.property('button', '');
  if (!catches(subject) || begins(subject) || !button.get()) return [];
  const role = subject.property('role', '');
  return [roleList(subject, 'house-button-roles', say('谁可以按这个按钮', 'Who may press the button'), role.get, (value) => role.set(value || undefined))];
}
