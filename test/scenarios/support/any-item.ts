import fc from 'fast-check';

/** An item in DynamoDB's own JSON. */
export type AnyItem = Record<string, Record<string, unknown>>;

/** Words that mean something to JavaScript, to DynamoDB, or to the code that reads the tables. */
const WORDS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  '0',
  '#',
  ':',
  '\u0000',
  '\u200b',
  '💥',
  '*',
  'everyone',
  'deny',
  'active',
  '2026-01-05T09:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '1h',
  '-1h',
  'user-nobody',
  'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345',
  '345678901234',
];

const text = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 20 }));

/** DynamoDB holds 38 digits, from 1e-130 to 9.9…e125. */
const number = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1',
    '-1',
    '1e125',
    '-9.9e125',
    '1E-130',
    '0.1',
    '9007199254740993',
    '12345678901234567.5',
    '99999999999999999999999999999999999999',
  ),
  fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }).map(String),
);

const binary = fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64'));

/** A DynamoDB set is never empty and holds no value twice. */
const setOf = (one: fc.Arbitrary<string>) => fc.uniqueArray(one, { minLength: 1, maxLength: 4 });

/** A value of any attribute type. */
function anyValue(names: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  return fc.letrec<{ value: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text.map((S) => ({ S })),
      number.map((N) => ({ N })),
      binary.map((B) => ({ B })),
      fc.boolean().map((BOOL) => ({ BOOL })),
      fc.constant({ NULL: true }),
      setOf(text).map((SS) => ({ SS })),
      // DynamoDB compares numbers by their value, not by how they are written.
      fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 }).map((some) => ({ NS: some.map(String) })),
      setOf(binary).map((BS) => ({ BS })),
      fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
      fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }).map((M) => ({ M })),
    ),
  })).value;
}

/** @param known names of attributes that the program reads */
function attributes(known: readonly string[]): fc.Arbitrary<AnyItem> {
  const odd = fc.oneof(
    fc.constantFrom(...WORDS.filter((word) => word !== '')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  );
  const names = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: odd });
  return fc.dictionary(names, anyValue(names), { maxKeys: 6, noNullPrototype: true });
}

const RECORD_FIELDS = [
  'ssoPrincipal',
  'principals',
  'maxDuration',
  'who',
  'effect',
  'groups',
  'permissionSets',
  'approval',
  'approvers',
  'count',
  'self',
  'cooldown',
  'perDay',
  'hours',
  'days',
  'from',
  'to',
  'timeZone',
  'reason',
  'minLength',
  'ticket',
  'pattern',
  'breakGlass',
  'endsWith',
  'description',
  'name',
  'version',
];

/**
 * An item of the access table that does not affect other requests: a record of a user who does not exist, or a policy
 * (or a malformed one) about an account in which nothing else is requested.
 */
export const anyRecord: fc.Arbitrary<AnyItem> = fc
  .tuple(
    fc.constantFrom('principal#', 'access#', 'access#345678901234#', 'person#', 'policy#', 'Policy#', ''),
    text,
    attributes(RECORD_FIELDS),
  )
  .map(([prefix, rest, { groups, ...fields }]) => ({
    ...fields,
    // A policy that also names groups might apply to any of them, and blocks all of them while it cannot be read.
    ...(/^(principal|access|person)#/.test(prefix)
      ? groups && { groups }
      : { accounts: { L: [{ S: '345678901234' }] } }),
    id: { S: `${prefix}x${rest}` },
  }));

const ITEM_FIELDS = [
  'events',
  'requester',
  'principalId',
  'slackId',
  'userName',
  'target',
  'accountId',
  'permissionSetArn',
  'groupId',
  'leases',
  'standing',
  'grant',
  'messages',
  'votes',
  'tokens',
  'joins',
  'mailed',
  'review',
  'status',
  'decision',
  'requestId',
  'startsAt',
  'endsAt',
  'endedAt',
  'requestedAt',
  'askedIn',
  'find',
  'ttl',
  'type',
  'at',
  'by',
  'note',
  'note',
  'subjects',
  'dueAt',
  'text',
  'version',
  'reason',
  'ticket',
  'origin',
  'names',
  'durationSeconds',
];

