declare module '*.css';
declare module 'htmx.org/dist/htmx.esm.js' {
  const htmx: { config: Record<string, unknown> };
  export default htmx;
}
declare module '@tabler/core/dist/js/tabler.esm.js';
