// When timers would fire, as the server works it out with the office's calendar; the properties panel shows it.

let known: Record<string, string[]> = {};

export function tellFirings(modeler: any, firings: Record<string, string[]>): void {
  const same = JSON.stringify(known) === JSON.stringify(firings);
  known = firings;
  if (!same) modeler.get('eventBus').fire('propertiesPanel.providersChanged');
}

export function firingsOf(element: string): string[] {
  return known[element] ?? [];
}
