import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import {
  deniesOnly,
  fitsIam,
  type GuardPolicy,
  guardDocument,
  LOCK_ROOM_CHARACTERS,
  LONGEST_POLICY_CHARACTERS,
  OPEN_ATTACHED_GUARD,
  OPEN_GUARD,
  readGuardDocument,
  type SessionCut,
  withCut,
  withLock,
  withoutExpired,
} from '../../../core/sessions/guard-policy.ts';

const ANA = '93a42831-0000-4000-8000-00000000000a';
const BEN = '93a42831-0000-4000-8000-00000000000b';

function cut(overrides: Partial<SessionCut> = {}): SessionCut {
  return {
    userId: ANA,
    permissionSetName: 'BreakGlassAdmin',
    issuedBefore: '2026-01-05T10:02:31Z',
    until: '2026-01-05T11:02:31Z',
    ...overrides,
  };
}

interface Session {
  readonly userId: string;
  /** The account, and the path of the role: Identity Center in us-east-1 puts no Region into the path. */
  readonly at?: { readonly accountId: string; readonly path: string; readonly partition?: string };
  readonly issuedAt: string;
  readonly permissionSetName?: string;
}

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
/** The permission set's own boundary, from before the guard was attached. */
const OWN_BOUNDARY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:*', 'ec2:*'], Resource: '*' }],
};

/**
 * Whether IAM would allow a call of this session, whose permission set is AdministratorAccess with the guard.
 *
 * @param attached the text of the attached guard; by default the text that is written for `policy`
 */
