// Findings of the server's check, as marks on the drawing.
import { zh } from '../app/words';
import type { Finding } from '../designer/page';

export function markFindings(modeler: any, findings: Finding[]): void {
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  overlays.remove({ type: 'finding' });
  for (const id of new Set(findings.map((finding) => finding.element ?? ''))) {
    if (!id || !registry.get(id)) continue;
    const found = findings.filter((finding) => finding.element === id);
    overlays.add(id, 'finding', { position: { bottom: 10, left: -10 }, html: badge(found) });
  }
}

function badge(findings: Finding[]): HTMLElement {
  const node = document.createElement('div');
  const worst = findings.some((finding) => finding.severity === 'error') ? 'error' : findings[0].severity;
  node.className = `finding-badge finding-badge-${worst}`;
  node.textContent = worst === 'error' ? '✕' : '!';
  node.title = findings.map((finding) => (zh ? finding.zh : finding.en)).join('\n');
  return node;
}
