// The form of a task, of the start event, or of a button on the case page: its fields in order.
import { ListGroup } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { say } from '../../app/words';
import type { Subject } from '../context';
import { type Bound, type Entry, type Group as PanelGroup, area, check, choice, feel, literalOrFeel, text } from '../entries';
import {
  constraint, fieldProperty, fieldsOf, setConstraint, setFieldProperties, setFields, setValueLines, valueLines,
} from '../fields';
import { update } from '../properties';

export function form(subject: Subject): PanelGroup[] {
  const hasForm = subject.is('UserTask')
    || (subject.is('StartEvent') && subject.bo.$parent?.$type === 'bpmn:Process' && !subject.eventKind)
    || (subject.is('CatchEvent') && subject.eventKind === 'Message');
  if (!hasForm) return [];
  const fields = fieldsOf(subject.bo);
  return [{
    id: 'house-form',
    label: say('表单', 'Form'),
    component: ListGroup,
    element: subject.element,
    items: fields.map((field, index) => ({
      id: `field-${index}`,
      label: field.label ? `${field.label}（${field.id ?? '?'}）` : field.id ?? say('（未命名）', '(no id)'),
      entries: entries(subject, fields, field, index),
      autoFocusEntry: `field-${index}-id`,
      remove: (event: Event) => {
        event.stopPropagation();
        setFields(subject.services, subject.element, subject.bo, fields.filter((other) => other !== field));
      },
    })),
    add: (event: Event) => {
      event.stopPropagation();
      const made = subject.services.bpmnFactory.create('camunda:FormField', { id: freeId(fields), type: 'string' });
      setFields(subject.services, subject.element, subject.bo, [...fields, made]);
    },
  }];
}

function freeId(fields: any[]): string {
  let number = fields.length + 1;
  while (fields.some((field) => field.id === `field_${number}`)) number += 1;
  return `field_${number}`;
}

function entries(subject: Subject, fields: any[], field: any, index: number): Entry[] {
  const { services, element } = subject;
  const bind = (name: string, label: string, get: () => string, set: Bound['set'], description?: string): Bound =>
    ({ id: `field-${index}-${name.replaceAll('.', '-')}`, label, description, get, set });
  const attribute = (name: string, label: string, description?: string) =>
    bind(name, label, () => field.get(name) ?? '', (value) => update(services, element, field, { [name]: value }), description);
  const property = (name: string, label: string, description?: string) =>
    bind(name, label, () => fieldProperty(field, name), (value) => setFieldProperties(services, element, field, { [name]: value }), description);
  const limit = (name: string, label: string) =>
    bind(name, label, () => constraint(field, name), (value) => setConstraint(services, element, field, name, value));
  const type: string = field.type ?? '';
  const listed = type === 'enum' || type === 'multi';
  const written = ['string', 'text'].includes(type);
  const counted = ['long', 'number'].includes(type);
  const attached = ['photo', 'file'].includes(type);
  return [
    text(attribute('id', say('标识（变量名）', 'Id (variable)'))),
    text(attribute('label', say('名称', 'Label'))),
    text(property('label.en', say('名称（英文）', 'Label (English)'))),
    choice(attribute('type', say('类型', 'Type')), subject.options.types),
    ...(listed
      ? [area(bind('values', say('可选值', 'Values'), () => valueLines(field), (value) => setValueLines(services, element, field, value ?? ''),
          say('每行一个：代码 | 中文 | 英文', 'One a line: code | Chinese | English')))]
      : []),
    ...(type === 'note' ? [] : [
      check(limit('required', say('必填', 'Required'))),
      check(limit('readonly', say('只读', 'Read only'))),
    ]),
    literalOrFeel(attribute('defaultValue', type === 'note' ? say('显示的文字', 'Text shown') : say('默认值', 'Default')), subject.variables),
    ...(counted ? [text(limit('min', say('最小', 'Least'))), text(limit('max', say('最大', 'Most')))] : []),
    ...(written ? [text(limit('minlength', say('最少字数', 'Least length'))), text(limit('maxlength', say('最多字数', 'Greatest length')))] : []),
    ...(attached
      ? [
          text(limit('mincount', say('至少几份', 'At least'))),
          choice(property('evidence', say('证据类别', 'Evidence')), [
            { id: 'before', name: say('整改前', 'before') }, { id: 'after', name: say('整改后', 'after') },
            { id: 'document', name: say('佐证材料', 'document') },
          ]),
        ]
      : []),
    ...(['date', 'datetime'].includes(type) ? [check(limit('future', say('必须晚于现在', 'In the future')))] : []),
    ...(type === 'officer' ? [choice(property('role', say('限定角色', 'Role')), subject.options.roles)] : []),
    ...(['unit', 'units'].includes(type)
      ? [text(property('kind', say('限定单位类别', 'Kind of unit'))), literalOrFeel(property('below', say('限定在此单位之下', 'Below unit')), subject.variables)]
      : []),
    text(property('help', say('填写说明', 'Help'))),
    text(property('help.en', say('填写说明（英文）', 'Help (English)'))),
    feel(property('show', say('何时出现', 'Shown when'), say('成立时才出现、才要填', 'The field counts only then')), subject.variables),
    feel(property('required_if', say('何时必填', 'Required when')), subject.variables),
    feel(property('check', say('校验', 'Check'), say('不成立时显示下面这句话', 'When false, the sentence below is shown')), subject.variables),
    ...(fieldProperty(field, 'check')
      ? [text(property('check.text', say('校验不过时说', 'Sentence'))), text(property('check.text.en', say('校验不过时说（英文）', 'Sentence (English)')))]
      : []),
    {
      id: `field-${index}-order`,
      component: Order,
      move: (step: number) => {
        const moved = fields.filter((other) => other !== field);
        moved.splice(Math.min(moved.length, Math.max(0, index + step)), 0, field);
        setFields(services, element, subject.bo, moved);
      },
    },
  ];
}

function Order(props: any) {
  const button = (label: string, step: number) => h('button', { type: 'button', class: 'btn btn-sm', onClick: () => props.move(step) }, label);
  return h('div', { class: 'bio-properties-panel-entry house-order', 'data-entry-id': props.id }, [
    button(say('↑ 上移', '↑ Up'), -1), button(say('↓ 下移', '↓ Down'), 1),
  ]);
}
