/**
 * A `Date` by another clock, in as much as it is asked what time it is. Dates that were made without it are dates to it, too.
 *
 * @param nowMs milliseconds since 1970
 */
export function dateBehind(Real: DateConstructor, nowMs: () => number): DateConstructor {
  return class extends Real {
    constructor(...parts: [] | [number]) {
      if (parts.length === 0) super(nowMs());
      else super(...parts);
    }

    static override now(): number {
      return nowMs();
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Real;
    }
  } as DateConstructor;
}