const STATES = [
  'requested',
  'refused',
  'pending',
  'denied',
  'expired',
  'cancelled',
  'approved',
  'scheduled',
  'joined',
  'granting',
  'active',
  'ending',
  'ended',
  'failed',
  'reported',
  'lease',
  'made',
  'review',
  'report-look',
  'drift',
  'drift-to-remove',
  'drift-removed',
  'proposal',
  'nonsense',
];

const OF_NOBODY = 'assignment#user-x#345678901234#arn:aws:sso:::permissionSet/ssoins-12345/ps-read';

/** Items as the program writes them, for users who do not exist; random attributes replace parts of them. */
const SHAPES: readonly AnyItem[] = [
  {},
  {},
  {
    id: { S: 'req-x' },
    state: { S: 'active' },
    origin: { M: { kind: { S: 'command' } } },
    startsAt: { S: '2020-01-01T00:00:00.000Z' },
    endsAt: { S: '2020-01-01T01:00:00.000Z' },
    requestedAt: { S: '2020-01-01T00:00:00.000Z' },
    askedIn: { S: '2020-01' },
    requester: {
      M: { principalId: { S: 'user-x' }, slackId: { S: 'U0X' }, userName: { S: 'x' }, displayName: { S: 'X' } },
    },
    target: {
      M: {
        accountId: { S: '345678901234' },
        permissionSetArn: { S: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read' },
      },
    },
    events: { L: [{ M: { type: { S: 'requested' }, at: { S: '2020-01-01T00:00:00.000Z' }, by: { S: 'user-x' } } }] },
  },
  { id: { S: OF_NOBODY }, state: { S: 'lease' }, leases: { SS: ['req-x'] }, endsAt: { S: '2020-01-01T01:00:00.000Z' } },
  {
    id: { S: `made#${OF_NOBODY}` },
    state: { S: 'made' },
    madeAt: { S: '2020-01-01T00:00:00.000Z' },
    endsAt: { S: '2020-01-01T00:00:00.000Z' },
  },
  { id: { S: `drift#${OF_NOBODY}` }, state: { S: 'drift' }, endsAt: { S: '2020-01-01T00:00:00.000Z' } },
  {
    id: { S: 'review#req-x' },
    state: { S: 'review' },
    requestId: { S: 'req-x' },
    endsAt: { S: '2020-01-01T00:00:00.000Z' },
  },
  {
    id: { S: 'report#req-x#look' },
    state: { S: 'report-look' },
    requestId: { S: 'req-x' },
    endsAt: { S: '2020-01-01T00:00:00.000Z' },
  },
  { id: { S: 'proposal#x' }, state: { S: 'proposal' }, endsAt: { S: '2099-01-01T00:00:00.000Z' } },
];

/** The same item for another user who does not exist. */
function numbered(shape: AnyItem, number: number): AnyItem {
  return JSON.parse(JSON.stringify(shape).replace(/\b(req-x|user-x|proposal#x)/g, `$1${number}`)) as AnyItem;
}

/** An item of the request table that belongs to nobody, random or close to a real one. Queries by state find it. */
export const anyItem: fc.Arbitrary<AnyItem> = fc
  .tuple(
    fc.tuple(fc.constantFrom(...SHAPES), fc.nat()).map(([shape, number]) => numbered(shape, number)),
    fc.constantFrom(
      '',
      'assignment#',
      'membership#',
      'click#',
      'drift#',
      'heartbeat#',
      'guard-lock#',
      'removed#',
      'report#',
      'review#',
      'usage#',
      'lately#',
      'made#',
      'vote#',
      'proposal#',
      'audit#',
      'refused#',
      'changed#',
      'stopped#',
      'proposed#',
    ),
    text,
    fc.option(fc.constantFrom(...STATES), { nil: undefined }),
    fc.option(fc.constantFrom('2020-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z', 'x'), { nil: undefined }),
    attributes(ITEM_FIELDS),
  )
  .map(([shape, prefix, rest, state, endsAt, fields]) => ({
    ...(state === undefined ? {} : { state: { S: state } }),
    ...(endsAt === undefined ? {} : { endsAt: { S: endsAt } }),
    ...shape,
    ...fields,
    ...(shape.id === undefined ? { id: { S: `${prefix}x${rest}` } } : { id: shape.id }),
  }));