async function isAllowed(
  policy: GuardPolicy,
  session: Session,
  {
    allows = EVERYTHING,
    action = 's3:ListAllMyBuckets',
    attached = guardDocument(policy),
  }: { allows?: object; action?: string; attached?: string } = {},
): Promise<boolean> {
  const { accountId, path, partition = 'aws' } = session.at ?? { accountId: '123456789012', path: 'eu-central-1/' };
  const role = `AWSReservedSSO_${session.permissionSetName ?? 'BreakGlassAdmin'}_0123456789abcdef`;
  const own = { name: 'AdministratorAccess', policy: allows };
  const isBeside = policy.form === 'attached';
  const { resultType, ...rest } = await runSimulation(
    {
      identityPolicies: isBeside ? [own, { name: 'SessionGuardAttached', policy: JSON.parse(attached) }] : [own],
      permissionBoundaryPolicies: isBeside
        ? [{ name: 'Own', policy: OWN_BOUNDARY }]
        : [{ name: 'SessionGuard', policy: JSON.parse(guardDocument(policy)) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal: `arn:${partition}:sts::${accountId}:assumed-role/${role}/ana@example.com`,
        action,
        resource: { resource: '*', accountId },
        contextVariables: {
          'identitystore:UserId': session.userId,
          'aws:TokenIssueTime': session.issuedAt,
          'aws:PrincipalArn': `arn:${partition}:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${path}${role}`,
        },
      },
    },
    { simulationMode: 'Strict' },
  );
  if (resultType === 'error') throw new Error(JSON.stringify(rest));
  return (
    resultType === 'single' &&
    (rest as { result?: { analysis?: { result?: string } } }).result?.analysis?.result === 'Allowed'
  );
}

describe.each([OPEN_GUARD, OPEN_ATTACHED_GUARD])('the guard policy as IAM evaluates it: $form', (open) => {
  const policy = withCut(open, cut());

  it('denies nothing while no session is cut', async () => {
    expect(await isAllowed(open, { userId: ANA, issuedAt: '2026-01-05T10:00:00Z' })).toBe(true);
  });

  it('denies a session that began before the access ended', async () => {
    expect(await isAllowed(policy, { userId: ANA, issuedAt: '2026-01-05T10:02:30Z' })).toBe(false);
  });

  it.each([
    ['in the management account', { accountId: '999999999999', path: 'eu-central-1/' }],
    ['where Identity Center is in us-east-1', { accountId: '123456789012', path: '' }],
    ['in another partition', { accountId: '123456789012', path: 'us-gov-west-1/', partition: 'aws-us-gov' }],
  ])('denies a session %s, and allows a later one', async (_where, at) => {
    expect(await isAllowed(policy, { userId: ANA, issuedAt: '2026-01-05T10:02:30Z', at })).toBe(false);
    expect(await isAllowed(policy, { userId: ANA, issuedAt: '2026-01-05T10:02:31Z', at })).toBe(true);
    expect(await isAllowed(policy, { userId: BEN, issuedAt: '2026-01-05T10:02:30Z', at })).toBe(true);
  });

  it('allows a session of a later grant', async () => {
    expect(await isAllowed(policy, { userId: ANA, issuedAt: '2026-01-05T10:02:31Z' })).toBe(true);
  });

  it('leaves another person alone', async () => {
    expect(await isAllowed(policy, { userId: BEN, issuedAt: '2026-01-05T10:00:00Z' })).toBe(true);
  });

  it.each(['ReadOnlyAccess', 'BreakGlassAdmin_Audit', 'Emergency_BreakGlassAdmin2'])(
    "leaves the person's sessions of %s alone",
    async (permissionSetName) => {
      expect(await isAllowed(policy, { userId: ANA, issuedAt: '2026-01-05T10:00:00Z', permissionSetName })).toBe(true);
    },
  );

  it('denies every session of a person who is locked, and after the unlock none', async () => {
    const locked = withLock(policy, BEN, true);
    expect(await isAllowed(locked, { userId: BEN, issuedAt: '2026-01-06T10:00:00Z' })).toBe(false);
    expect(await isAllowed(withLock(locked, BEN, false), { userId: BEN, issuedAt: '2026-01-06T10:00:00Z' })).toBe(true);
  });
});

describe('the attached guard', () => {
  const session = { userId: BEN, issuedAt: '2026-01-05T10:00:00Z' };
  const readsOnly = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:List*', Resource: '*' }] };
  const stolen = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const may = (action: string, attached?: string) =>
    isAllowed(OPEN_ATTACHED_GUARD, session, {
      allows: readsOnly,
      action,
      ...(attached === undefined ? {} : { attached }),
    });

  it('gives no right that the permission set does not give, with or without cuts and locks', async () => {
    expect(await may('s3:ListAllMyBuckets')).toBe(true);
    expect(await may('ec2:DescribeInstances')).toBe(false);
    const full = withLock(withCut(OPEN_ATTACHED_GUARD, cut()), ANA, true);
    expect(deniesOnly(guardDocument(full))).toBe(true);
  });

  it('can give an attacker who rewrites it only what the boundary beside it allows', async () => {
    expect(await may('ec2:DescribeInstances', stolen)).toBe(true);
    expect(await may('iam:ListUsers', stolen)).toBe(false);
    expect(deniesOnly(stolen)).toBe(false);
  });

  it('is not accepted with the text of the boundary form, which allows everything', () => {
    expect(readGuardDocument(guardDocument(OPEN_GUARD), 'attached')).toBeUndefined();
    expect(readGuardDocument(guardDocument(OPEN_ATTACHED_GUARD), 'boundary')).toBeUndefined();
    expect(deniesOnly('no JSON')).toBe(false);
  });
});

describe('the text of the guard policy', () => {
  const second = fc
    .integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2030, 0, 1) / 1000 })
    .map((seconds) => new Date(seconds * 1000).toISOString().replace('.000', ''));
  const anyCut = fc.record({
    userId: fc.uuid(),
    permissionSetName: fc.stringMatching(/^[\w+=,.@-]{1,32}$/),
    issuedBefore: second,
    until: second,
  });
  const anyPolicy = fc
    .tuple(
      fc.constantFrom(OPEN_GUARD, OPEN_ATTACHED_GUARD),
      fc.array(anyCut, { maxLength: 8 }),
      fc.array(fc.uuid(), { maxLength: 3 }),
    )
    .map(([open, cuts, users]) =>
      users.reduce((policy, user) => withLock(policy, user, true), cuts.reduce(withCut, open)),
    );

  it('is read back as it was written, so that a change loses no cut and no lock', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const document = guardDocument(policy);
        const read = readGuardDocument(document, policy.form);
        expect(read).toBeDefined();
        expect(deniesOnly(document)).toBe(policy.form === 'attached');
        expect(guardDocument(read ?? OPEN_GUARD)).toBe(document);
        expect(read?.cuts).toHaveLength(policy.cuts.length);
      }),
    );
  });

  it('is not weakened when an earlier cut of the same sessions is added after a later one', () => {
    const late = cut({ issuedBefore: '2026-01-05T12:00:00Z', until: '2026-01-05T13:00:00Z' });
    expect(withCut(withCut(OPEN_GUARD, late), cut()).cuts).toEqual([late]);
  });

  it('drops a cut only when the last session that it denies has expired', () => {
    const policy = withCut(OPEN_GUARD, cut());
    expect(withoutExpired(policy, '2026-01-05T11:02:30Z').cuts).toHaveLength(1);
    expect(withoutExpired(policy, '2026-01-05T11:02:31Z').cuts).toHaveLength(0);
  });

  it.each([
    ['a statement that somebody added', { Sid: 'Ours', Effect: 'Deny', Action: 's3:*', Resource: '*' }],
    ['a cut that was widened', { Sid: 'Cut20260105T110231N0', Effect: 'Deny', Action: '*', Resource: '*' }],
  ])('is not accepted with %s', (_what, statement) => {
    const document = JSON.parse(guardDocument(OPEN_GUARD));
    document.Statement.push(statement);
    expect(readGuardDocument(JSON.stringify(document))).toBeUndefined();
  });

  it('is not accepted when a cut was changed from Deny to Allow', () => {
    const document = guardDocument(withCut(OPEN_GUARD, cut())).replace('"Deny"', '"Allow"');
    expect(readGuardDocument(document)).toBeUndefined();
  });

  it('has room for the cuts of sixteen people in an account, and for locks besides', () => {
    const people = (count: number, open = OPEN_GUARD) =>
      Array.from({ length: count }, (_, n) =>
        cut({ userId: `9067642ac7-93a42831-0000-4000-8000-${String(n).padStart(12, '0')}` }),
      ).reduce(withCut, open);
    for (const open of [OPEN_GUARD, OPEN_ATTACHED_GUARD]) {
      const sixteen = people(16, open);
      expect(fitsIam(sixteen, LOCK_ROOM_CHARACTERS)).toBe(true);
      expect(guardDocument(sixteen).length + LOCK_ROOM_CHARACTERS).toBeLessThanOrEqual(LONGEST_POLICY_CHARACTERS);
    }
    expect(fitsIam(people(40))).toBe(false);
  });
});
