// What is handed over to a called process or a program outside, and what comes back: camunda:in and camunda:out.
import { ListGroup } from '@bpmn-io/properties-panel';
import { say } from '../../app/words';
import type { Subject } from '../context';
import { type Bound, type Group as PanelGroup, check, feel, text } from '../entries';
import { replaceExtension, update } from '../properties';

type Way = 'camunda:In' | 'camunda:Out';

/** A list of `source → target`; a source is a name, or an expression. */
export function handed(subject: Subject, way: Way, label: string): PanelGroup {
  const { bo, services, element } = subject;
  const all = () => (bo.get('extensionElements')?.get('values') ?? []).filter((value: any) => value.$type === way);
  return {
    id: `house-${way === 'camunda:In' ? 'in' : 'out'}`,
    label,
    component: ListGroup,
    element,
    items: all().map((one: any, index: number) => ({
      id: `${way}-${index}`,
      label: one.get('variables') === 'all'
        ? say('全部', 'everything')
        : `${one.get('source') || one.get('sourceExpression') || '?'} → ${one.get('target') || '?'}`,
      entries: entries(subject, way, one, index),
      autoFocusEntry: `${way}-${index}-target`,
      remove: (event: Event) => {
        event.stopPropagation();
        replaceExtension(services, element, bo, one, null);
      },
    })),
    add: (event: Event) => {
      event.stopPropagation();
      replaceExtension(services, element, bo, undefined, services.bpmnFactory.create(way, { source: '', target: '' }));
    },
  };
}

function entries(subject: Subject, way: Way, one: any, index: number) {
  const bind = (name: string, label: string, description?: string): Bound => ({
    id: `${way}-${index}-${name}`,
    label,
    description,
    get: () => one.get(name) ?? '',
    set: (value) => update(subject.services, subject.element, one, { [name]: value || undefined }),
  });
  const everything = one.get('variables') === 'all';
  const whole = check({
    id: `${way}-${index}-all`,
    label: say('全部字段', 'All fields'),
    get: () => (everything ? 'true' : ''),
    set: (value) => update(subject.services, subject.element, one, value
      ? { variables: 'all', source: undefined, sourceExpression: undefined, target: undefined }
      : { variables: undefined, source: '', target: '' }),
  });
  if (everything) return [whole];
  const given = way === 'camunda:In';
  return [
    text(bind('target', given ? say('以什么名称', 'Under the name') : say('写进字段', 'Into the field'))),
    text(bind('source', given ? say('哪个字段', 'Which field') : say('答复里的名称', 'Name in the answer'))),
    feel(bind('sourceExpression', say('或：表达式', 'Or: an expression')), subject.variables, '='),
    whole,
  ];
}
