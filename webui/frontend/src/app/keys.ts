// Keys for those who work here all day. What they do is written on the page: <a data-key="g i">, <tr data-row>.
import { say } from './words';

const OFF = 'bihuan.keys.off';
const PATIENCE = 1500;

let first = '';
let firstAt = 0;

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writing(event.target)) return;
    if (event.key === '?') {
      event.preventDefault();
      explain();
      return;
    }
    if (localStorage.getItem(OFF) || document.querySelector('dialog[open]')) return;
    if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('input[type=search]');
      if (search) event.preventDefault();
      search?.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      move(event.key === 'j' ? 1 : -1);
    } else {
      follow(event);
    }
  });
}

function writing(target: EventTarget | null): boolean {
  // The drawing boards have keys of their own.
  return target instanceof Element
    && (target.matches('input, textarea, select, [contenteditable="true"]') || target.closest('.designer, .djs-container') !== null);
}

function follow(event: KeyboardEvent): void {
  const pair = Date.now() - firstAt < PATIENCE ? `${first} ${event.key}` : event.key;
  first = event.key;
  firstAt = Date.now();
  const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(pair)}"]`)
    ?? document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  first = '';
  target.click();
}

function move(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent);
  if (!rows.length) return;
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, current + step))];
  const link = next.matches('a, button') ? next : next.querySelector<HTMLElement>('a, button');
  link?.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function explain(): void {
  if (document.querySelector('dialog[open]')) return;
  const dialog = document.createElement('dialog');
  dialog.className = 'ask keys';
  const title = document.createElement('h2');
  title.id = 'keys-title';
  title.textContent = say('键盘快捷键', 'Keyboard shortcuts');
  dialog.setAttribute('aria-labelledby', title.id);
  const list = document.createElement('dl');
  const known = [...document.querySelectorAll<HTMLElement>('[data-key]')].map(
    (element) => [element.dataset.key ?? '', element.ariaLabel ?? element.textContent?.trim() ?? ''],
  );
  known.push(
    ['j k', say('列表中下一行 / 上一行', 'Next / previous row of a list')],
    ['/', say('搜索', 'Search')],
    ['?', say('显示本说明', 'Show this help')],
  );
  for (const [keys, meaning] of known) {
    const dt = document.createElement('dt');
    dt.append(...keys.split(' ').map((key) => Object.assign(document.createElement('kbd'), { textContent: key })));
    const dd = document.createElement('dd');
    dd.textContent = meaning;
    list.append(dt, dd);
  }
  const off = document.createElement('label');
  off.className = 'form-check';
  const box = Object.assign(document.createElement('input'), {
    type: 'checkbox',
    className: 'form-check-input',
    checked: !localStorage.getItem(OFF),
  });
  box.addEventListener('change', () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, '1')));
  off.append(box, say(' 启用单键快捷键', ' Single-key shortcuts are on'));
  const close = document.createElement('form');
  close.method = 'dialog';
  close.className = 'ask-buttons';
  close.append(Object.assign(document.createElement('button'), { className: 'btn', textContent: say('关闭', 'Close') }));
  dialog.append(title, list, off, close);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
