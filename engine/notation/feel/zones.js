// Which offset a zone of the world had at a moment; the only thing asked of the host, and it depends on nothing else.

const OFFSET = /^(?:z|([+-])(\d{2}):(\d{2})(?::(\d{2}))?)$/i;
const writers = new Map();
const offsets = new Map();
const CYCLE = 400 * 365 + 97; // days after which the calendar repeats itself
const LAST = Math.floor(8.64e12 / 86400) - CYCLE; // days after 1970 that the host's calendar reaches

/** A zone as it is written (`Z`, `+08:00`, `Asia/Shanghai`), or null if there is none of that name. */
export function zoneNamed(text) {
  const fixed = OFFSET.exec(text);
  if (fixed) {
    if (!fixed[1]) return { name: 'Z', offset: 0 };
    const [, sign, hours, minutes, seconds = '00'] = fixed;
    const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    if (Number(hours) > 18 || minutes > 59 || seconds > 59 || offset > 18 * 3600) return null;
    return offset ? { name: text, offset: sign === '-' ? -offset : offset } : { name: 'Z', offset: 0 };
  }
  return writerOf(text) ? { name: text, offset: null } : null;
}

export function sameZone(a, b) {
  return a === b || (a !== null && b !== null && (a.offset === null ? a.name === b.name : a.offset === b.offset));
}

/** A zone with a fixed offset in seconds, as FEEL writes it. */
export function zoneAt(offset) {
  if (offset === 0) return { name: 'Z', offset: 0 };
  const size = Math.abs(offset);
  const parts = [size / 3600, (size / 60) % 60, size % 60].map((part) => String(Math.floor(part)).padStart(2, '0'));
  if (parts[2] === '00') parts.pop();
  return { name: (offset < 0 ? '-' : '+') + parts.join(':'), offset };
}

/** Seconds east of Greenwich at an instant, which is (days after 1970, second of the day) in UTC. */
export function offsetAt(zone, days, second) {
  if (zone.offset !== null) return zone.offset;
  // Far from today the rules in force now are repeated, as for any date after the last known rule.
  const near = Math.abs(days) <= LAST ? days : ((days % CYCLE) + CYCLE) % CYCLE + CYCLE;
  const key = `${zone.name} ${near} ${Math.floor(second / 900)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size > 20000) offsets.clear();
    const at = near * 86400 + Math.floor(second / 900) * 900;
    const shown = Object.fromEntries(writerOf(zone.name).formatToParts(at * 1000).map(({ type, value }) => [type, value]));
    const year = shown.era === 'BC' ? 1 - Number(shown.year) : Number(shown.year);
    const there = Date.UTC(2000, Number(shown.month) - 1, Number(shown.day), Number(shown.hour) % 24, Number(shown.minute), Number(shown.second));
    const moved = new Date(there);
    moved.setUTCFullYear(year);
    offset = moved.getTime() / 1000 - at;
    offsets.set(key, offset);
  }
  return offset;
}

function writerOf(name) {
  if (!writers.has(name)) {
    let writer = null;
    try {
      if (/^[A-Za-z][\w+\-]*(\/[\w+\-]+)*$/.test(name)) {
        writer = new Intl.DateTimeFormat('en-US', {
          timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric',
          hour: 'numeric', minute: 'numeric', second: 'numeric',
        });
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    if (writers.size > 1000) writers.clear();
    writers.set(name, writer);
  }
  return writers.get(name);
}
