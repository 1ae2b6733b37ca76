// A form goes out once: after the first press its buttons rest until the answer is there.

export function sendOnce(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== 'post' || 'repeatable' in form.dataset) return;
    if (form.ariaBusy === 'true') {
      event.preventDefault();
      return;
    }
    // Afterwards: a disabled button would not send its own name and value.
    setTimeout(() => rest(form, true));
  });
  document.addEventListener('htmx:beforeRequest', (event) => restFormOf(event, true));
  document.addEventListener('htmx:afterRequest', (event) => restFormOf(event, false));
  // Coming back by the browser's Back button must not meet a dead form.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[aria-busy="true"]')) rest(form, false);
  });
}

function restFormOf(event: Event, resting: boolean): void {
  const element = event.target as Element;
  if (element instanceof HTMLFormElement && !('repeatable' in element.dataset)) rest(element, resting);
}

function rest(form: HTMLFormElement, resting: boolean): void {
  form.ariaBusy = resting ? 'true' : null;
  for (const control of form.elements) {
    if (!(control instanceof HTMLButtonElement) || control.type !== 'submit') continue;
    if (resting && !control.disabled) {
      control.dataset.resting = '';
      control.disabled = true;
    } else if (!resting && 'resting' in control.dataset) {
      delete control.dataset.resting;
      control.disabled = false;
    }
  }
}
