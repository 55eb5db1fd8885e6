import type { SetContent } from '../../../../../core/activity/ports.ts';
import {
  type AdviseServices,
  createAdviser,
} from '../../../../../core/activity/report/advice/advise-permission-set.ts';
import type { Directory } from '../../../../../core/model/directory.ts';
import type { AccessRequest } from '../../../../../core/model/request.ts';
import { named } from '../../fakes.ts';
import { endedRequest } from '../../records.ts';

const arnOf = (name: string) => `arn:aws:sso:::permissionSet/ssoins-12345/ps-${name}`;
const allowing = (...actions: readonly string[]): SetContent => ({
  policies: [JSON.stringify({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } })],
  unread: [],
});

const SETS: Readonly<Record<string, SetContent>> = {
  admin: allowing('*'),
  storage: allowing('s3:*'),
  reader: allowing('s3:Get*', 's3:List*', 'ec2:Describe*'),
  secret: allowing('s3:*'),
};
const EVERY = [
  'ec2:DescribeInstances',
  'ec2:RunInstances',
  's3:CreateBucket',
  's3:DeleteBucket',
  's3:GetObject',
  's3:ListAllMyBuckets',
];

/** Ana may ask for every permission set but `secret`, which no policy names. */
function world(change: Partial<AdviseServices> = {}, sets: Readonly<Record<string, SetContent | Error>> = SETS) {
  const policy = {
    id: 'policy#sre',
    effect: 'allow',
    who: ['everyone'],
    accounts: ['123456789012'],
    permissionSets: Object.keys(sets).filter((name) => name !== 'secret'),
    hours: { days: ['mon'], from: '08:00', to: '10:00', timeZone: 'UTC' },
  };
  const directory = {
    groupIdsOf: () => Promise.resolve([]),
    permissionSet: (arn: string) =>
      Promise.resolve({ arn, name: arn.split('/ps-')[1] ?? '', description: '', sessionSeconds: 3600 }),
  } as Partial<Directory> as Directory;
  const services: AdviseServices = {
    policyStore: {
      storeState: () => Promise.resolve({ accessVersion: '1' }),
      policies: () => Promise.resolve([policy]),
      read: () => Promise.resolve({ records: [], storeState: { accessVersion: '1' } }),
    } as Partial<AdviseServices['policyStore']> as AdviseServices['policyStore'],
    directory,
    maxDurationSeconds: 3600,
    givable: { accounts: '*', permissionSets: Object.keys(sets).map((name) => ({ arn: arnOf(name) })), groups: [] },
    permissionSets: Object.keys(sets).map((name) => ({ name, arn: arnOf(name) })),
    contents: {
      of: (arn) => {
        const content = sets[arn.split('/ps-')[1] ?? ''];
        return content instanceof Error || content === undefined ? Promise.reject(content) : Promise.resolve(content);
      },
    },
    everyAction: () => EVERY,
    timeLimit: () => new Promise(() => undefined),
    ...change,
  };
  const adviser = createAdviser(services);
  const request: AccessRequest = endedRequest({
    target: { accountId: '123456789012', permissionSetArn: arnOf('admin') },
    names: { accountName: 'Production', permissionSetName: 'admin' },
  });
  return (...used: readonly string[]) => adviser.advise(request, used);
}

