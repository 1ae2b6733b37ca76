// English names live beside the Chinese ones, as the property name.en; on an English page they are drawn instead.

const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
const BPMNDI = 'http://www.omg.org/spec/BPMN/20100524/DI';
const DC = 'http://www.omg.org/spec/DD/20100524/DC';
const CAMUNDA = 'http://camunda.org/schema/1.0/bpmn';

/** The same XML with every element called by its English name, where it has one. */
export function inEnglish(xml: string): string {
  const diagram = new DOMParser().parseFromString(xml, 'text/xml');
  if (diagram.querySelector('parsererror')) return xml;
  const renamed = new Map<string, string>();
  for (const property of diagram.getElementsByTagNameNS(CAMUNDA, 'property')) {
    if (property.getAttribute('name') !== 'name.en') continue;
    const extensions = property.parentElement?.parentElement;
    const owner = extensions?.parentElement;
    const name = property.getAttribute('value');
    if (!name || extensions?.localName !== 'extensionElements' || owner?.namespaceURI !== BPMN) continue;
    owner.setAttribute('name', name);
    renamed.set(owner.getAttribute('id') ?? '', name);
    // A pool is drawn for its process and has no name of its own to translate.
    for (const pool of diagram.getElementsByTagNameNS(BPMN, 'participant')) {
      if (pool.getAttribute('processRef') === owner.getAttribute('id')) pool.setAttribute('name', name);
    }
  }
  for (const label of diagram.getElementsByTagNameNS(BPMNDI, 'BPMNLabel')) {
    const name = renamed.get(label.parentElement?.getAttribute('bpmnElement') ?? '');
    const [bounds] = label.getElementsByTagNameNS(DC, 'Bounds');
    if (name && bounds) widen(bounds, name);
  }
  return new XMLSerializer().serializeToString(diagram);
}

/** Labels are as wide as the Chinese words; an English word must not be broken in the middle. */
function widen(bounds: Element, name: string): void {
  const longest = Math.max(...name.split(/\s+/).map((word) => word.length));
  const width = Number(bounds.getAttribute('width'));
  const needed = Math.max(longest * 6.5 + 6, Math.min(80, name.length * 6));
  if (needed <= width) return;
  bounds.setAttribute('x', String(Number(bounds.getAttribute('x')) - (needed - width) / 2));
  bounds.setAttribute('width', String(needed));
}
