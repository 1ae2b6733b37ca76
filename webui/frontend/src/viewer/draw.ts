// Draws one diagram into its place and marks tokens and the way passed.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { say, zh } from '../app/words';
import { inEnglish } from '../diagram/english';
import { type Position, mark, positionOf } from './marks';
import { addControls } from './controls';

export async function draw(place: HTMLElement): Promise<void> {
  const [xml, position] = await Promise.all([text(place.dataset.bpmnUrl ?? ''), positionOf(place)]);
  place.classList.add('viewer');
  const frame = document.createElement('div');
  frame.className = 'viewer-frame';
  place.replaceChildren(frame);
  const viewer = new NavigatedViewer({ container: frame, zoomScroll: { enabled: false } } as never);
  await viewer.importXML(zh ? xml : inEnglish(xml));
  const canvas = viewer.get<any>('canvas');
  // A diagram is first seen whole, but never so small that its first words cannot be read by zooming once.
  fit(canvas);
  mark(viewer, position);
  addControls(viewer, place, frame, fit);
  describe(frame, viewer, position);
  listenToList(viewer);
  place.dataset.ready = '';
}

export function fit(canvas: any): void {
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1.2) canvas.zoom(1.2, 'auto');
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { Accept: 'application/xml, text/xml' } });
  if (!answer.ok) throw new Error(say(`服务器回答 ${answer.status}`, `the server answered ${answer.status}`));
  return answer.text();
}

function describe(frame: HTMLElement, viewer: NavigatedViewer, position: Position): void {
  const registry = viewer.get<any>('elementRegistry');
  const names = [...new Set(position.tokens)].map((id) => registry.get(id)?.businessObject.name ?? id);
  const where = names.length ? say(`当前在：${names.join('、')}`, `now at: ${names.join(', ')}`) : say('没有进行中的环节', 'nothing in progress');
  const svg = frame.querySelector('svg');
  svg?.setAttribute('aria-label', say(`流程图，${where}`, `Process diagram, ${where}`));
  svg?.setAttribute('role', 'img');
}

/** Pressing data-show-element="id" anywhere on the page brings that element into view. */
function listenToList(viewer: NavigatedViewer): void {
  const canvas = viewer.get<any>('canvas');
  const registry = viewer.get<any>('elementRegistry');
  let shown: any = null;
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLElement>('[data-show-element]');
    const element = link && registry.get(link.dataset.showElement);
    if (!element) return;
    event.preventDefault();
    if (shown) canvas.removeMarker(shown, 'is-shown');
    shown = element;
    canvas.addMarker(element, 'is-shown');
    canvas.scrollToElement(element, 60);
  });
}
