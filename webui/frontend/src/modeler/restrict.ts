// Menus and palette without the elements our engine does not run: better not offered than refused later.

const NOT_RUN = new RegExp([
  'complex-gateway', 'link', 'compensation', 'cancel', 'transaction', 'ad-?hoc', 'choreography', 'conversation',
  'data-(store|object|input|output)', 'event-sub-?process', 'multiple', 'signal-end', 'manual-task', 'conditional', 'toggle-loop',
].join('|'), 'i');

export function runs(id: string): boolean {
  return !NOT_RUN.test(id);
}

type Entries = Record<string, unknown>;

const keepRunning = (entries: Entries): Entries => Object.fromEntries(Object.entries(entries).filter(([id]) => runs(id)));

class Restrict {
  static $inject = ['popupMenu', 'palette', 'contextPad'];

  constructor(popupMenu: any, palette: any, contextPad: any) {
    // 100 is lower than any menu's own provider, so this one sees what they put in.
    for (const menu of ['bpmn-replace', 'bpmn-create', 'bpmn-append']) popupMenu.registerProvider(menu, 100, this);
    palette.registerProvider(100, this);
    contextPad.registerProvider(100, this);
  }

  getPopupMenuEntries() {
    return keepRunning;
  }

  getPopupMenuHeaderEntries() {
    return keepRunning;
  }

  getPaletteEntries() {
    return keepRunning;
  }

  getContextPadEntries() {
    return (entries: Entries) => entries;
  }
}

export default { __init__: ['restrict'], restrict: ['type', Restrict] };
