/** Formats an instant with Slack's date tokens, in the reader's zone. `seconds` since 1970. */
export function formatSlackDate(seconds: number, format: string, tz: string, nowMs: number): string {
  const at = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokenText(token, at, tz, nowMs) ?? whole);
}

function tokenText(token: string, at: Date, tz: string, nowMs: number): string | undefined {
  if (token === 'ago') return ago(at.getTime(), nowMs);
  const pretty = /^(date\w*)_pretty$/.exec(token);
  if (pretty !== null) return relativeDay(at, tz, nowMs) ?? tokenText(pretty[1] ?? 'date', at, tz, nowMs);
  switch (token) {
    case 'date_num':
      return `${part(at, tz, { year: 'numeric' })}-${part(at, tz, { month: '2-digit' })}-${part(at, tz, { day: '2-digit' })}`;
    case 'date_slash':
      return part(at, tz, { day: '2-digit', month: '2-digit', year: 'numeric' });
    case 'date':
      return part(at, tz, { day: 'numeric', month: 'long' });
    case 'date_short':
      return part(at, tz, { day: 'numeric', month: 'short', year: 'numeric' });
    case 'date_long':
      return part(at, tz, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
    case 'date_long_full':
      return part(at, tz, { day: 'numeric', month: 'long', year: 'numeric' });
    case 'time':
      return clockTime(at.getTime(), tz);
    case 'time_secs':
      return part(at, tz, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    default:
      return undefined;
  }
}

/** The time of day in a zone: `09:05`. */
export function clockTime(ms: number, tz: string): string {
  return part(new Date(ms), tz, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** The date and time in a zone: `Mon, 5 Jan 2026, 09:05:00`. */
export function fullTime(ms: number, tz: string): string {
  return part(new Date(ms), tz, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

/** The value of a `datetime-local` field for an instant: local time in a zone, to the minute. `seconds` since 1970. */
export function wallOf(seconds: number, tz: string): string {
  const at = new Date(seconds * 1000);
  return `${tokenText('date_num', at, tz, 0)}T${clockTime(seconds * 1000, tz)}`;
}

/** The instant of a local time in a zone, in seconds since 1970; `undefined` for a malformed time. */
export function instantOf(wall: string, tz: string): number | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  let seconds = asUtc / 1000;
  // Two rounds, because the first estimate may have another UTC offset (daylight saving time).
  for (const _ of [1, 2]) seconds += asUtc / 1000 - Date.parse(`${wallOf(seconds, tz)}Z`) / 1000;
  return seconds;
}

function part(at: Date, tz: string, options: Intl.DateTimeFormatOptions): string {
  return formatter(tz, options).format(at);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Cached, because formatters are slow to create and the page uses the same ones every second. An unknown zone counts as
 * UTC.
 */
function formatter(tz: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tz} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (found === undefined) {
    try {
      found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: tz });
    } catch {
      found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formatters.set(key, found);
  }
  return found;
}

function relativeDay(at: Date, tz: string, nowMs: number): string | undefined {
  const day = (ms: number) => part(new Date(ms), tz, { year: 'numeric', month: '2-digit', day: '2-digit' });
  const today = day(at.getTime());
  const dayMs = 24 * 3600 * 1000;
  if (today === day(nowMs)) return 'today';
  if (today === day(nowMs - dayMs)) return 'yesterday';
  return today === day(nowMs + dayMs) ? 'tomorrow' : undefined;
}

function ago(ms: number, nowMs: number): string {
  const words = lasting(Math.abs(nowMs - ms) / 1000);
  return ms > nowMs ? `in ${words}` : `${words} ago`;
}

/** A length of time in words, `42 min` or `1 h 5 min`, rounded up so that remaining time is never shown as zero. */
export function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
