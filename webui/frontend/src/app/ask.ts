// Steps that cannot be taken back ask once: data-confirm on a form or its button, hx-confirm on an htmx element.
import { say } from './words';

/** Shows the question; the promise tells whether the officer said yes. */
export function ask(question: string, yes?: string): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask';
  const text = document.createElement('p');
  text.id = 'ask-question';
  text.textContent = question;
  dialog.setAttribute('aria-labelledby', text.id);
  const buttons = document.createElement('form');
  buttons.method = 'dialog';
  buttons.className = 'ask-buttons';
  buttons.append(
    button(say('取消', 'Cancel'), 'no', 'btn'),
    button(yes || say('确定', 'Yes, go on'), 'yes', 'btn btn-primary'),
  );
  dialog.append(text, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

function button(label: string, value: string, className: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.value = value;
  made.className = className;
  made.textContent = label;
  return made;
}

export function askBeforeActing(): void {
  const agreed = new WeakSet<HTMLFormElement>();
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      const submitter = (event as SubmitEvent).submitter;
      const question = submitter?.dataset.confirm ?? form.dataset.confirm;
      if (!question || agreed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask(question, submitter?.textContent?.trim()).then((yes) => {
        if (!yes) return;
        agreed.add(form);
        form.requestSubmit(submitter);
      });
    },
    true,
  );
  document.addEventListener('htmx:confirm', (event) => {
    const { question, issueRequest } = (event as CustomEvent).detail;
    if (!question) return;
    event.preventDefault();
    void ask(question).then((yes) => yes && issueRequest(true));
  });
}
