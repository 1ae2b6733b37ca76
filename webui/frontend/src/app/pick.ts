// Long lists of units, officers and choices get a line to type in: what does not match steps aside, nothing else changes.
import { say } from './words';

const FEW = 12;

export function narrowPickers(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-search], [data-picks]')) dress(element);
  document.addEventListener('htmx:oobAfterSwap', (event) => {
    const inside = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
    const swapped = document.getElementById(inside.id) ?? inside;
    for (const element of swapped.querySelectorAll<HTMLElement>('[data-search], [data-picks]')) dress(element);
  });
}

function dress(element: HTMLElement): void {
  if (element.previousElementSibling?.classList.contains('narrow-by')) return;
  const narrow = element instanceof HTMLSelectElement ? overOptions(element) : overBoxes(element);
  if (!narrow) return;
  const line = document.createElement('input');
  line.className = 'form-control narrow-by';
  line.placeholder = say('输入名称查找', 'Type to find');
  line.ariaLabel = say('在下面的列表中查找', 'Find in the list below');
  line.autocomplete = 'off';
  line.addEventListener('input', () => narrow(line.value.trim().toLowerCase()));
  // It is no field of the form: Enter must not send it, and its change is none of the form's.
  line.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  line.addEventListener('change', (event) => event.stopPropagation());
  element.before(line);
}

type Narrow = (wanted: string) => void;

function overOptions(select: HTMLSelectElement): Narrow | null {
  const all = [...select.children].map((child) => child.cloneNode(true) as HTMLElement);
  if (select.options.length <= FEW) return null;
  return (wanted) => {
    const chosen = select.value;
    select.replaceChildren(...all.map((child) => matching(child, wanted, chosen)).filter((child) => child !== null));
    select.value = chosen;
    const found = [...select.options].filter((option) => option.value && option.value !== chosen);
    if (wanted && !chosen && found.length === 1) {
      select.value = found[0].value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  };
}

/** A copy with the options that match; the one that is chosen now always stays. */
function matching(child: HTMLElement, wanted: string, chosen: string): HTMLElement | null {
  if (child instanceof HTMLOptionElement) {
    const stays = !child.value || child.value === chosen || child.text.toLowerCase().includes(wanted);
    return stays ? (child.cloneNode(true) as HTMLElement) : null;
  }
  const group = child.cloneNode(false) as HTMLElement;
  const under = (child as HTMLOptGroupElement).label.toLowerCase().includes(wanted);
  for (const option of child.children) {
    const kept = under ? (option.cloneNode(true) as HTMLElement) : matching(option as HTMLElement, wanted, chosen);
    if (kept) group.append(kept);
  }
  return group.children.length ? group : null;
}

function overBoxes(list: HTMLElement): Narrow | null {
  const labels = [...list.querySelectorAll<HTMLLabelElement>('label')];
  if (labels.length <= FEW) return null;
  return (wanted) => {
    for (const label of labels) {
      const ticked = label.querySelector<HTMLInputElement>('input')?.checked;
      label.hidden = !ticked && !label.textContent?.toLowerCase().includes(wanted);
    }
    for (const group of list.querySelectorAll('details')) {
      group.hidden = !group.querySelector('label:not([hidden])');
      if (wanted) group.open = true;
    }
  };
}
