import * as z from 'zod';
import { secondsOf } from './duration.ts';

/** Seconds between two bounds, both written as durations so that the message can repeat them. */
export const duration = (from: string, to: string) =>
  z.string({ error: 'write a duration in quotes, such as "1h" or "10m"' }).transform((text, context) => {
    const seconds = secondsOf(text);
    const [min, max] = [secondsOf(from) ?? 0, secondsOf(to) ?? 0];
    if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
    const message =
      seconds === undefined
        ? `"${text}" is no duration; write a number and a unit, such as "1h" or "10m"`
        : `"${text}" is out of bounds; write between "${from}" and "${to}"`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
