/** The container the code runs in. Lambda gives each a process of its own, so there it never changes. */
let container: object = {};

/**
 * Builds a function's services at its first call and keeps them for the life of the container; importing the file reads nothing.
 * What one container keeps in memory, another never sees.
 */
export function once<T>(build: () => T): () => T {
  const built = new WeakMap<object, { readonly value: T }>();
  return () => {
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
  container = next;
}
