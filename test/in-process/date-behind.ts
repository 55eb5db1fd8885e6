/**
 * A `Date` class that takes the current time from another clock. Dates of the real class are instances of it, too.
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
