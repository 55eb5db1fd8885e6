import * as z from 'zod/mini';

/**
 * Does a policy allow an action on every resource? `unclear`: it depends on the resource, or on conditions, which a
 * report does not evaluate.
 */
export type Judgement = 'yes' | 'no' | 'unclear';

/** Judges one IAM action, such as `s3:GetObject`. */
export type Judge = (action: string) => Judgement;

const texts = z.union([z.string(), z.array(z.string())]);

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.optional(texts),
  NotAction: z.optional(texts),
  Resource: z.optional(texts),
  NotResource: z.optional(texts),
  Condition: z.optional(z.record(z.string(), z.unknown())),
});

const documentSchema = z.object({ Statement: z.union([statementSchema, z.array(statementSchema)]) });

interface Statement {
  readonly isDenial: boolean;
  /** It applies to every resource and has no condition. */
  readonly isWhole: boolean;
  readonly speaksOf: (action: string) => boolean;
}

/**
 * Judges by the policies of one identity together, as IAM does: what no policy allows is denied, and a deny outweighs
 * every allow.
 *
 * @param documents IAM policy documents, as JSON text
 * @returns `undefined` if one of them cannot be understood
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function judgeOf(documents: readonly string[]): Judge | undefined {
  const statements: Statement[] = [];
  for (const document of documents) {
    const read = statementsOf(document);
    if (read === undefined) return undefined;
    statements.push(...read);
  }
  return (action) => {
    const meant = statements.filter(({ speaksOf }) => speaksOf(action));
    const denials = meant.filter(({ isDenial }) => isDenial);
    const permissions = meant.filter(({ isDenial }) => !isDenial);
    if (permissions.length === 0 || denials.some(({ isWhole }) => isWhole)) return 'no';
    return denials.length === 0 && permissions.some(({ isWhole }) => isWhole) ? 'yes' : 'unclear';
  };
}

/** Allows what both allow: a permission set within its permissions boundary. */
export function bothOf(one: Judge, other: Judge): Judge {
  return (action) => {
    const said = [one(action), other(action)];
    return said.includes('no') ? 'no' : said.includes('unclear') ? 'unclear' : 'yes';
  };
}

function statementsOf(document: string): readonly Statement[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(document);
  } catch {
    return undefined;
  }
  const parsed = z.safeParse(documentSchema, json);
  if (!parsed.success) return undefined;
  const statements = [parsed.data.Statement].flat();
  // IAM demands exactly one of the two in a statement.
  if (statements.some(({ Action, NotAction }) => (Action === undefined) === (NotAction === undefined)))
    return undefined;
  return statements.map(({ Effect, Action, NotAction, Resource = [], Condition }) => {
    const named = matcherOf([Action ?? NotAction ?? []].flat());
    return {
      isDenial: Effect === 'Deny',
      isWhole: [Resource].flat().includes('*') && Object.keys(Condition ?? {}).length === 0,
      speaksOf: Action === undefined ? (action) => !named(action) : named,
    };
  });
}

/** Actions are compared without regard to case; `*` stands for any characters and `?` for any one. */
function matcherOf(patterns: readonly string[]): (action: string) => boolean {
  const byService = new Map<string, RegExp[]>();
  const everywhere: RegExp[] = [];
  for (const pattern of patterns) {
    const service = pattern.slice(0, Math.max(0, pattern.indexOf(':'))).toLowerCase();
    const expression = expressionOf(pattern);
    if (service === '' || /[*?]/.test(service)) everywhere.push(expression);
    else byService.set(service, [...(byService.get(service) ?? []), expression]);
  }
  return (action) => {
    const service = action.slice(0, action.indexOf(':')).toLowerCase();
    const fits = (expression: RegExp) => expression.test(action);
    return everywhere.some(fits) || (byService.get(service)?.some(fits) ?? false);
  };
}

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 'i');
}
