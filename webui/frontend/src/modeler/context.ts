// What every group of our properties panel needs to know about the element it speaks of.
import type { Named, Options } from '../designer/page';
import { say } from '../app/words';
import { type Bound } from './entries';
import { type Services, businessObject, extension, owner, property, setProperty, update } from './properties';

export class Subject {
  readonly bo: any;

  constructor(readonly element: any, readonly services: Services, readonly options: Options) {
    this.bo = owner(element);
  }

  is(...types: string[]): boolean {
    return types.some((type) => businessObject(this.element).$instanceOf?.(`bpmn:${type}`));
  }

  get eventKind(): string {
    const definition = this.bo.get('eventDefinitions')?.[0];
    return definition ? definition.$type.replace(/^bpmn:|EventDefinition$/g, '') : '';
  }

  get repeats(): boolean {
    return this.bo.loopCharacteristics?.$type === 'bpmn:MultiInstanceLoopCharacteristics';
  }

  /** A field for one of our properties. */
  property(name: string, label: string, description?: string): Bound {
    return {
      id: `house-${name.replaceAll('.', '-')}`,
      label,
      description,
      get: () => property(this.bo, name),
      set: (value) => setProperty(this.services, this.element, this.bo, name, value),
    };
  }

  /** A field for an attribute of the element itself. */
  attribute(name: string, label: string, description?: string): Bound {
    return {
      id: `attribute-${name.replace(':', '-')}`,
      label,
      description,
      get: () => this.bo.get(name) ?? '',
      set: (value) => update(this.services, this.element, this.bo, { [name]: value }),
    };
  }

  /** Names an expression may use: the case, its clocks, and every field of every form of the process. */
  get variables(): Named[] {
    const known = [
      { id: 'case', name: say('案件：编号、阶段、轮次……', 'the case: number, stage, round …') },
      { id: 'clocks', name: say('时钟：期限、是否超期……', 'clocks: due, overdue …') },
      { id: 'now', name: say('现在', 'now') },
    ];
    const seen = new Set(known.map(({ id }) => id));
    for (const field of formFields(process(this.bo))) {
      if (!field.id || seen.has(field.id)) continue;
      seen.add(field.id);
      known.push({ id: field.id, name: field.label ?? '' });
    }
    return known;
  }
}

function process(bo: any): any {
  let root = bo;
  while (root && root.$type !== 'bpmn:Process') root = root.$parent ?? root.processRef;
  return root ?? bo;
}

function formFields(scope: any): any[] {
  return (scope.flowElements ?? []).flatMap((node: any) => [
    ...(extension(node, 'camunda:FormData')?.get('fields') ?? []),
    ...formFields(node),
  ]);
}
