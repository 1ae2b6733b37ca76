// Reads and writes what we keep in camunda:properties and camunda:formData, one undoable step at a time.

export interface Services {
  bpmnFactory: any;
  commandStack: any;
}

export function businessObject(element: any): any {
  return element.businessObject ?? element;
}

/** A pool stands for its process: what is said about the pool is kept on the process. */
export function owner(element: any): any {
  const bo = businessObject(element);
  return bo.$type === 'bpmn:Participant' ? bo.processRef ?? bo : bo;
}

export function extension(bo: any, type: string): any {
  return bo.get('extensionElements')?.get('values').find((value: any) => value.$type === type);
}

export function property(bo: any, name: string): string {
  const values = extension(bo, 'camunda:Properties')?.get('values') ?? [];
  return values.find((value: any) => value.name === name)?.value ?? '';
}

/** Sets or, with an empty value, removes one property; an element without properties keeps no empty list. */
export function setProperty(services: Services, element: any, bo: any, name: string, value: string | undefined): void {
  const old = extension(bo, 'camunda:Properties');
  const values = (old?.get('values') ?? []).filter((other: any) => other.name !== name);
  const place = (old?.get('values') ?? []).findIndex((other: any) => other.name === name);
  if (value) {
    const made = services.bpmnFactory.create('camunda:Property', { name, value });
    values.splice(place < 0 ? values.length : place, 0, made);
  }
  const made = values.length ? services.bpmnFactory.create('camunda:Properties', { values }) : null;
  values.forEach((each: any) => (each.$parent = made));
  replaceExtension(services, element, bo, old, made);
}

/** Puts `made` in the place of `old` among the extension elements; either may be missing. */
export function replaceExtension(services: Services, element: any, bo: any, old: any, made: any): void {
  const extensions = bo.get('extensionElements');
  if (!extensions) {
    if (!made) return;
    const created = services.bpmnFactory.create('bpmn:ExtensionElements', { values: [made] });
    created.$parent = bo;
    made.$parent = created;
    update(services, element, bo, { extensionElements: created });
    return;
  }
  const values = extensions.get('values').filter((value: any) => value !== old);
  if (made) {
    made.$parent = extensions;
    const place = extensions.get('values').indexOf(old);
    values.splice(place < 0 ? values.length : place, 0, made);
  }
  if (values.length) update(services, element, extensions, { values });
  else update(services, element, bo, { extensionElements: undefined });
}

export function update(services: Services, element: any, moddleElement: any, properties: Record<string, unknown>): void {
  services.commandStack.execute('element.updateModdleProperties', { element, moddleElement, properties });
}
