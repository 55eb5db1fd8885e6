/**
 * Builds a function's services at its first call and keeps them for the life of the container; importing the file reads
 * nothing. The services are cached by the object `process.env`, so code that replaces it gets new ones.
 */
export function once<T>(build: () => T): () => T {
  const built = new WeakMap<object, { readonly value: T }>();
  return () => {
    const known = built.get(process.env) ?? { value: build() };
    built.set(process.env, known);
    return known.value;
  };
}
