// Where the tokens are and which way they came: data attributes of the place, or an address that answers both.
import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { say } from '../app/words';

/** Element ids; an element with three open instances appears three times among the tokens. */
export interface Position {
  tokens: string[];
  passed: string[];
  /** Completed once, and compensated since. */
  undone: string[];
  /** Of a drawing that shows what stories passed: what none of them did. */
  missed: string[];
  /** By call activity, the cases it has called. */
  called: Record<string, { number: string; url: string }[]>;
}

export async function positionOf(place: HTMLElement): Promise<Position> {
  if (place.dataset.tokensUrl) {
    const answer = await fetch(place.dataset.tokensUrl, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(say(`服务器回答 ${answer.status}`, `the server answered ${answer.status}`));
    const { tokens = [], passed = [], undone = [], called = {} } = (await answer.json()) as Partial<Position>;
    return { tokens, passed, undone, missed: [], called };
  }
  return { tokens: ids(place.dataset.tokens), passed: ids(place.dataset.passed), undone: ids(place.dataset.undone), missed: ids(place.dataset.missed), called: {} };
}

function ids(json: string | undefined): string[] {
  return json ? (JSON.parse(json) as string[]) : [];
}

export function mark(viewer: NavigatedViewer, { tokens, passed, undone, missed, called }: Position): void {
  const canvas = viewer.get<any>('canvas');
  const registry = viewer.get<any>('elementRegistry');
  const overlays = viewer.get<any>('overlays');
  for (const id of new Set(passed)) if (registry.get(id)) canvas.addMarker(id, `is-passed${extent(registry.get(id))}`);
  for (const flow of flowsBetween(registry, passed, tokens)) canvas.addMarker(flow, 'is-passed');
  for (const id of new Set(missed)) if (registry.get(id)) canvas.addMarker(id, `is-missed${extent(registry.get(id))}`);
  for (const id of new Set(undone)) if (registry.get(id)) canvas.addMarker(id, `is-undone${extent(registry.get(id))}`);
  for (const id of new Set(tokens)) {
    const element = registry.get(id);
    if (!element) continue;
    canvas.addMarker(id, `is-token${extent(element)}`);
    const here = tokens.filter((token) => token === id).length;
    if (!extent(element)) overlays.add(id, { position: { top: -13, right: 13 }, html: badge(here) });
    const folded = registry.get(element.parent?.businessObject?.id);
    if (folded && folded !== element.parent) canvas.addMarker(folded, 'is-token');
  }
  for (const [id, cases] of Object.entries(called)) {
    if (registry.get(id)) overlays.add(id, { position: { bottom: -4, left: 0 }, html: links(cases) });
  }
}

/** Below a call activity: the cases it has called, each a link to its page. */
function links(cases: { number: string; url: string }[]): HTMLElement {
  const node = document.createElement('div');
  node.className = 'called-cases';
  for (const { number, url } of cases.slice(0, 3)) {
    const link = document.createElement('a');
    link.href = url;
    link.textContent = number;
    node.append(link);
  }
  if (cases.length > 3) {
    const more = document.createElement('a');
    more.href = '#kin';
    more.textContent = say(`共 ${cases.length} 件`, `${cases.length} in all`);
    node.append(more);
  }
  return node;
}

/** An open frame (pool, lane, sub-process drawn open) gets a border only: colour would hide which step inside is meant. */
function extent(element: any): string {
  const frame = /Participant|Lane/.test(element.type) || (element.children?.length && !element.collapsed);
  return frame ? '-frame' : '';
}

/** A flow counts as passed when the page lists it, or when it is the only one between two passed elements. */
function flowsBetween(registry: any, passed: string[], tokens: string[]): any[] {
  const seen = new Set([...passed, ...tokens]);
  const listsFlows = passed.some((id) => registry.get(id)?.waypoints);
  if (listsFlows) return [];
  return registry.filter((element: any) =>
    element.type === 'bpmn:SequenceFlow' && passed.includes(element.source?.id) && seen.has(element.target?.id));
}

function badge(count: number): HTMLElement {
  const node = document.createElement('div');
  node.className = 'token-badge';
  node.textContent = count > 1 ? String(count) : '●';
  node.title = say(`当前在此（${count}）`, `Now here (${count})`);
  return node;
}
