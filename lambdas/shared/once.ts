/**
 * Where the container is told that the code runs in. One place for the whole process and not a variable of this file, because
 * every function is bundled with a copy of it, and a host of several must reach them all.
 */
const PLACE = Symbol.for('glasshammer.container');
const host = globalThis as { [PLACE]?: object };

/** The container where nobody has told: Lambda gives each a process of its own, so there it never changes. */
const home: object = {};

/**
 * Builds a function's services at its first call and keeps them for the life of the container; importing the file reads nothing.
 * What one container keeps in memory, another never sees.
 */
export function once<T>(build: () => T): () => T {
  const built = new WeakMap<object, { readonly value: T }>();
  return () => {
    const container = host[PLACE] ?? home;
    const known = built.get(container) ?? { value: build() };
    built.set(container, known);
    return known.value;
  };
}

/**
 * For a host that runs several containers in one process: whatever is called from here on runs in this one. An object never
 * used before is a cold start; one that nobody holds any more takes its services with it.
 */
export function enterContainer(next: object): void {
  host[PLACE] = next;
}
