// What the page tells a designer's editor: addresses, revision, language, and lists to choose from.

export interface Named {
  id: string;
  name: string;
}

/** Lists for the drop-downs; the page writes them as JSON into #modeler-options. */
export interface Options {
  roles: Named[];
  stages: Named[];
  types: Named[];
  decisions: Named[];
  processes: Named[];
}

export interface Finding {
  severity: 'error' | 'warning' | 'info';
  element: string | null;
  line: number | null;
  zh: string;
  en: string;
  law?: string;
  /** Ids of elements and flows from the start to the bad place; where tokens then are. */
  path?: string[];
  there?: string[];
}

/** What the server's check answers: findings, and when literal timers would fire next, by element. */
export interface Checked {
  findings: Finding[];
  firings: Record<string, string[]>;
}

export function place(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

export function options(): Options {
  const written = document.getElementById('modeler-options')?.textContent ?? '{}';
  return { roles: [], stages: [], types: [], decisions: [], processes: [], ...JSON.parse(written) };
}
