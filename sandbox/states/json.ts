/** A JSON value. All data of an execution is JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The largest size of an input, an output, a task's arguments or its result, as UTF-8 JSON (service quota). Bytes. */
export const MAX_DATA_BYTES = 262_144;

/** The largest size of all variables of one execution together (workflow variables, limits). Bytes. */
export const MAX_VARIABLES_BYTES = 10 * 1024 * 1024;

/** The size of `value` as UTF-8 JSON, which is how AWS measures it. Bytes. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}

/**
 * Serializes and parses `value`, so that the result shares nothing with it; `undefined` where it has no JSON.
 *
 * @throws TypeError for cycles and big integers, as `JSON.stringify` does
 */
export function toJson(value: unknown): Json | undefined {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}
