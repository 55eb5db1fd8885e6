/** A value that JSON can say. All data of an execution is of this kind. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Bytes that an input, an output, a task's arguments or its result may have, as UTF-8 JSON (service quota). */
export const MAX_DATA_BYTES = 262_144;

/** Bytes that all variables of one execution may have together (workflow variables, limits). */
export const MAX_VARIABLES_BYTES = 10 * 1024 * 1024;

/** How many bytes `value` takes as UTF-8 JSON, which is how AWS measures it. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}

/**
 * The JSON that `value` serializes to, sharing nothing with it; `undefined` where it serializes to nothing. Throws the
 * TypeError of `JSON.stringify` for cycles and big integers.
 */
export function toJson(value: unknown): Json | undefined {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}
