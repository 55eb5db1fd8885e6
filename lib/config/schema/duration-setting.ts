import * as z from 'zod';
import { parseDuration } from '../../../core/model/duration.ts';

/**
 * A duration setting between two bounds, parsed into seconds. It is written as in a policy: `1h30m` or `PT1H30M`. The
 * bounds are written the same way, and the error message repeats them.
 */
export const duration = (from: string, to: string) =>
  z.string({ error: 'write a duration in quotes, such as "1h" or "10m"' }).transform((text, context) => {
    const seconds = parseDuration(text);
    const [min, max] = [parseDuration(from) ?? 0, parseDuration(to) ?? 0];
    if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
    const message =
      seconds === undefined
        ? `"${text}" is no duration; write a number and a unit, such as "1h" or "10m"`
        : `"${text}" is out of bounds; write between "${from}" and "${to}"`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
