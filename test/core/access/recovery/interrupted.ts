/** Thrown where the process dies. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** Where a process dies: at the n-th call to any of its services, before or after that call has done its work. */
export interface Crash {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/**
 * The same services, except that the process dies at one of their calls. `calls` lists the calls, so that a test can
 * run through once and then die at each one.
 */
export function interruptedAt<T extends object>(
  services: T,
  ports: readonly (keyof T)[],
  crash?: Crash,
): { readonly services: T; readonly calls: string[] } {
  const calls: string[] = [];
  const wrap = <P extends object>(port: P, name: string): P =>
    new Proxy(port, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== 'function') return value;
        return async (...parts: unknown[]) => {
          calls.push(`${name}.${String(member)}`);
          const dies = crash !== undefined && calls.length === crash.call;
          if (dies && crash.when === 'before') throw new CrashError(String(calls.at(-1)));
          const answer: unknown = await value.apply(target, parts);
          if (dies) throw new CrashError(String(calls.at(-1)));
          return answer;
        };
      },
    });
  const wrapped = Object.fromEntries(ports.map((name) => [name, wrap(services[name] as object, String(name))]));
  return { services: { ...services, ...wrapped }, calls };
}

/** Every way to die in that many calls. */
export function everyCrash(calls: number): Crash[] {
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) => [
    { call, when: 'before' },
    { call, when: 'after' },
  ]);
}
