import type { ListedCall } from '../../../../../core/activity/classify/listed-call.ts';
import { attachmentsOf, callsCsv } from '../../../../../core/activity/report/render/attachments.ts';
import { listed } from '../listed.ts';

describe('the attached list of calls', () => {
  test.each([
    '=cmd()',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0+1',
    '\ufeff=1',
    '＝1',
    '＠SUM(A1)',
  ])('a text such as %j does not run as a formula in a spreadsheet', (what) => {
    expect(callsCsv([listed({ what })])).toContain(`"'${what}"`);
  });

  test('quotes and line breaks stay within their cell', () => {
    const [, row] = callsCsv([listed({ what: 'a "b"\r\n=c' })]).split('"2026-01-05T09:30:00Z"');
    expect(row).toContain('"a ""b""\r\n=c"');
  });

  test('each call can be found again by the id of its event, in both files', () => {
    const { files, left } = attachmentsOf('request-1', [listed({ id: 'event-7' })]);
    expect(left).toBe(0);
    expect(files.map(({ fileName }) => fileName)).toEqual(['calls-request-1.csv', 'calls-request-1.json']);
    expect(JSON.parse(files[1]?.content ?? '')).toMatchObject({ requestId: 'request-1', calls: [{ id: 'event-7' }] });
    expect(files[0]?.content).toContain('"event-7"');
  });

  test('if there is not room for all calls, reads are left out first, and a flagged call never', () => {
    const reads = Array.from({ length: 15_000 }, (_, at) => listed({ id: `r${at}`, kind: 'read' }));
    const { files, left } = attachmentsOf('request-1', [
      ...reads,
      listed({ id: 'the-flagged-one', kind: 'read', flag: 'secrets' }),
      listed({ id: 'the-write', kind: 'write' }),
    ]);
    expect(files.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThan(3_000_000);
    expect(left).toBeGreaterThan(0);
    for (const { content } of files) expect(content).toMatch(/the-flagged-one[\s\S]*the-write/);
  });

  test('a flood of refused calls does not push out one that succeeded', () => {
    const tried = Array.from({ length: 8_000 }, (_, at) =>
      listed({ id: `t${at}`, kind: 'refused', error: 'AccessDenied', flag: 'trail-tampering', what: 'x'.repeat(90) }),
    );
    const done = listed({ id: 'the-key', action: 'iam:CreateAccessKey', flag: 'identity-persistence' });
    const { files, left } = attachmentsOf('request-1', [...tried, done]);
    expect(left).toBeGreaterThan(0);
    for (const { content } of files) expect(content).toContain('the-key');
  });

  test.each<[string, Partial<ListedCall>]>([
    ['with a graver flag', { flag: 'trail-tampering', action: 'cloudtrail:UpdateTrail' }],
    ['of another action with the same flag', { flag: 'identity-persistence', action: 'iam:AddUserToGroup' }],
    ['as another role', { flag: 'identity-persistence', action: 'iam:CreateAccessKey', as: 'role/deploy' }],
  ])('a flood of calls %s does not push out a flagged call', (_what, change) => {
    const flood = Array.from({ length: 8_000 }, (_, at) =>
      listed({ id: `f${at}`, at: '2026-01-05T09:10:00Z', what: 'x'.repeat(90), ...change }),
    );
    const done = listed({ id: 'the-key', action: 'iam:CreateAccessKey', flag: 'identity-persistence' });
    const { files, left } = attachmentsOf('request-1', [...flood, done]);
    expect(left).toBeGreaterThan(0);
    expect(files.map(({ content }) => content.includes('the-key'))).toEqual([true, true]);
  });

  test('a call that gives a role to a service has room before calls that do not', () => {
    const flood = Array.from({ length: 12_000 }, (_, at) =>
      listed({ id: `f${at}`, at: '2026-01-05T09:10:00Z', what: 'x'.repeat(90) }),
    );
    const done = listed({ id: 'the-function', handedOn: 'f: arn:aws:iam::123456789012:role/admin' });
    const { files, left } = attachmentsOf('request-1', [...flood, done]);
    expect(left).toBeGreaterThan(0);
    expect(files.map(({ content }) => content.includes('the-function'))).toEqual([true, true]);
  });

  test('names in a script of many bytes do not make the mail too large for mail servers', () => {
    const calls = Array.from({ length: 6_000 }, (_, at) => listed({ id: `w${at}`, what: '鍵'.repeat(130) }));
    const { files, left } = attachmentsOf('request-1', calls);
    expect(files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)).toBeLessThan(3_000_000);
    expect(left).toBeGreaterThan(0);
  });

  test('nothing is attached if nothing was done', () => {
    expect(attachmentsOf('request-1', [])).toEqual({ files: [], left: 0 });
  });
});
