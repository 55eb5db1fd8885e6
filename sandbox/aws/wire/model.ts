import { AwsError, validationError } from './aws-error.ts';

/**
 * A service's model, read from the SDK package that the functions call with. SDK clients check nothing before they
 * send, so without these checks an emulator would accept calls that AWS refuses. Each package exports its schemas as
 * nested arrays: operation `[9, namespace, name, traits, () => input, () => output]`, structure `[3, namespace, name,
 * traits, members, types, requiredCount]` with the required members first, union 4, list 1, map 2, error -3; simple
 * types are numbers.
 */
export interface ServiceModel {
  has(operation: string): boolean;
  /** @throws AwsError ValidationException, or SerializationException for a wrong type. */
  checkInput(operation: string, input: unknown): void;
  /** @throws EmulatorAnswerError when the service could not give this answer. */
  checkOutput(operation: string, output: unknown): void;
  /** The names of the operation's required members. */
  required(operation: string): string[];
  /** The HTTP binding of an operation, for REST services. */
  http(operation: string): HttpBinding | undefined;
  operations(): string[];
  /**
   * The HTTP status and the wire code of an error. Where a service does not list the error, the status follows from its
   * name.
   */
  error(name: string): { status: number; code: string };
}

/** Method and path template of a REST operation, e.g. `/v2/email/identities/{EmailIdentity}`. */
export interface HttpBinding {
  method: string;
  path: string;
  status: number;
}

/** The emulator has a bug: it would have given an answer that the service cannot give. */
export class EmulatorAnswerError extends Error {
  override readonly name = 'EmulatorAnswerError';
}

/** Reads the model from an SDK package's exports (`import * as package`). */
export function serviceModel(exports: Readonly<Record<string, unknown>>): ServiceModel {
  const operations = new Map<string, readonly unknown[]>();
  const errors = new Map<string, Record<string, unknown>>();
  for (const value of Object.values(exports)) {
    if (!Array.isArray(value) || typeof value[2] !== 'string') continue;
    if (value[0] === 9) operations.set(value[2], value);
    if (value[0] === -3 && isRecord(value[3])) errors.set(value[2], value[3]);
  }
  const find = (operation: string) => {
    const schema = operations.get(operation);
    if (schema === undefined) throw new AwsError('UnknownOperationException', `Unknown operation ${operation}`);
    return schema;
  };
  return {
    has: (operation) => operations.has(operation),
    operations: () => [...operations.keys()],
    checkInput(operation, input) {
      const missing: string[] = [];
      check(find(operation)[4], input, '', {
        missing: (path) => missing.push(path),
        wrongType: (path, expected) => {
          throw new AwsError('SerializationException', `${path || 'body'} is not ${expected}`);
        },
        unknown: () => {},
        badUnion: (path) => {
          throw validationError(`Exactly one member of ${path} must be set`);
        },
      });
      if (missing.length > 0) {
        const list = missing.map((path) => `Value at '${path}' failed to satisfy constraint: Member must not be null`);
        throw validationError(`${missing.length} validation error(s) detected: ${list.join('; ')}`);
      }
    },
    checkOutput(operation, output) {
      const fail = (what: string) => {
        throw new EmulatorAnswerError(`${operation} answered ${what}`);
      };
      check(find(operation)[5], output, '', {
        missing: (path) => fail(`no ${path}`),
        wrongType: (path, expected) => fail(`${path || 'a body'} that is not ${expected}`),
        unknown: (path) => fail(`${path}, which the service does not know`),
        badUnion: (path) => fail(`${path} with other than one member`),
      });
    },
    required(operation) {
      const input = resolve(find(operation)[4]);
      return typeof input === 'number' ? [] : (input[4] as string[]).slice(0, Number(input[6] ?? 0));
    },
    http(operation) {
      const traits = find(operation)[3];
      const binding = isRecord(traits) ? traits.http : undefined;
      if (!Array.isArray(binding)) return undefined;
      return { method: String(binding[0]), path: String(binding[1]), status: Number(binding[2]) };
    },
    error(name) {
      const traits = errors.get(name);
      const query = traits?.awsQueryError;
      const code = Array.isArray(query) ? String(query[0]) : name;
      if (typeof traits?.httpError === 'number') return { status: traits.httpError, code };
      return { status: /^(Internal|Service(?!Quota))/.test(name) ? 500 : 400, code };
    },
  };
}

