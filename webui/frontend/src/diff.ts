// Two versions of a process side by side: the older on the left, the newer on the right, moving together.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer/viewer.css';
import './diff/diff.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { say, zh } from './app/words';
import { failed } from './designer/failed';
import { open } from './designer/server';
import { inEnglish } from './diagram/english';

interface Difference {
  element: string;
  what: string;
  zh: string;
  en: string;
}

async function draw(place: HTMLElement): Promise<void> {
  const differences: Difference[] = JSON.parse(document.getElementById('differences')?.textContent ?? '[]');
  const xmls = await Promise.all([open(place.dataset.leftUrl ?? ''), open(place.dataset.rightUrl ?? '')]);
  place.classList.add('diff');
  place.replaceChildren();
  const viewers = await Promise.all(xmls.map((xml, side) => show(place, xml, side, differences)));
  moveTogether(viewers);
  viewers[1].get('canvas').zoom('fit-viewport', 'auto');
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLElement>('[data-show-element]');
    const id = link?.dataset.showElement;
    const viewer = [...viewers].reverse().find((each) => id && each.get('elementRegistry').get(id));
    if (!viewer || !id) return;
    event.preventDefault();
    const canvas = viewer.get('canvas');
    if (canvas.zoom() < 0.6) canvas.zoom(0.8);
    canvas.scrollToElement(id, 80);
  });
  place.dataset.ready = '';
}

async function show(place: HTMLElement, xml: string, side: number, differences: Difference[]): Promise<any> {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = side ? say('新版：绿框＝新增，橙框＝有改动', 'Newer: green = added, orange = changed') : say('旧版：红框＝删除', 'Older: red = removed');
  const frame = document.createElement('div');
  frame.className = 'diff-frame';
  figure.append(caption, frame);
  place.append(figure);
  const viewer: any = new NavigatedViewer({ container: frame });
  await viewer.importXML(zh ? xml : inEnglish(xml));
  for (const id of new Set(differences.map(({ element }) => element))) {
    if (!viewer.get('elementRegistry').get(id)) continue;
    const about = differences.filter((difference) => difference.element === id);
    viewer.get('canvas').addMarker(id, `is-${kind(about)}`);
    viewer.get('overlays').add(id, { position: { top: -10, left: -10 }, html: badge(about) });
  }
  return viewer;
}

function kind(about: Difference[]): 'added' | 'removed' | 'changed' {
  if (about.some(({ what }) => what === 'added')) return 'added';
  return about.some(({ what }) => what === 'removed') ? 'removed' : 'changed';
}

function badge(about: Difference[]): HTMLElement {
  const node = document.createElement('div');
  node.className = `diff-badge diff-badge-${kind(about)}`;
  node.textContent = { added: '＋', removed: '－', changed: '≠' }[kind(about)];
  node.title = about.map((difference) => (zh ? difference.zh : difference.en)).join('\n');
  return node;
}

function moveTogether(viewers: any[]): void {
  let following = false;
  for (const viewer of viewers) {
    viewer.on('canvas.viewbox.changed', ({ viewbox }: any) => {
      if (following) return;
      following = true;
      for (const other of viewers) {
        if (other === viewer) continue;
        const canvas = other.get('canvas');
        const { outer } = canvas.viewbox();
        const { x, y, scale } = viewbox;
        canvas.viewbox({ x, y, width: outer.width / scale, height: outer.height / scale });
      }
      following = false;
    });
  }
}

for (const place of document.querySelectorAll<HTMLElement>('[data-diff]')) draw(place).catch((error: unknown) => failed(place, error));
