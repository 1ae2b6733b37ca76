// English names live beside the Chinese ones, as the property name.en; on an English page they are drawn instead.

const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
const CAMUNDA = 'http://camunda.org/schema/1.0/bpmn';

/** The same XML with every element called by its English name, where it has one. */
export function inEnglish(xml: string): string {
  const diagram = new DOMParser().parseFromString(xml, 'text/xml');
  if (diagram.querySelector('parsererror')) return xml;
  for (const property of diagram.getElementsByTagNameNS(CAMUNDA, 'property')) {
    if (property.getAttribute('name') !== 'name.en') continue;
    const extensions = property.parentElement?.parentElement;
    const owner = extensions?.parentElement;
    const name = property.getAttribute('value');
    if (!name || extensions?.localName !== 'extensionElements' || owner?.namespaceURI !== BPMN) continue;
    owner.setAttribute('name', name);
    // A pool is drawn for its process and has no name of its own to translate.
    for (const pool of diagram.getElementsByTagNameNS(BPMN, 'participant')) {
      if (pool.getAttribute('processRef') === owner.getAttribute('id')) pool.setAttribute('name', name);
    }
  }
  return new XMLSerializer().serializeToString(diagram);
}
