// One sentence at the top of the page, read aloud by screen readers.
import { say } from './words';

export function tell(sentence: string, kind: 'danger' | 'success' | 'info' = 'danger'): void {
  let place = document.getElementById('told');
  if (!place) {
    place = document.createElement('div');
    place.id = 'told';
    place.setAttribute('role', 'alert');
    document.body.append(place);
  }
  const box = document.createElement('div');
  box.className = `alert alert-${kind} alert-dismissible told`;
  const text = document.createElement('div');
  text.textContent = sentence;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn-close';
  close.setAttribute('aria-label', say('关闭', 'Close'));
  close.addEventListener('click', () => box.remove());
  box.append(text, close);
  place.replaceChildren(box);
  if (kind !== 'danger') setTimeout(() => box.remove(), 6000);
}
