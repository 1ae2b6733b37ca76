// Zoom by buttons and keys, for those without a wheel; a legend in words. The page scrolls until the diagram is in use.
import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { say } from '../app/words';

export function addControls(
  viewer: NavigatedViewer, place: HTMLElement, frame: HTMLElement, fit: (canvas: any) => void, marked: boolean, undone: boolean,
): void {
  const canvas = viewer.get<any>('canvas');
  const zoomScroll = viewer.get<any>('zoomScroll');
  frame.addEventListener('focusin', () => zoomScroll.toggle(true));
  frame.addEventListener('focusout', () => zoomScroll.toggle(false));

  const bar = document.createElement('div');
  bar.className = 'viewer-bar no-print';
  bar.append(
    button('＋', say('放大', 'Zoom in'), () => canvas.zoom(canvas.zoom() * 1.25, 'auto')),
    button('－', say('缩小', 'Zoom out'), () => canvas.zoom(canvas.zoom() / 1.25, 'auto')),
    button(say('全图', 'Fit'), say('显示全图', 'Show the whole diagram'), () => fit(canvas)),
  );
  if (marked) bar.append(legend(undone));
  place.prepend(bar);
}

function button(text: string, label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn btn-sm';
  made.textContent = text;
  made.title = label;
  made.ariaLabel = label;
  made.addEventListener('click', press);
  return made;
}

function legend(undone: boolean): HTMLElement {
  const list = document.createElement('p');
  list.className = 'viewer-legend';
  for (const [name, text] of [
    ['token', say('当前环节（粗框带 ●）', 'now here (thick frame, ●)')],
    ['passed', say('已走过（绿色）', 'passed (green)')],
    ...(undone ? [['undone', say('已撤销（红色虚线）', 'undone (red, dashed)')]] : []),
  ]) {
    const swatch = document.createElement('span');
    swatch.className = `swatch swatch-${name}`;
    const item = document.createElement('span');
    item.append(swatch, text);
    list.append(item);
  }
  return list;
}