describe('the advice which permission set would have been enough', () => {
  test('names the smallest permission set that may be asked for and covers all calls, and says why others do not', async () => {
    expect(await world()('s3:CreateBucket', 's3:GetObject')).toEqual([
      'storage would have covered the calls listed here, the smallest permission set that may be asked for in Production: it allows 4 actions of AWS, admin 6.',
      'Not enough: reader does not allow s3:CreateBucket.',
    ]);
    expect(await world()('s3:GetObject')).toEqual([
      'reader would have covered the calls listed here, the smallest permission set that may be asked for in Production: it allows 3 actions of AWS, admin 6.',
    ]);
  });

  test('says so if the permission set that the person had was the smallest', async () => {
    expect(await world()('s3:GetObject', 'ec2:RunInstances')).toEqual([
      'admin is the smallest permission set that may be asked for in Production and covers the calls listed here.',
      'Not enough: storage does not allow ec2:RunInstances; reader does not allow ec2:RunInstances.',
    ]);
  });

  test('never names a permission set that was not read whole or depends on resources and conditions', async () => {
    const limited = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::logs/*' } });
    const said = await world(
      {},
      {
        admin: allowing('*'),
        custom: { ...allowing('s3:*'), unread: ['the customer managed policy Ops'] },
        gone: named('AccessDeniedException'),
        limited: { policies: [limited], unread: [] },
        odd: { policies: ['{'], unread: [] },
        bounded: { ...allowing('s3:*'), boundary: limited },
      },
    )('s3:GetObject');
    expect(said[0]).toBe(
      'admin is the smallest of those that could be judged of the permission sets that may be asked for in Production and covers the calls listed here.',
    );
    expect(said[1]).toBe(
      'Could not be judged: custom (not read: the customer managed policy Ops), gone (its policies could not be read: AccessDeniedException), limited (its policies depend on resources or conditions) and 2 more.',
    );
    expect(said).toHaveLength(2);
  });

  const conditional = (...actions: readonly string[]): SetContent => ({
    policies: [JSON.stringify({ Statement: { Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::logs/*' } })],
    unread: [],
  });

  test('never names a larger permission set than the one that was enough, even if that one could not be judged', async () => {
    const wide = { wide: allowing('s3:*', 'ec2:*') };
    for (const admin of [conditional('s3:GetObject'), named('AccessDeniedException')])
      expect((await world({}, { admin, ...wide })('s3:GetObject'))[0]).toBe(
        'No permission set that may be asked for in Production and is smaller than admin is known to cover the calls listed here.',
      );
  });

  test('calls no permission set the smallest of all if one that could not be judged may be smaller', async () => {
    const storage = allowing('s3:*');
    for (const other of [conditional('s3:GetObject'), named('AccessDeniedException')])
      expect((await world({}, { admin: allowing('*'), storage, other })('s3:GetObject'))[0]).toMatch(
        /^storage would have covered the calls listed here, the smallest of those that could be judged of the permission sets/,
      );
    const larger = conditional('s3:*', 'ec2:RunInstances');
    expect((await world({}, { admin: allowing('*'), storage, larger })('s3:GetObject'))[0]).toMatch(
      /^storage would have covered the calls listed here, the smallest permission set that may/,
    );
  });

  test('takes a permissions boundary into account', async () => {
    const sets = { admin: allowing('*'), bounded: { ...allowing('*'), boundary: allowing('ec2:*').policies[0] ?? '' } };
    expect((await world({}, sets)('s3:GetObject'))[1]).toBe('Not enough: bounded does not allow s3:GetObject.');
    expect((await world({}, sets)('ec2:RunInstances'))[0]).toMatch(/^bounded would have covered the calls listed here/);
  });

  test('calls no permission set the smallest if their sizes are unknown', async () => {
    expect(await world({ everyAction: () => undefined })('s3:CreateBucket')).toEqual([
      'These may be asked for in Production and cover the calls listed here: admin and storage. Which is smallest is not known.',
      'Not enough: reader does not allow s3:CreateBucket.',
    ]);
  });

  test('says that no permission set is known to cover the calls if none allows them', async () => {
    expect((await world({}, { reader: SETS.reader ?? allowing() })('iam:CreateUser'))[0]).toBe(
      'No permission set that may be asked for in Production is known to cover the calls listed here.',
    );
  });

  test('does not make the report fail or wait', async () => {
    const directory = {
      groupIdsOf: () => Promise.reject(named('ThrottlingException')),
    } as Partial<Directory> as Directory;
    expect(await world({ directory })('s3:GetObject')).toEqual([
      'Which permission set would have been enough could not be found out (ThrottlingException).',
    ]);
    const contents = { of: () => new Promise<never>(() => undefined) };
    expect(await world({ contents, timeLimit: () => Promise.resolve() })('s3:GetObject')).toEqual([
      'Which permission set would have been enough was not found out in time.',
    ]);
  });

  test('is empty if nothing was done', async () => {
    expect(await world()()).toEqual([]);
  });
});
