// What a question is told besides its variables: the moment and the zone it is asked in, and where it keeps its warnings.
import { FeelDateTime, parseDateTime, zoneNamed } from './times.js';

/** `mixed`: whether a moment without a zone may be read on the clock of `zone` (strictly, FEEL says null). */
export const told = { zone: zoneNamed('Z'), now: null, today: null, mixed: true, warnings: [] };

export function tell(now, zone) {
  told.zone = zoneNamed(zone);
  const wall = parseDateTime(now);
  told.now = new FeelDateTime(wall.date, wall.time.plus(0n));
  told.now.time.zone = told.zone;
  told.today = told.now.date;
}

/** Notes why a part of the expression is null, and is that null. */
export function warn(type, node) {
  if (told.warnings.length < 200) told.warnings.push({ type, from: node.from, to: node.to, place: null });
  return null;
}

tell('2000-01-01T00:00:00', 'Z');
