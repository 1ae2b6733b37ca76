// An editor that cannot open its file says so in its place.
import { say } from '../app/words';

export function failed(place: HTMLElement, error: unknown): void {
  const sentence = document.createElement('p');
  sentence.className = 'editor-failed';
  sentence.setAttribute('role', 'alert');
  sentence.textContent = say('打不开：', 'It cannot be opened: ') + (error instanceof Error ? error.message : String(error));
  place.replaceChildren(sentence);
}
