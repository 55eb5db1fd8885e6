import fc from 'fast-check';
import {
  DAYS,
  describeHours,
  describeInstant,
  type Hours,
  isOpen,
  nextOpening,
  parseTimeOfDay,
  wallClock,
} from '../../../../core/policy/records/hours.ts';
import { hoursSchema } from '../../../../core/policy/records/parse-fields.ts';

function hours(days: readonly string[], from: string, to: string, timeZone = 'Europe/Berlin'): Hours {
  const clock = wallClock(timeZone);
  const [fromMinute, toMinute] = [parseTimeOfDay(from), parseTimeOfDay(to)];
  if (clock === undefined || fromMinute === undefined || toMinute === undefined) throw new Error('no such hours');
  return { days: new Set(DAYS.filter((day) => days.includes(day))), fromMinute, toMinute, timeZone, clock };
}

const everyDay = [...DAYS];

test('in the night the clocks go forward, hours that start in the lost hour start after it', () => {
  // 2026-03-29, Berlin: 01:59 is followed by 03:00, at 01:00 UTC.
  const lost = hours(everyDay, '02:30', '05:00');
  expect(isOpen(lost, new Date('2026-03-29T00:59:00Z'))).toBe(false);
  expect(isOpen(lost, new Date('2026-03-29T01:00:00Z'))).toBe(true);
  const opens = nextOpening(lost, new Date('2026-03-28T12:00:00Z'));
  expect(opens !== undefined && isOpen(lost, opens)).toBe(true);
  expect(opens?.toISOString().slice(0, 13)).toBe('2026-03-29T01');
});

test('in the night the clocks go back, hours in the repeated hour are open both times', () => {
  // 2026-10-25, Berlin: 02:00 to 03:00 happens twice, from 00:00 UTC and from 01:00 UTC.
  const twice = hours(['sun'], '02:00', '03:00');
  expect(isOpen(twice, new Date('2026-10-25T00:30:00Z'))).toBe(true);
  expect(isOpen(twice, new Date('2026-10-25T01:30:00Z'))).toBe(true);
  expect(isOpen(twice, new Date('2026-10-25T02:00:00Z'))).toBe(false);
});

test('the day is that of the zone, not of UTC', () => {
  const monday = hours(['mon'], '00:00', '24:00', 'Pacific/Auckland');
  expect(isOpen(monday, new Date('2026-01-04T11:30:00Z'))).toBe(true);
  expect(isOpen(monday, new Date('2026-01-05T11:30:00Z'))).toBe(false);
});

test.each(['8:00', '24:01', '08:60', '0800', ' 08:00', '-1:00', '08:00:00'])('"%s" is no time of day', (text) => {
  expect(parseTimeOfDay(text)).toBeUndefined();
});

test('hours and instants are shown in the time of their zone', () => {
  const office = hours(['mon', 'tue', 'wed', 'thu', 'fri'], '08:00', '18:00');
  expect(describeHours(office)).toBe('mon-fri 08:00-18:00 Europe/Berlin');
  expect(describeHours(hours(['sat', 'mon'], '22:00', '06:00'))).toBe('mon, sat 22:00-06:00 Europe/Berlin');
  expect(describeInstant(office, new Date('2026-07-06T06:00:00Z'))).toBe('Mon 2026-07-06 08:00 Europe/Berlin');
});

test('the next opening is open, and nothing before it is', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(
      fc.subarray([...DAYS], { minLength: 1 }),
      minute,
      fc.integer({ min: 15, max: 1440 }),
      zones,
      fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-01-01T00:00:00Z'), noInvalidDate: true }),
      (days, fromMinute, length, timeZone, at) => {
        const clock = wallClock(timeZone);
        if (clock === undefined) throw new Error(timeZone);
        const end = fromMinute + length;
        const toMinute = end <= 1440 ? end : end - 1440;
        fc.pre(toMinute !== fromMinute);
        const window: Hours = { days: new Set(days), fromMinute, toMinute, timeZone, clock };
        fc.pre(!isOpen(window, at));
        const opens = nextOpening(window, at);
        if (opens === undefined) throw new Error('a weekly window always opens again');
        expect(isOpen(window, opens)).toBe(true);
        // Closed at every quarter of an hour until two hours before, as a clock change may bring the opening forward.
        let open: Date | undefined;
        for (let time = at.getTime(); time < opens.getTime() - 2 * 3_600_000 && open === undefined; time += 15 * 60_000)
          if (isOpen(window, new Date(time))) open = new Date(time);
        expect(open).toBeUndefined();
      },
    ),
    { numRuns: 60 },
  );
});

