// Time left, kept true while a page stays open: <time data-countdown datetime="…" data-near="…"> inside a .light badge.
import { say } from './words';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The server's moment when it drew the page; officers' clocks are often wrong.
const drawnAt = Date.parse(document.documentElement.dataset.now ?? '');
const ahead = Number.isNaN(drawnAt) ? 0 : drawnAt - Date.now();

export function inWords(milliseconds: number): string {
  const left = Math.abs(milliseconds);
  const days = Math.floor(left / DAY);
  const hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  const parts = days
    ? [say(`${days}天`, `${days} d`), hours ? say(`${hours}小时`, `${hours} h`) : '']
    : [hours ? say(`${hours}小时`, `${hours} h`) : '', hours < 10 ? say(`${minutes}分`, `${minutes} min`) : ''];
  const text = parts.filter(Boolean).join(say('', ' '));
  return milliseconds >= 0 ? say(`剩${text}`, `${text} left`) : say(`超${text}`, `${text} over`);
}

const LIGHTS = {
  ok: say('正常', 'On time'),
  near: say('临期', 'Due soon'),
  over: say('超期', 'Overdue'),
};

function refresh(): void {
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-countdown]')) {
    const due = Date.parse(time.dateTime);
    if (Number.isNaN(due)) continue;
    const text = inWords(due - now);
    if (time.textContent !== text) time.textContent = text;
    const light = time.closest('.light');
    if (light) shine(light, due, Date.parse(time.dataset.near ?? ''), now);
  }
}

function shine(light: Element, due: number, near: number, now: number): void {
  const state = now >= due ? 'over' : now >= near ? 'near' : 'ok';
  if (light.classList.contains(`light-${state}`)) return;
  light.classList.remove('light-ok', 'light-near', 'light-over');
  light.classList.add(`light-${state}`);
  const text = light.querySelector('.light-text');
  if (text) text.textContent = LIGHTS[state];
}

export function keepCountdowns(): void {
  refresh();
  setInterval(refresh, 20_000);
  document.addEventListener('htmx:afterSettle', refresh);
  document.addEventListener('visibilitychange', refresh);
}
