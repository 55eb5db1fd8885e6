/** Builds a function's services at its first call and keeps them for the life of the container; importing the file reads nothing. */
export function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
