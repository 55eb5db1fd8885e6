import { LIMITS, lengthOf } from './limits.ts';

/** A JSON object whose fields have not been checked. */
export type Fields = Record<string, unknown>;

/** The problems of a structure, in Slack's words: `must be less than 76 characters [json-pointer:/blocks/0/…]`. */
export type Findings = string[];

/** Checks the value at `pointer` and adds its problems to `findings`. */
export type Rule = (value: unknown, pointer: string, findings: Findings) => void;

/** Is this a JSON object? */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a JSON list; other items are left out. */
export function fieldsList(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The value if it is a text, else the empty text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Adds one finding. */
export function report(findings: Findings, pointer: string, message: string): void {
  findings.push(`${message} [json-pointer:${pointer}]`);
}

/** A string within limits, or one of a few values. */
export function string(
  options: { max?: number; min?: number; oneOf?: readonly string[]; pattern?: RegExp } = {},
): Rule {
  const { max, min = 0, oneOf, pattern } = options;
  return (value, pointer, findings) => {
    if (typeof value !== 'string') return report(findings, pointer, 'must be a string');
    if (lengthOf(value) < min) report(findings, pointer, `must be more than ${min - 1} characters`);
    if (max !== undefined && lengthOf(value) > max)
      report(findings, pointer, `must be less than ${max + 1} characters`);
    if (oneOf !== undefined && !oneOf.includes(value)) report(findings, pointer, 'must be a valid enum value');
    if (pattern !== undefined && !pattern.test(value)) report(findings, pointer, 'does not match the expected pattern');
  };
}

export const boolean: Rule = (value, pointer, findings) => {
  if (typeof value !== 'boolean') report(findings, pointer, 'must be a boolean');
};

/** A whole number within limits. */
export function integer(min: number, max: number): Rule {
  return (value, pointer, findings) => {
    if (!Number.isInteger(value)) return report(findings, pointer, 'must be an integer');
    if (Number(value) < min) report(findings, pointer, `must be at least ${min}`);
    if (Number(value) > max) report(findings, pointer, `must be at most ${max}`);
  };
}

/** Accepts anything, for parts of Block Kit that this emulator does not check. */
export const anything: Rule = () => {};

/** A list of items of one kind. */
export function list(rule: Rule, options: { min?: number; max: number }): Rule {
  const { min = 1, max } = options;
  return (value, pointer, findings) => {
    if (!Array.isArray(value)) return report(findings, pointer, 'must be an array');
    if (value.length < min) report(findings, pointer, `no less than ${min} items allowed`);
    if (value.length > max) report(findings, pointer, `no more than ${max} items allowed`);
    for (const [index, item] of value.entries()) rule(item, `${pointer}/${index}`, findings);
  };
}

/** An object with the required fields and no others than the optional ones: Slack refuses unknown fields. */
export function object(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return (value, pointer, findings) => {
    if (!isFields(value)) return report(findings, pointer, 'must provide an object');
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) report(findings, pointer, `missing required field: ${name}`);
    }
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const rule = required[name] ?? optional[name];
      if (rule === undefined) report(findings, pointer, `invalid additional property: ${name}`);
      else rule(field, `${pointer}/${name}`, findings);
    }
  };
}

/** Applies several rules to one value. */
export function all(...rules: Rule[]): Rule {
  return (value, pointer, findings) => {
    for (const rule of rules) rule(value, pointer, findings);
  };
}

/** Selects the rule by the `type` field. An unknown type is refused by name. */
export function byType(rules: Record<string, Rule>): Rule {
  return (value, pointer, findings) => {
    if (!isFields(value)) return report(findings, pointer, 'must provide an object');
    if (value.type === undefined) return report(findings, pointer, 'missing required field: type');
    const rule = typeof value.type === 'string' ? rules[value.type] : undefined;
    if (rule === undefined) return report(findings, `${pointer}/type`, `unsupported type: ${String(value.type)}`);
    rule(value, pointer, findings);
  };
}

const bounded = (max: number) => string({ min: 1, max });

/** A `plain_text` object. */
export function plainText(max: number = LIMITS.text): Rule {
  return byType({ plain_text: object({ type: anything, text: bounded(max) }, { emoji: boolean }) });
}

/** A `plain_text` or `mrkdwn` object. */
export function anyText(max: number = LIMITS.text): Rule {
  return byType({
    plain_text: object({ type: anything, text: bounded(max) }, { emoji: boolean }),
    mrkdwn: object({ type: anything, text: bounded(max) }, { verbatim: boolean }),
  });
}
