// One field of a form as the XML keeps it: attributes, allowed values, constraints, and our own properties (by id).
import { type Services, replaceExtension, update } from './properties';
import { extension } from './properties';

export function fieldsOf(bo: any): any[] {
  return extension(bo, 'camunda:FormData')?.get('fields') ?? [];
}

export function setFields(services: Services, element: any, bo: any, fields: any[]): void {
  const old = extension(bo, 'camunda:FormData');
  if (old && fields.length) {
    fields.forEach((field) => (field.$parent = old));
    update(services, element, old, { fields });
    return;
  }
  const made = fields.length ? services.bpmnFactory.create('camunda:FormData', { fields }) : null;
  fields.forEach((field) => (field.$parent = made));
  replaceExtension(services, element, bo, old, made);
}

export function fieldProperty(field: any, id: string): string {
  return field.get('properties')?.get('values').find((each: any) => each.id === id)?.value ?? '';
}

export function setFieldProperties(services: Services, element: any, field: any, changes: Record<string, string | undefined>): void {
  const kept = (field.get('properties')?.get('values') ?? []).filter((each: any) => !(each.id in changes));
  const added = Object.entries(changes)
    .filter(([, value]) => value)
    .map(([id, value]) => services.bpmnFactory.create('camunda:Property', { id, value }));
  const values = [...kept, ...added];
  const properties = values.length ? services.bpmnFactory.create('camunda:Properties', { values }) : undefined;
  attach(field, properties, values);
  update(services, element, field, { properties });
}

export function constraint(field: any, name: string): string {
  const found = field.get('validation')?.get('constraints').find((each: any) => each.name === name);
  return found ? found.config ?? 'true' : '';
}

export function setConstraint(services: Services, element: any, field: any, name: string, config: string | undefined): void {
  const constraints = (field.get('validation')?.get('constraints') ?? []).filter((each: any) => each.name !== name);
  if (config && config !== 'false') constraints.push(services.bpmnFactory.create('camunda:Constraint', { name, config }));
  const validation = constraints.length ? services.bpmnFactory.create('camunda:Validation', { constraints }) : undefined;
  attach(field, validation, constraints);
  update(services, element, field, { validation });
}

/** Allowed values as lines `code | 中文 | English`. */
export function valueLines(field: any): string {
  return (field.get('values') ?? [])
    .map((value: any) => [value.id, value.name ?? '', fieldProperty(field, `name.${value.id}.en`)].join(' | ').replace(/( \| )+$/, ''))
    .join('\n');
}

export function setValueLines(services: Services, element: any, field: any, lines: string): void {
  const rows = lines.split('\n').map((line) => line.split('|').map((part) => part.trim())).filter(([id]) => id);
  const english: Record<string, string | undefined> = {};
  for (const value of field.get('values') ?? []) english[`name.${value.id}.en`] = undefined;
  for (const [id, , en] of rows) english[`name.${id}.en`] = en || undefined;
  setFieldProperties(services, element, field, english);
  const values = rows.map(([id, name]) => services.bpmnFactory.create('camunda:Value', { id, name: name || id }));
  values.forEach((value: any) => (value.$parent = field));
  update(services, element, field, { values });
}

function attach(parent: any, made: any, children: any[]): void {
  if (!made) return;
  made.$parent = parent;
  children.forEach((child) => (child.$parent = made));
}
