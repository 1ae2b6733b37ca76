// What the check says, as a list beside the drawing; pressing a line shows the element it speaks of.
import { say, zh } from '../app/words';
import type { Finding } from './page';

const MARKS = { error: '✕', warning: '▲', info: 'ℹ' };

export function listFindings(findings: Finding[], choose: (element: string) => void): void {
  const list = document.getElementById('findings');
  if (!list) return;
  const heading = document.createElement('p');
  heading.className = 'findings-count';
  heading.setAttribute('role', 'status');
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  heading.textContent = findings.length
    ? say(`检查结果：${errors} 个错误，${findings.length - errors} 个提示`, `Check: ${errors} errors, ${findings.length - errors} remarks`)
    : say('检查通过，没有问题。', 'Checked: nothing to remark.');
  const items = document.createElement('ul');
  items.className = 'findings-list';
  items.append(...findings.map((finding) => item(finding, choose)));
  list.replaceChildren(heading, items);
}

function item(finding: Finding, choose: (element: string) => void): HTMLLIElement {
  const li = document.createElement('li');
  li.className = `finding-${finding.severity}`;
  const where = [finding.element, finding.line ? say(`第 ${finding.line} 行`, `line ${finding.line}`) : ''].filter(Boolean);
  const text = `${MARKS[finding.severity] ?? ''} ${zh ? finding.zh : finding.en}`;
  const sentence = document.createElement(finding.element ? 'button' : 'span');
  sentence.textContent = text;
  if (finding.element && sentence instanceof HTMLButtonElement) {
    sentence.type = 'button';
    const element = finding.element;
    sentence.addEventListener('click', () => choose(element));
  }
  const place = document.createElement('small');
  place.textContent = where.join(' · ');
  li.append(sentence, place);
  return li;
}
