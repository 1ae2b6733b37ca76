// The process designer: bpmn-js with our properties panel, our remarks, our menus, in the reader's language.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './designer/desk.css';
import './designer/way.css';
import './modeler/modeler.css';
import BpmnModeler from 'bpmn-js/lib/Modeler';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule } from 'bpmn-js-properties-panel';
import tokenSimulationModule from 'bpmn-js-token-simulation';
import camundaBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-platform';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import minimapModule from 'diagram-js-minimap';
import { zh } from './app/words';
import { Desk, download } from './designer/desk';
import { failed } from './designer/failed';
import { options, place } from './designer/page';
import { open } from './designer/server';
import { showWay } from './designer/way';
import houseModule from './modeler/house-provider';
import { markFindings } from './modeler/marks';
import restrictModule from './modeler/restrict';
import { speakChinese } from './modeler/foreign-words';
import { tellFirings } from './modeler/firings';
import translateModule from './modeler/translate';

async function start(board: HTMLElement): Promise<void> {
  const xml = await open(board.dataset.xmlUrl ?? '');
  const modeler: any = new BpmnModeler({
    container: board,
    propertiesPanel: { parent: place('properties') },
    house: options(),
    moddleExtensions: { camunda },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule, camundaBehaviors,
      CreateAppendAnythingModule, minimapModule, tokenSimulationModule, translateModule, houseModule, restrictModule,
    ],
  } as never);
  await modeler.importXML(xml);
  if (besidePalette(modeler.get('canvas')) < 0.4) modeler.get('minimap').open();
  if (zh) speakChinese(board, place('properties'));

  const stack = modeler.get('commandStack');
  const desk = new Desk(board, {
    xml: async () => (await modeler.saveXML({ format: true })).xml,
    choose: (id) => {
      const element = modeler.get('elementRegistry').get(id);
      if (!element) return;
      modeler.get('selection').select(element);
      modeler.get('canvas').scrollToElement(element, 80);
    },
    show: ({ findings, firings }) => {
      markFindings(modeler, findings);
      tellFirings(modeler, firings);
    },
    way: (finding) => void showWay(modeler, finding),
    acts: {
      undo: () => stack.undo(),
      redo: () => stack.redo(),
      svg: async () => download((await modeler.saveSVG()).svg, `${name(board)}.svg`, 'image/svg+xml'),
    },
  }, `${name(board)}.bpmn`);
  modeler.on('commandStack.changed', () => {
    // After a save the stack may be walked back below the saved state: that is a change as well.
    desk.mark(true);
    enable('undo', stack.canUndo());
    enable('redo', stack.canRedo());
  });
  enable('undo', false);
  enable('redo', false);
  board.dataset.ready = '';
}

/** The whole diagram in the room the palette leaves, or its beginning when the whole could not be read. Returns the fitting zoom. */
function besidePalette(canvas: any): number {
  const palette = 110;
  const { inner, outer } = canvas.viewbox();
  const fitting = Math.min(1, (outer.width - palette - 30) / inner.width, (outer.height - 100) / inner.height);
  const zoom = fitting < 0.4 ? 0.75 : fitting;
  const [width, height] = [outer.width / zoom, outer.height / zoom];
  const left = Math.max(palette / zoom, (width - inner.width) / 2);
  const above = Math.max(60 / zoom, (height - inner.height) / 2);
  canvas.viewbox({ x: inner.x - left, y: inner.y - above, width, height });
  return fitting;
}

function name(board: HTMLElement): string {
  return board.dataset.name ?? 'process';
}

function enable(act: string, possible: boolean): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>(`[data-act="${act}"]`)) button.disabled = !possible;
}

const board = place('modeler');
start(board).catch((error: unknown) => failed(board, error));
