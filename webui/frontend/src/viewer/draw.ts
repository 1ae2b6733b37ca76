// Draws one diagram into its place and marks tokens and the way passed.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { say, zh } from '../app/words';
import { inEnglish } from '../diagram/english';
import { type Way, showWay } from '../designer/way';
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
  trim(frame, canvas);
  fit(canvas);
  mark(viewer, position);
  comeCloser(viewer, canvas, position);
  // A process by itself, without a case, has nothing to explain.
  const marked = position.tokens.length + position.passed.length > 0;
  addControls(viewer, place, frame, fit, marked, position.undone.length > 0);
  describe(frame, viewer, position, marked);
  listenToList(viewer, frame);
  if (place.dataset.bpmnAt) show(viewer, canvas, place.dataset.bpmnAt);
  listenToWays(viewer, frame, place.dataset.way);
  place.dataset.ready = '';
}

export function fit(canvas: any): void {
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1.2) canvas.zoom(1.2, 'auto');
}

/** No taller than the diagram needs at full width. */
function trim(frame: HTMLElement, canvas: any): void {
  const { inner } = canvas.viewbox();
  const needed = (inner.height * Math.min(1.2, frame.clientWidth / inner.width)) + 100;
  if (needed < frame.clientHeight) {
    frame.style.height = `${Math.max(260, needed)}px`;
    canvas.resized();
  }
}

/** On a narrow screen the whole diagram would be unreadable: show the place where the case stands. */
function comeCloser(viewer: NavigatedViewer, canvas: any, position: Position): void {
  const here = viewer.get<any>('elementRegistry').get(position.tokens[0]);
  if (!here || canvas.zoom() >= 0.5) return;
  const { outer } = canvas.viewbox();
  const [width, height] = [outer.width / 0.75, outer.height / 0.75];
  canvas.viewbox({ x: here.x + here.width / 2 - width / 2, y: here.y + here.height / 2 - height / 2, width, height });
}

/** A diagram that is not kept yet stands in the page itself: `#id` of a text area. */
async function text(url: string): Promise<string> {
  if (url.startsWith('#')) return document.querySelector<HTMLTextAreaElement>(url)?.value ?? '';
  const answer = await fetch(url, { headers: { Accept: 'application/xml, text/xml' } });
  if (!answer.ok) throw new Error(say(`服务器回答 ${answer.status}`, `the server answered ${answer.status}`));
  return answer.text();
}

function describe(frame: HTMLElement, viewer: NavigatedViewer, position: Position, marked: boolean): void {
  const registry = viewer.get<any>('elementRegistry');
  const names = [...new Set(position.tokens)].map((id) => registry.get(id)?.businessObject.name ?? id);
  const where = names.length ? say(`当前在：${names.join('、')}`, `now at: ${names.join(', ')}`) : say('没有进行中的环节', 'nothing in progress');
  const svg = frame.querySelector('svg');
  svg?.setAttribute('aria-label', marked ? say(`流程图，${where}`, `Process diagram, ${where}`) : say('流程图', 'Process diagram'));
  svg?.setAttribute('role', 'img');
}

/** A link to one element of a process leads here: it is marked and stands in the middle, large enough to read. */
function show(viewer: NavigatedViewer, canvas: any, id: string): void {
  const element = viewer.get<any>('elementRegistry').get(id);
  if (!element) return;
  canvas.addMarker(element, 'is-shown');
  const { outer } = canvas.viewbox();
  const scale = Math.max(canvas.zoom(), 0.75);
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({ x: element.x + element.width / 2 - width / 2, y: element.y + element.height / 2 - height / 2, width, height });
}

/** Pressing data-show-element="id" anywhere on the page brings that element into view. */
function listenToList(viewer: NavigatedViewer, frame: HTMLElement): void {
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
    frame.scrollIntoView({ block: 'nearest' });
  });
}

/** Pressing data-show-way anywhere on the page draws the way of a finding; pressing it again takes it off. */
function listenToWays(viewer: NavigatedViewer, frame: HTMLElement, first: string | undefined): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-show-way]')];
  const press = (pressed: HTMLElement | null) => {
    const way = pressed && pressed.getAttribute('aria-pressed') !== 'true' ? (JSON.parse(pressed.dataset.showWay ?? '') as Way) : null;
    for (const button of buttons) button.setAttribute('aria-pressed', String(way !== null && button === pressed));
    showWay(viewer, way);
    return way !== null;
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener('click', () => {
      if (press(button)) frame.scrollIntoView({ block: 'nearest' });
    });
  }
  if (first) showWay(viewer, JSON.parse(first) as Way);
}
