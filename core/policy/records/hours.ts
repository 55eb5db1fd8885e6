/** The days of the week as policies write them, Sunday first as in `Date`. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof DAYS)[number];

const MINUTES_PER_DAY = 24 * 60;
const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = MINUTES_PER_DAY * MS_PER_MINUTE;

/**
 * When a policy applies: on each listed day from `fromMinute` until just before `toMinute`, in local time of its time
 * zone. A window that ends at or before its start runs over midnight and belongs to the day it starts on.
 */
export interface Hours {
  readonly days: ReadonlySet<Day>;
  /** Minutes after midnight. */
  readonly fromMinute: number;
  /** Minutes after midnight; 1440 is the end of the day. */
  readonly toMinute: number;
  /** The name of the time zone as the policy's author wrote it. */
  readonly timeZone: string;
  /** Converts instants to local time. Stored, because making one costs as much as a thousand conversions. */
  readonly clock: Intl.DateTimeFormat;
}

/** A formatter for local time of a zone; `undefined` where there is no such zone. Refuses offsets (`+02:00`). */
export function wallClock(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z]/.test(timeZone)) return undefined;
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  try {
    const clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
    return clock;
  } catch {
    return undefined;
  }
}

/** Formatters by zone: ten thousand policies share a handful of zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** `08:30` as minutes after midnight; `24:00` is the end of the day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= MINUTES_PER_DAY ? minute : undefined;
}

/**
 * Is the instant within the hours?
 *
 * @param walls local times already computed for this same instant, by zone: thousands of policies share a handful of
 *   zones
 */
export function isOpen(hours: Hours, at: Date, walls: Map<string, Wall> = new Map()): boolean {
  let wall = walls.get(hours.timeZone);
  if (wall === undefined) {
    wall = readWall(hours.clock, at);
    walls.set(hours.timeZone, wall);
  }
  const { day, minute } = wall;
  if (hours.fromMinute < hours.toMinute) {
    return hours.days.has(day) && minute >= hours.fromMinute && minute < hours.toMinute;
  }
  return (
    (hours.days.has(day) && minute >= hours.fromMinute) || (hours.days.has(dayBefore(day)) && minute < hours.toMinute)
  );
}

/**
 * How many days ahead to search. A week contains the next window; a clock change may skip a whole window, so a second
 * week is added.
 */
const DAYS_AHEAD = 15;

/**
 * The first instant after `at` at which the hours open, exact to the minute. It searches by local dates, because a day
 * may have 23 or 25 hours. Where a clock change skips the start, the hours open at the change; where it repeats the
 * start, they open twice.
 *
 * @returns `undefined` only if the hours do not open within fifteen days
 */
export function nextOpening(hours: Hours, at: Date): Date | undefined {
  const today = Date.parse(`${readWall(hours.clock, at).date}T00:00:00Z`);
  let found: number | undefined;
  // startsAround looks for clock changes within a day of each date, so the next two dates may still contain an earlier
  // opening.
  for (let day = -1; day <= DAYS_AHEAD; day++) {
    if (found !== undefined && today + (day - 2) * MS_PER_DAY > found) break;
    for (const instant of startsAround(hours, today + day * MS_PER_DAY)) {
      if (instant > at.getTime() && instant < (found ?? Number.POSITIVE_INFINITY) && isOpen(hours, new Date(instant)))
        found = instant;
    }
  }
  return found === undefined ? undefined : new Date(found);
}

/**
 * When hours that are open at `at` close, in local time. Windows that follow each other without a gap close with the
 * last one.
 *
 * @returns `undefined` where they do not close within fifteen days
 */
export function nextClosing(hours: Hours, at: Date): Date | undefined {
  let instant = at.getTime() - (at.getTime() % MS_PER_MINUTE);
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const { minute } = readWall(hours.clock, new Date(instant));
    const ahead = (hours.toMinute - minute + MINUTES_PER_DAY - 1) % MINUTES_PER_DAY;
    instant += (ahead + 1) * MS_PER_MINUTE;
    // Correct the instant where the clock changed in between.
    const off = hours.toMinute - readWall(hours.clock, new Date(instant)).minute;
    if (Math.abs(off) <= MINUTES_PER_DAY / 2) instant += off * MS_PER_MINUTE;
    if (!isOpen(hours, new Date(instant))) return new Date(instant);
  }
  return undefined;
}

/** The hours as people write them: `mon-fri 08:00-18:00 Europe/Berlin`. */
export function describeHours(hours: Hours): string {
  const days = DAYS.filter((day) => hours.days.has(day));
  const which = days.length === DAYS.length ? 'every day' : isWorkWeek(days) ? 'mon-fri' : days.join(', ');
  return `${which} ${clockTime(hours.fromMinute)}-${clockTime(hours.toMinute)} ${hours.timeZone}`;
}

/** An instant in local time of the zone: `Mon 2026-01-05 08:00 Europe/Berlin`. */
export function describeInstant(hours: Hours, at: Date): string {
  const { day, date, minute } = readWall(hours.clock, at);
  return `${day.charAt(0).toUpperCase()}${day.slice(1)} ${date} ${clockTime(minute)} ${hours.timeZone}`;
}

/** The local time of a zone at an instant. */
export interface Wall {
  readonly day: Day;
  /** `2026-01-05` */
  readonly date: string;
  readonly minute: number;
}

function readWall(clock: Intl.DateTimeFormat, at: Date): Wall {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clock.formatToParts(at)) parts[type] = value;
  return {
    day: (parts.weekday ?? '').toLowerCase() as Day,
    date: `${parts.year}-${parts.month}-${parts.day}`,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** Instants at which the window of a local date may start: when the clock shows its start, and clock changes. */
function startsAround({ clock, fromMinute }: Hours, date: number): readonly number[] {
  const wanted = date + fromMinute * MS_PER_MINUTE;
  const offsetAt = (instant: number) => wallAsUtc(clock, new Date(instant)) - instant;
  const [earlier, later] = [wanted - MS_PER_DAY, wanted + MS_PER_DAY];
  const [before, after] = [offsetAt(earlier), offsetAt(later)];
  const shown = [...new Set([wanted - before, wanted - after])].filter(
    (instant) => wallAsUtc(clock, new Date(instant)) === wanted,
  );
  if (before === after) return shown;
  let [old, changed] = [earlier, later];
  while (changed - old > MS_PER_MINUTE) {
    const middle = old + Math.floor((changed - old) / 2 / MS_PER_MINUTE) * MS_PER_MINUTE;
    if (offsetAt(middle) === before) old = middle;
    else changed = middle;
  }
  return [...shown, changed];
}

function wallAsUtc(clock: Intl.DateTimeFormat, at: Date): number {
  const { date, minute } = readWall(clock, at);
  return Date.parse(`${date}T00:00:00Z`) + minute * MS_PER_MINUTE;
}

function dayBefore(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + 6) % 7] as Day;
}

function isWorkWeek(days: readonly Day[]): boolean {
  return days.length === 5 && !days.includes('sat') && !days.includes('sun');
}

function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
