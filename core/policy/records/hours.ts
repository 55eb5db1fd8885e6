/** The days of the week as policies write them, Sunday first as in `Date`. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof DAYS)[number];

const MINUTES_PER_DAY = 24 * 60;
const MS_PER_MINUTE = 60_000;

/**
 * When a policy applies: each listed day from `fromMinute` to before `toMinute`, by the clock on the wall of its time zone. A
 * window that ends at or before its start runs over midnight and belongs to the day it starts on.
 */
export interface Hours {
  readonly days: ReadonlySet<Day>;
  /** Minutes after midnight. */
  readonly fromMinute: number;
  /** Minutes after midnight; 1440 is the end of the day. */
  readonly toMinute: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Reads the wall clock of the zone; made once, because making one costs a thousand readings. */
  readonly clock: Intl.DateTimeFormat;
}

/** A formatter for the wall clock of a zone, or `undefined` where there is no such zone. Offsets such as `+02:00` are none. */
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

/** Ten thousand policies share a handful of zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** `08:30` as minutes after midnight; `24:00` is the end of the day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= MINUTES_PER_DAY ? minute : undefined;
}

/**
 * True when the instant lies in the hours.
 *
 * @param walls wall clocks already read at this very instant, by zone: thousands of policies share a handful of zones
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
 * The first instant after `at` at which the hours open. A start that the change to summer time leaves out opens when the clock
 * has passed it.
 *
 * @returns `undefined` only if there is none within eight days, which a week's window always has
 */
export function nextOpening(hours: Hours, at: Date): Date | undefined {
  for (let dayOffset = 0; dayOffset <= 8; dayOffset++) {
    const wall = readWall(hours.clock, new Date(at.getTime() + dayOffset * MINUTES_PER_DAY * MS_PER_MINUTE));
    const opening = instantOf(hours, wall);
    if (opening.getTime() > at.getTime() && isOpen(hours, opening)) return opening;
  }
  return undefined;
}

/** The hours as a person reads them: `mon-fri 08:00-18:00 Europe/Berlin`. */
export function describeHours(hours: Hours): string {
  const days = DAYS.filter((day) => hours.days.has(day));
  const which = days.length === DAYS.length ? 'every day' : isWorkWeek(days) ? 'mon-fri' : days.join(', ');
  return `${which} ${clockTime(hours.fromMinute)}-${clockTime(hours.toMinute)} ${hours.timeZone}`;
}

/** An instant by the zone's own clock: `Mon 2026-01-05 08:00 Europe/Berlin`. */
export function describeInstant(hours: Hours, at: Date): string {
  const { day, date, minute } = readWall(hours.clock, at);
  return `${day.charAt(0).toUpperCase()}${day.slice(1)} ${date} ${clockTime(minute)} ${hours.timeZone}`;
}

/** What a clock on a wall of the zone shows. */
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

/** The instant at which the window of this wall day starts. */
function instantOf(hours: Hours, wall: Wall): Date {
  const wanted = Date.parse(`${wall.date}T00:00:00Z`) + hours.fromMinute * MS_PER_MINUTE;
  // Twice, because the offset at the guess may differ from the offset at the answer.
  let guess = wanted;
  for (let round = 0; round < 2; round++) guess += wanted - wallAsUtc(hours.clock, new Date(guess));
  // In the gap of a change to summer time no clock shows the start; the window is open once the gap is over.
  for (let late = 0; late <= 120; late += 15) {
    const instant = new Date(guess + late * MS_PER_MINUTE);
    if (isOpen(hours, instant)) return instant;
  }
  return new Date(guess);
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
