// The editors speak Chinese: what the community has translated, corrected and completed by our own list.
import community from 'bpmn-js-i18n/translations/zn.js';
import elements from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import camunda from 'bpmn-js-i18n-zh/lib/camunda-properties-panel/index.js';
import panel from 'bpmn-js-i18n-zh/lib/properties-panel/index.js';
import { zh } from '../app/words';
import { chinese } from './zh-local';

const words: Record<string, string> = zh ? { ...community, ...elements, ...panel, ...camunda, ...chinese } : {};

export function translate(template: string, replacements: Record<string, string> = {}): string {
  const found = words[template] ?? template;
  return found.replace(/{([^}]+)}/g, (whole, key) => {
    const value = replacements[key];
    return value === undefined ? whole : words[value] ?? value;
  });
}

export default { translate: ['value', translate] };
