// Packages that bring no types of their own.
declare module '*.css';
declare module 'htmx.org/dist/htmx.esm.js' {
  const htmx: { config: Record<string, unknown> };
  export default htmx;
}
declare module '@tabler/core/dist/js/tabler.esm.js';
declare module '@bpmn-io/properties-panel';
declare module '@bpmn-io/properties-panel/preact';
declare module 'bpmn-js-properties-panel';
declare module 'bpmn-js-create-append-anything';
declare module 'bpmn-js-token-simulation';
declare module 'bpmn-js-i18n/translations/zn.js';
declare module 'bpmn-js-i18n-zh/lib/*';
declare module 'camunda-bpmn-js-behaviors/lib/camunda-platform';
declare module 'camunda-bpmn-moddle/resources/camunda.json';
declare module 'diagram-js-minimap';
declare module 'dmn-js/lib/Modeler';
