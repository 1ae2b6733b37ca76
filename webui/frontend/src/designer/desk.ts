// The desk of a designer, whatever he draws: toolbar, Ctrl+S, unsaved changes, conflicts.
import { ask } from '../app/ask';
import { tell } from '../app/tell';
import { say } from '../app/words';
import { listFindings } from './findings';
import { Live } from './live';
import type { Checked, Finding } from './page';
import { Conflict, Refused, check, save } from './server';

/** What an editor must be able to do for the desk. */
export interface Editor {
  xml(): Promise<string>;
  choose(element: string): void;
  show(checked: Checked): void;
  /** The way of a finding on the drawing, or none. */
  way?(finding: Finding | null): void;
  acts: Record<string, () => void | Promise<void>>;
}

export class Desk {
  private changed = false;
  private busy = false;
  private readonly live: Live | null;

  constructor(private readonly place: HTMLElement, private readonly editor: Editor, private readonly fileName: string) {
    const acts: Editor['acts'] = {
      ...editor.acts,
      save: () => this.save(),
      check: () => this.check(),
      xml: async () => download(await editor.xml(), fileName, 'application/xml'),
    };
    for (const button of document.querySelectorAll<HTMLButtonElement>('[data-act]')) {
      const act = acts[button.dataset.act ?? ''];
      if (act) button.addEventListener('click', () => void this.run(act));
    }
    document.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault();
        void this.run(acts.save);
      }
    });
    const url = place.dataset.checkUrl;
    this.live = url ? new Live(url, () => editor.xml(), (checked) => this.show(checked)) : null;
    window.addEventListener('beforeunload', (event) => {
      if (this.changed) event.preventDefault();
    });
    this.mark(false);
    this.live?.changed(0);
  }

  /** Told by the editor after every change. */
  mark(changed: boolean): void {
    this.changed = changed;
    const note = document.getElementById('saved');
    if (note) note.textContent = changed ? say('● 有未保存的修改', '● Unsaved changes') : say('已保存', 'Saved');
    document.body.classList.toggle('has-changes', changed);
    if (changed) this.live?.changed();
    else this.live?.rest();
  }

  private async run(act: () => void | Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
    } catch (error) {
      if (error instanceof Refused && error.findings.length) this.show({ findings: error.findings, firings: {} });
      tell(error instanceof Error ? error.message : String(error));
    } finally {
      this.busy = false;
    }
  }

  private async save(): Promise<void> {
    // A field that is still being typed in hands over its text when it loses the focus.
    (document.activeElement as HTMLElement | null)?.blur();
    await new Promise((resolve) => setTimeout(resolve, 350));
    const xml = await this.editor.xml();
    try {
      const { revision, findings, firings } = await save(this.place.dataset.saveUrl ?? '', xml, this.place.dataset.revision ?? '');
      this.place.dataset.revision = revision;
      this.mark(false);
      this.show({ findings, firings });
      tell(say(`已保存（第 ${revision} 稿）。`, `Saved (revision ${revision}).`), 'success');
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      await this.keepOwn(xml);
    }
  }

  private async keepOwn(xml: string): Promise<void> {
    const yes = await ask(
      say(
        '别人在您打开之后保存过这份文件，您的修改没有保存。\n可以先下载自己的稿，再刷新页面看对方改了什么。',
        'Someone saved this file after you opened it; your changes were not saved.\nDownload your own version first, then reload to see the other one.',
      ),
      say('下载我的稿', 'Download my version'),
    );
    if (yes) download(xml, `mine-${this.fileName}`, 'application/xml');
  }

  private async check(): Promise<void> {
    const url = this.place.dataset.checkUrl;
    if (url) this.show(await check(url, await this.editor.xml()));
  }

  private show(checked: Checked): void {
    listFindings(checked.findings, (element) => this.editor.choose(element), this.editor.way && ((finding) => this.editor.way?.(finding)));
    this.editor.show(checked);
  }
}

export function download(content: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
