// The way of a finding, drawn: its elements and flows in order, numbered, and the bad place in red.
import { say } from '../app/words';

/** What a drawing must offer for it; viewer and modeler both do. */
interface Drawing {
  get(name: string): any;
}

export interface Way {
  element: string | null;
  path?: string[];
  there?: string[];
}

const MARKS = ['is-way', 'is-way-bad', 'is-way-token'];

/** Shows the way, or takes it off the drawing where there is none. Returns whether anything is shown. */
export function showWay(drawing: Drawing, way: Way | null): boolean {
  const registry = drawing.get('elementRegistry');
  const canvas = drawing.get('canvas');
  const overlays = drawing.get('overlays');
  overlays.remove({ type: 'way' });
  for (const element of registry.getAll()) for (const mark of MARKS) canvas.removeMarker(element, mark);
  if (!way?.path?.length) return false;
  const steps = new Map<string, number[]>();
  let count = 0;
  for (const id of way.path) {
    const element = registry.get(id);
    if (!element) continue;
    canvas.addMarker(id, 'is-way');
    if (element.waypoints) continue;
    const seen = steps.get(id) ?? [];
    if (way.path[way.path.length - 1] !== id || !seen.length || id !== way.element) seen.push((count += 1));
    steps.set(id, seen);
  }
  for (const [id, numbers] of steps) overlays.add(id, 'way', { position: { top: -12, left: -8 }, html: badge(numbers.join('·'), 'way-number') });
  for (const id of new Set(way.there ?? [])) if (registry.get(id)) {
    canvas.addMarker(id, 'is-way-token');
    overlays.add(id, 'way', { position: resting(registry.get(id)), html: badge('●', 'way-token') });
  }
  if (way.element && registry.get(way.element)) canvas.addMarker(way.element, 'is-way-bad');
  bringIntoView(canvas, way.path.map((id) => registry.get(id)).filter(Boolean));
  return true;
}

/** On a flow a token lies near its end, where it waits. */
function resting(element: any): object {
  if (!element.waypoints) return { top: -12, right: 12 };
  const points = element.waypoints;
  const [before, last] = points.slice(-2);
  const left = Math.min(...points.map((point: any) => point.x));
  const top = Math.min(...points.map((point: any) => point.y));
  return { left: last.x + (before.x - last.x) * 0.35 - left - 9, top: last.y + (before.y - last.y) * 0.35 - top - 9 };
}

function badge(text: string, kind: string): HTMLElement {
  const node = document.createElement('div');
  node.className = kind;
  node.textContent = text;
  node.title = kind === 'way-token' ? say('令牌停在这里', 'A token stays here') : say(`第 ${text} 步`, `Step ${text}`);
  return node;
}

/** What is left free around it, for the palette and the labels. */
function room(size: number): number {
  return Math.min(160, size * 0.2);
}

/** The whole way, as large as fits. */
function bringIntoView(canvas: any, elements: any[]): void {
  const points = elements.flatMap((element) => element.waypoints
    ?? [{ x: element.x, y: element.y }, { x: element.x + element.width, y: element.y + element.height }]);
  if (!points.length) return;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const box = { x: Math.min(...xs), y: Math.min(...ys), width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
  const { outer } = canvas.viewbox();
  const zoom = Math.max(0.2, Math.min(1, (outer.width - room(outer.width)) / box.width, (outer.height - room(outer.height)) / box.height));
  const [width, height] = [outer.width / zoom, outer.height / zoom];
  canvas.viewbox({ x: box.x + box.width / 2 - width / 2, y: box.y + box.height / 2 - height / 2, width, height });
}
