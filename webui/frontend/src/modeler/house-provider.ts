// The properties panel of our house: what we do not run is left out, what we add is put where a designer looks first.
import type { Options } from '../designer/page';
import { Subject } from './context';
import type { Group } from './entries';
import { form } from './groups/form';
import { house } from './groups/house';
import { logic } from './groups/logic';
import { service } from './groups/service';
import { who } from './groups/who';

/** Groups of the Camunda 7 panel that stay; all others speak of things our engine does not do. */
const KEPT = ['general', 'documentation', 'error', 'message', 'escalation', 'signal', 'CamundaPlatform__ExtensionProperties'];
const DROPPED_ENTRIES = /^(versionTag|errorCodeVariable|errorMessageVariable|errorMessage|escalationCodeVariable|isForCompensation)$/;

export class HouseProvider {
  static $inject = ['propertiesPanel', 'bpmnFactory', 'commandStack', 'config.house'];

  constructor(panel: any, private readonly bpmnFactory: any, private readonly commandStack: any, private readonly options: Options) {
    // Lower than the Camunda provider (500): it is asked later and sees everyone's groups.
    panel.registerProvider(400, this);
  }

  getGroups(element: any) {
    return (groups: Group[]): Group[] => {
      const subject = new Subject(element, { bpmnFactory: this.bpmnFactory, commandStack: this.commandStack }, this.options);
      const kept = groups.filter((group) => KEPT.includes(group.id));
      for (const group of kept) {
        if (Array.isArray(group.entries)) group.entries = group.entries.filter((entry) => !DROPPED_ENTRIES.test(entry.id));
      }
      const at = (id: string) => kept.filter((group) => group.id === id);
      const rest = kept.filter((group) => !['general', 'documentation', 'CamundaPlatform__ExtensionProperties'].includes(group.id));
      return [
        ...at('general'),
        ...who(subject),
        ...form(subject),
        ...service(subject),
        ...logic(subject),
        ...rest,
        ...house(subject),
        ...at('documentation'),
        ...at('CamundaPlatform__ExtensionProperties'),
      ];
    };
  }
}

export default { __init__: ['houseProvider'], houseProvider: ['type', HouseProvider] };
