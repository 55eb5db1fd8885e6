/** In which order test files run, and which of them in which part. */
export default class {
  /** The files of one part, from the first, 1, on. */
  shard<T extends { readonly path: string }>(
    tests: readonly T[],
    part: { readonly shardIndex: number; readonly shardCount: number },
  ): T[];
  /** Long files first. */
  sort<T extends { readonly path: string }>(tests: readonly T[]): T[];
}
