// Who does a task: roles, each at a unit, or one officer; and who may not.
import { Group, ListGroup } from '@bpmn-io/properties-panel';
import { say } from '../../app/words';
import type { Subject } from '../context';
import { type Group as PanelGroup, choice, literalOrFeel, text } from '../entries';

interface Candidate {
  role: string;
  unit: string;
}

/** `unit_clerk@=lead_unit, dispatcher` → roles with the expression of their unit. Commas inside an expression do not part. */
export function parse(groups: string): Candidate[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (const letter of groups) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && '([{'.includes(letter)) depth += 1;
    if (!quoted && ')]}'.includes(letter)) depth -= 1;
    if (letter === ',' && !depth && !quoted) {
      parts.push(part);
      part = '';
    } else {
      part += letter;
    }
  }
  return [...parts, part].map((each) => each.trim()).filter(Boolean).map((each) => {
    const at = each.indexOf('@');
    return at < 0 ? { role: each, unit: '' } : { role: each.slice(0, at).trim(), unit: each.slice(at + 1).trim() };
  });
}

export function write(candidates: Candidate[]): string {
  return candidates.map(({ role, unit }) => (unit ? `${role}@${unit}` : role)).join(', ');
}

/** The list of roles, kept in any text field: camunda:candidateGroups, or the property `role` of an event. */
export function roleList(subject: Subject, id: string, label: string, get: () => string, set: (value: string) => void): PanelGroup {
  const candidates = parse(get());
  const change = (index: number, part: Partial<Candidate>) =>
    set(write(candidates.map((each, place) => (place === index ? { ...each, ...part } : each))));
  const nameOf = (role: string) => subject.options.roles.find((each) => each.id === role)?.name ?? role;
  return {
    id,
    label,
    component: ListGroup,
    element: subject.element,
    items: candidates.map((candidate, index) => ({
      id: `${id}-${index}`,
      label: nameOf(candidate.role) + (candidate.unit ? ` @ ${candidate.unit.replace(/^=/, '')}` : ''),
      entries: [
        choice({
          id: `${id}-${index}-role`,
          label: say('角色', 'Role'),
          get: () => candidate.role,
          set: (value) => value && change(index, { role: value }),
        }, subject.options.roles),
        literalOrFeel({
          id: `${id}-${index}-unit`,
          label: say('单位', 'Unit'),
          description: say('单位代码，或 fx 表达式（如 lead_unit）；不填＝任何单位', 'A unit code, or an fx expression (lead_unit); empty = any unit'),
          get: () => candidate.unit,
          set: (value) => change(index, { unit: value ?? '' }),
        }, subject.variables),
      ],
      autoFocusEntry: `${id}-${index}-role`,
      remove: (event: Event) => {
        event.stopPropagation();
        set(write(candidates.filter((_, place) => place !== index)));
      },
    })),
    add: (event: Event) => {
      event.stopPropagation();
      const taken = new Set(candidates.map(({ role }) => role));
      const role = subject.options.roles.find((each) => !taken.has(each.id))?.id ?? 'role';
      set(write([...candidates, { role, unit: '' }]));
    },
  };
}

export function who(subject: Subject): PanelGroup[] {
  if (!subject.is('UserTask')) return [];
  const groups = subject.attribute('camunda:candidateGroups', '');
  return [
    roleList(subject, 'house-who', say('谁来办：角色', 'Who: roles'), groups.get, (value) => groups.set(value || undefined)),
    {
      id: 'house-assignment',
      label: say('谁来办：指定与回避', 'Who: officer and exclusions'),
      component: Group,
      entries: [
        literalOrFeel(subject.attribute('camunda:assignee', say('指定人员', 'Officer'),
          say('人员账号，或 fx 表达式（如 case.raised_by）；填了就只有他能办', 'A login, or an fx expression; only this officer then')), subject.variables),
        text(subject.property('not_by', say('回避：办过这些环节的人', 'Not those who did'),
          say('环节标识，逗号分隔；*raiser＝提出人', 'Element ids, comma separated; *raiser = who raised it'))),
        literalOrFeel(subject.property('not_unit', say('回避：这些单位的人', 'Not officers of units')), subject.variables),
        literalOrFeel(subject.attribute('camunda:dueDate', say('办理期限', 'Due'),
          say('如 PT2H、2工作时、3工作日、当日、下班前，或 fx 表达式（clocks.rectify.due）', 'e.g. PT2H, 3 work days, same day, or an fx expression (clocks.rectify.due)')), subject.variables),
        text(subject.attribute('camunda:priority', say('优先级', 'Priority'))),
      ],
    },
  ];
}
