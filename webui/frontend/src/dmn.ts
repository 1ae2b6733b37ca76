// The designer of decision tables: dmn-js in the reader's language, one tab per table of the file.
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import './designer/desk.css';
import './dmn/dmn.css';
import DmnModeler from 'dmn-js/lib/Modeler';
import { say, zh } from './app/words';
import { Desk } from './designer/desk';
import { failed } from './designer/failed';
import { place } from './designer/page';
import { open } from './designer/server';
import { chinese } from './dmn/zh';

function translate(template: string, replacements: Record<string, string> = {}): string {
  const found = (zh && chinese[template]) || template;
  return found.replace(/{ ?([^} ]+) ?}/g, (whole, key) => {
    const value = replacements[key];
    return value === undefined ? whole : (zh && chinese[value]) || value;
  });
}

async function start(board: HTMLElement): Promise<void> {
  const xml = await open(board.dataset.xmlUrl ?? '');
  const tabs = document.createElement('div');
  tabs.className = 'dmn-tabs';
  tabs.setAttribute('role', 'group');
  tabs.ariaLabel = say('文件中的决策', 'Decisions of this file');
  const frame = document.createElement('div');
  frame.className = 'dmn-frame';
  board.replaceChildren(tabs, frame);

  let found = new Set<string>();
  const speaking = { additionalModules: [{ translate: ['value', translate] }] };
  const modeler: any = new DmnModeler({
    container: frame, drd: speaking, decisionTable: speaking, literalExpression: speaking, boxedExpression: speaking,
  });
  const desk = new Desk(board, {
    xml: async () => (await modeler.saveXML({ format: true })).xml,
    choose: (id) => void choose(modeler, frame, id),
    show: (findings) => {
      found = new Set(findings.map(({ element }) => element));
      mark(frame, found);
    },
    acts: {
      undo: () => stack(modeler)?.undo(),
      redo: () => stack(modeler)?.redo(),
    },
  }, `${board.dataset.name ?? 'decision'}.dmn`);

  // The table is drawn anew after every change; its marks are put back then.
  new MutationObserver(() => mark(frame, found)).observe(frame, { childList: true, subtree: true });

  const listening = new WeakSet<object>();
  modeler.on('views.changed', ({ views, activeView }: any) => {
    tabs.replaceChildren(...views.map((view: any) => tab(modeler, view, view === activeView || view.element === activeView?.element)));
    // Each viewer has its own bus; it exists from the first time its view is opened.
    const viewer = modeler.getActiveViewer();
    const bus = viewer?.get('eventBus');
    if (!bus || listening.has(bus)) return;
    listening.add(bus);
    bus.on('elements.changed', () => desk.mark(true));
  });
  await modeler.importXML(xml);
  const table = modeler.getViews().find((view: any) => view.type === 'decisionTable');
  if (table && modeler.getViews().filter((view: any) => view.type !== 'drd').length === 1) await modeler.open(table);
  desk.mark(false);
  board.dataset.ready = '';
}

/** Opens the decision an element belongs to (itself, or a rule of it) and shows the row. */
async function choose(modeler: any, frame: HTMLElement, id: string): Promise<void> {
  const holds = (element: any) => element.id === id || element.decisionLogic?.rule?.some((rule: any) => rule.id === id);
  const view = modeler.getViews().find((each: any) => each.type !== 'drd' && holds(each.element));
  if (!view) return;
  if (modeler.getActiveView()?.element !== view.element) await modeler.open(view);
  const row = frame.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(id)}"]`)?.closest('tr');
  for (const other of frame.querySelectorAll('tr.row-chosen')) other.classList.remove('row-chosen');
  row?.classList.add('row-chosen');
  row?.scrollIntoView({ block: 'nearest' });
}

function mark(frame: HTMLElement, found: Set<string>): void {
  for (const cell of frame.querySelectorAll<HTMLElement>('td[data-row-id]')) {
    cell.classList.toggle('row-found', found.has(cell.dataset.rowId ?? ''));
  }
}

function stack(modeler: any): any {
  return modeler.getActiveViewer()?.get('commandStack');
}

function tab(modeler: any, view: any, pressed: boolean): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.ariaPressed = String(pressed);
  button.textContent = view.type === 'drd' ? say('决策图', 'Diagram') : view.name ?? view.element.name ?? view.id;
  button.addEventListener('click', () => void modeler.open(view));
  return button;
}

const board = place('dmn');
start(board).catch((error: unknown) => failed(board, error));
