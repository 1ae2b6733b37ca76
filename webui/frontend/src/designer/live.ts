// While somebody draws, the server's own check says what it finds: a moment after each change, never in the way of it.
import { say } from '../app/words';
import type { Checked } from './page';
import { check } from './server';

const PAUSE = 400;

export class Live {
  private timer = 0;
  private asked = 0;
  private running: AbortController | null = null;

  constructor(
    private readonly url: string,
    private readonly xml: () => Promise<string>,
    private readonly show: (checked: Checked) => void,
  ) {}

  /** Told after every change; what was asked about an earlier state is forgotten. */
  changed(pause = PAUSE): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), pause);
  }

  /** What is saved has been checked with it. */
  rest(): void {
    window.clearTimeout(this.timer);
    this.asked += 1;
    this.running?.abort();
  }

  private async ask(): Promise<void> {
    const mine = (this.asked += 1);
    this.running?.abort();
    this.running = new AbortController();
    try {
      const checked = await check(this.url, await this.xml(), this.running.signal);
      if (mine === this.asked) {
        this.show(checked);
        note('');
      }
    } catch (error) {
      // The next change asks again; saving says what is wrong in full.
      if (mine === this.asked && !(error instanceof DOMException)) note(say('暂时检查不了，改动后再试。', 'It cannot be checked just now; the next change tries again.'));
    }
  }
}

function note(text: string): void {
  const place = document.querySelector<HTMLElement>('.findings-live');
  if (place) place.textContent = text;
}
