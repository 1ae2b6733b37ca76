// What the check says, as a list beside the drawing; pressing a line shows the element it speaks of.
import { say, zh } from '../app/words';
import type { Finding } from './page';

const MARKS = { error: '✕', warning: '▲', info: 'ℹ' };
const WORDS = { error: say('错误', 'Error'), warning: say('提示', 'Remark'), info: say('说明', 'Note') };

// Which way is on the drawing, so that a check while drawing does not take it away.
let shown = '';

/** `way`: shows the way of a finding on the drawing, or takes it off; left out where nothing is drawn. */
export function listFindings(findings: Finding[], choose: (element: string) => void, way?: (finding: Finding | null) => void): void {
  const list = document.getElementById('findings');
  if (!list) return;
  const scrolled = list.scrollTop;
  const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.finding : undefined;
  const heading = document.createElement('p');
  heading.className = 'findings-count';
  heading.setAttribute('role', 'status');
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  heading.textContent = findings.length
    ? say(`检查结果：${errors} 个错误，${findings.length - errors} 个提示`, `Check: ${errors} errors, ${findings.length - errors} remarks`)
    : say('检查通过，没有问题。', 'Checked: nothing to remark.');
  const live = document.createElement('small');
  live.className = 'findings-live';
  const items = document.createElement('ul');
  items.className = 'findings-list';
  items.append(...findings.map((finding) => item(finding, choose, way)));
  list.replaceChildren(heading, live, items);
  list.scrollTop = scrolled;
  if (focused) list.querySelector<HTMLElement>(`[data-finding="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  if (shown && way && !findings.some((finding) => key(finding) === shown)) {
    shown = '';
    way(null);
  }
}

function key(finding: Finding): string {
  return `${finding.law ?? ''} ${finding.element ?? ''}`;
}

function item(finding: Finding, choose: (element: string) => void, way?: (finding: Finding | null) => void): HTMLLIElement {
  const li = document.createElement('li');
  li.className = `finding-${finding.severity}`;
  const mark = document.createElement('strong');
  mark.className = `finding-mark finding-mark-${finding.severity}`;
  mark.textContent = `${MARKS[finding.severity] ?? ''} ${WORDS[finding.severity]}`;
  const where = [finding.element, finding.line ? say(`第 ${finding.line} 行`, `line ${finding.line}`) : ''].filter(Boolean);
  const sentence = document.createElement(finding.element ? 'button' : 'span');
  sentence.textContent = zh ? finding.zh : finding.en;
  if (finding.element && sentence instanceof HTMLButtonElement) {
    sentence.type = 'button';
    sentence.dataset.finding = key(finding);
    const element = finding.element;
    sentence.addEventListener('click', () => choose(element));
  }
  const place = document.createElement('small');
  place.textContent = where.join(' · ');
  const laws = document.getElementById('findings')?.dataset.lawsUrl;
  if (laws && finding.law && finding.law !== 'and_more') {
    // In a page of its own: what is drawn here may not be saved yet.
    const why = document.createElement('a');
    why.href = `${laws}/${encodeURIComponent(finding.law)}`;
    why.target = '_blank';
    why.rel = 'noopener';
    why.textContent = say('为什么？', 'Why?');
    place.append(where.length ? ' · ' : '', why);
  }
  li.append(mark, sentence, place);
  if (way && finding.path?.length) li.append(wayButton(finding, way));
  return li;
}

function wayButton(finding: Finding, way: (finding: Finding | null) => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'way-button';
  const tell = () => {
    const on = shown === key(finding);
    button.textContent = on ? say('收起路径', 'Hide the way') : say('在图上看路径', 'Show the way');
    button.setAttribute('aria-pressed', String(on));
  };
  tell();
  button.addEventListener('click', () => {
    const on = shown !== key(finding);
    shown = on ? key(finding) : '';
    way(on ? finding : null);
    for (const other of document.querySelectorAll<HTMLButtonElement>('.way-button')) if (other !== button) {
      other.textContent = say('在图上看路径', 'Show the way');
      other.setAttribute('aria-pressed', 'false');
    }
    tell();
  });
  return button;
}