interface Findings {
  missing(path: string): void;
  wrongType(path: string, expected: string): void;
  unknown(path: string): void;
  badUnion(path: string): void;
}

const LIST_OF = 64;
const MAP_OF = 128;
const ANYTHING = 15;

/** Checks a JSON value against a schema reference. Null counts as absent, as in AWS. */
function check(reference: unknown, value: unknown, path: string, findings: Findings): void {
  const schema = resolve(reference);
  if (typeof schema === 'number') {
    checkSimple(schema, value, path, findings);
    return;
  }
  switch (schema[0]) {
    case 0:
      check(schema[4], value, path, findings);
      return;
    case 1:
      if (!Array.isArray(value)) findings.wrongType(path, 'a list');
      else for (const [index, item] of value.entries()) check(schema[4], item, `${path}[${index}]`, findings);
      return;
    case 2:
      if (!isRecord(value)) findings.wrongType(path, 'a map');
      else for (const [key, item] of Object.entries(value)) check(schema[5], item, join(path, key), findings);
      return;
    case 3:
    case 4:
      if (!isRecord(value)) findings.wrongType(path, 'a structure');
      else checkMembers(schema, value, path, findings);
      return;
  }
}

function checkMembers(
  schema: readonly unknown[],
  value: Record<string, unknown>,
  path: string,
  findings: Findings,
): void {
  const names = schema[4] as string[];
  const types = schema[5] as unknown[];
  const required = Number(schema[6] ?? 0);
  for (const [index, name] of names.entries()) {
    const member = value[name];
    if (member === undefined || member === null) {
      if (index < required) findings.missing(join(path, name));
      continue;
    }
    check(types[index], member, join(path, name), findings);
  }
  const present = Object.keys(value).filter((name) => value[name] !== undefined && value[name] !== null);
  for (const name of present) if (!names.includes(name)) findings.unknown(join(path, name));
  if (schema[0] === 4 && present.length !== 1) findings.badUnion(path);
}

function checkSimple(type: number, value: unknown, path: string, findings: Findings): void {
  if (type >= MAP_OF) {
    if (!isRecord(value)) findings.wrongType(path, 'a map');
    else for (const [key, item] of Object.entries(value)) checkSimple(type - MAP_OF, item, join(path, key), findings);
    return;
  }
  if (type >= LIST_OF) {
    if (!Array.isArray(value)) findings.wrongType(path, 'a list');
    else for (const [index, item] of value.entries()) checkSimple(type - LIST_OF, item, `${path}[${index}]`, findings);
    return;
  }
  // Times (4 to 7) are epoch seconds in AWS JSON; blobs (21, 42) are base64 strings.
  if (type === ANYTHING) return;
  const expected = type === 2 ? 'boolean' : type === 1 || (type >= 4 && type <= 7) ? 'number' : 'string';
  if ((type === 17 || type === 19) && typeof value === 'number') return;
  if (typeof value !== expected) findings.wrongType(path, `a ${expected}`);
}

/** Resolves a reference: a schema, a function that returns one, or a pair of either and the member's traits. */
function resolve(reference: unknown): number | readonly unknown[] {
  if (typeof reference === 'function') return resolve(reference());
  if (typeof reference === 'number') return reference;
  // The operation has no input or no output.
  if (reference === 'unit') return ANYTHING;
  if (!Array.isArray(reference)) throw new EmulatorAnswerError(`unreadable schema ${String(reference)}`);
  return typeof reference[1] === 'string' ? reference : resolve(reference[0]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
