// A process diagram to look at: where the case stands, which way it came. The page's own list says the same in text.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer/viewer.css';
import './designer/way.css';
import { say } from './app/words';
import { draw } from './viewer/draw';

for (const place of document.querySelectorAll<HTMLElement>('[data-bpmn-url]')) {
  draw(place).catch((error: unknown) => {
    const sentence = document.createElement('p');
    sentence.className = 'viewer-failed';
    sentence.setAttribute('role', 'alert');
    sentence.textContent = say('流程图打不开：', 'The diagram cannot be shown: ')
      + (error instanceof Error ? error.message : String(error));
    place.replaceChildren(sentence);
  });
}