describe('the next opening is right to the minute', () => {
  const opening = (fields: object, at: string) => {
    const parsed = hoursSchema.safeParse(fields);
    if (!parsed.success) throw new Error('the hours cannot be read');
    return nextOpening(parsed.data, new Date(at))?.toISOString();
  };
  const BERLIN = { timeZone: 'Europe/Berlin' };

  test.each([
    [
      'the evening before a day of 23 hours',
      { ...BERLIN, days: ['sun'], from: '08:00', to: '18:00' },
      '2026-03-28T22:30:00Z',
      '2026-03-29T06:00:00.000Z',
    ],
    [
      'in the night whose start the clock leaves out',
      { ...BERLIN, from: '02:30', to: '03:30' },
      '2026-03-29T00:50:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'the evening before a day of 25 hours',
      { ...BERLIN, days: ['sun'], from: '08:00', to: '18:00' },
      '2026-10-24T22:30:00Z',
      '2026-10-25T07:00:00.000Z',
    ],
    [
      'between two openings of an hour that happens twice',
      { ...BERLIN, from: '02:30', to: '02:45' },
      '2026-10-25T00:50:00Z',
      '2026-10-25T01:30:00.000Z',
    ],
    [
      'when the clock goes back into the window',
      { ...BERLIN, from: '01:30', to: '02:30' },
      '2026-10-25T00:40:00Z',
      '2026-10-25T01:00:00.000Z',
    ],
    [
      'when the only window of a week is left out',
      { ...BERLIN, days: ['sun'], from: '02:10', to: '02:40' },
      '2026-03-28T12:00:00Z',
      '2026-04-05T00:10:00.000Z',
    ],
    [
      'where the clock changes by half an hour',
      { timeZone: 'Australia/Lord_Howe', from: '02:15', to: '04:00' },
      '2026-10-03T15:00:00Z',
      '2026-10-03T15:30:00.000Z',
    ],
    [
      'over midnight',
      { ...BERLIN, days: ['sat'], from: '22:00', to: '06:00' },
      '2026-03-27T12:00:00Z',
      '2026-03-28T21:00:00.000Z',
    ],
  ])('%s', (_when, fields, at, expected) => {
    expect(opening(fields, at)).toBe(expected);
  });

  test('and is the first open minute of all that follow, around every change of the clock', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Africa/Cairo',
    );
    const time = fc
      .nat(95)
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
    const around = fc.constantFrom(
      '2026-03-07',
      '2026-03-28',
      '2026-04-04',
      '2026-04-23',
      '2026-10-03',
      '2026-10-24',
      '2026-10-29',
      '2026-10-31',
    );
    fc.assert(
      fc.property(zone, time, time, around, fc.nat(60 * 48), (timeZone, from, to, day, minutes) => {
        fc.pre(from !== to);
        const parsed = hoursSchema.safeParse({ timeZone, from, to });
        if (!parsed.success) throw new Error('the hours cannot be read');
        const at = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
        fc.pre(!isOpen(parsed.data, new Date(at)));
        let walked = at;
        while (!isOpen(parsed.data, new Date(walked))) walked += 60_000;
        expect(nextOpening(parsed.data, new Date(at))?.getTime()).toBe(walked);
      }),
      { numRuns: 150 },
    );
  });
});

test.each(['Asia/Kolkata', 'Europe/Kyiv', 'EST', 'UTC'])(
  'the time zone %s is shown by the name that its author wrote',
  (timeZone) => {
    const parsed = hoursSchema.safeParse({ timeZone });
    expect(parsed.success && describeHours(parsed.data)).toContain(timeZone);
  },
);
