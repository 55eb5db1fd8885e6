import { collectReport } from '../../../../core/activity/report/collect-report.ts';
import { noteUnsent, sendReport } from '../../../../core/activity/report/editions/send-report.ts';
import { startReport } from '../../../../core/activity/report/editions/start-report.ts';
import { RequestChangedError } from '../../../../core/model/errors.ts';
import { named } from '../fakes.ts';
import { aChainedRole, endedRequest } from '../records.ts';
import { AT_FIRST, AT_LAST, DAY, ID, inRegion, reported, world } from './edition-world.ts';

describe('the first edition', () => {
  test('says within minutes what was done and when the final edition follows, and does not make the request reported', async () => {
    const all = world();
    all.trail.push(inRegion({ eventName: 'TerminateInstances' }));
    expect(await all.run()).toBe('first');
    expect(all.mails[0]?.subject).toMatch(/: 1 write, 1 to look at \(first edition\)$/);
    expect(all.mails[0]?.text).toContain('The final edition is read at 2026-01-05 11:15:10 UTC.');
    expect(all.mails[0]?.text).toContain('may work until 2026-01-05 11:00:09 UTC');
    expect(all.services.thread.replies[0]?.[0]).toMatch(/^First edition: 1 write\./);
    expect(all.services.thread.replies[0]?.at(-1)).toBe(
      'What is known so far went by e-mail to security@example.com; the final edition follows at 2026-01-05 11:15:10 UTC.',
    );
    expect(all.services.requests.current().state).toBe('ended');
    expect(all.events()).toContain('first-report');
  });

  test('never says that nothing was done, while credentials may still work', async () => {
    const all = world();
    await all.run();
    expect(all.mails[0]?.subject).toMatch(/: no calls found yet \(first edition\)$/);
    expect(all.mails[0]?.text).not.toMatch(/nothing was done with|did not sign in/i);
  });

  test('does not wait for sessions that live on', async () => {
    const all = world();
    all.trail.push(inRegion({ ...aChainedRole('arn:aws:iam::123456789012:role/Deploy', 'ASIAHOP1') }));
    await all.run();
    expect(all.mails).toHaveLength(1);
    expect(all.services.now().getTime() - Date.parse(AT_FIRST)).toBeLessThan(60_000);
  });

  test('is not held up by a flood of calls, and says that it stopped', async () => {
    const all = world();
    all.services.source.page = () => Promise.resolve({ records: [], next: 'more' });
    let rounds = 0;
    while ((await collectReport(ID, all.services, 'first')).next === 'more' && rounds < 1000) rounds += 1;
    expect(rounds).toBeLessThan(400);
    await sendReport(ID, undefined, all.services, 'first');
    expect(all.mails[0]?.text).toContain('Reading was stopped because there was too much');
  });

  test('run twice, or again after the final one, is sent once', async () => {
    const all = world();
    await all.run();
    await all.run();
    expect([all.mails.length, all.events().filter((type) => type === 'first-report').length]).toEqual([1, 1]);
    all.at(AT_LAST);
    await all.run();
    await sendReport(ID, undefined, all.services, 'first');
    expect(all.mails).toHaveLength(2);
  });

  test('is recorded although the request changed meanwhile, and is not sent a second time for it', async () => {
    const all = world();
    all.interrupt();
    await expect(all.run()).rejects.toThrow(RequestChangedError);
    await all.run();
    expect(all.events().filter((type) => type === 'first-report')).toHaveLength(1);
    expect([all.mails.length, all.services.thread.replies.length]).toEqual([1, 1]);
  });

  test('that cannot be mailed is posted in the thread, and does not count as an unsent report', async () => {
    const all = world();
    all.services.mail.fail = named('SendingPausedException');
    await all.read('first');
    expect(await noteUnsent(ID, 'SendingPausedException', undefined, all.services, 'first')).toEqual({
      next: 'over',
      waitSeconds: 0,
    });
    expect(all.services.thread.replies[0]?.at(-1)).toBe(
      'The e-mail to security@example.com could not be sent (SendingPausedException); the final edition follows at 2026-01-05 11:15:10 UTC.',
    );
    expect(all.events()).not.toContain('report-unsent');
    all.services.mail.fail = undefined;
    all.at(AT_LAST);
    await all.run();
    // The mail goes to people who never got the first edition, the thread to those who were told of it.
    expect(all.mails[0]?.text.toLowerCase()).not.toContain('since the first edition');
    expect(all.services.thread.replies[1]?.join('\n')).toContain('Since the first edition: nothing new.');
  });

  test('that could not be posted in the thread is compared with in the final mail, but not in the thread', async () => {
    const all = world();
    all.services.thread.fail = named('channel_not_found');
    await all.run();
    all.services.thread.fail = undefined;
    all.at(AT_LAST);
    await all.run();
    expect(all.mails[1]?.text).toContain('SINCE THE FIRST EDITION OF');
    expect(all.services.thread.replies[0]?.join('\n')).not.toContain('Since the first edition');
  });

  test('is not made for a group membership, of which no calls can be read', async () => {
    const all = world({ target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' } });
    all.at(AT_LAST);
    expect(await all.run()).toBe('final');
    expect(await all.services.looks.get(ID)).toEqual({ looks: 0, out: 'final' });
  });

  test('is not made for a group membership by a workflow that wakes early or after a failed start', async () => {
    const all = world({ target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' } });
    all.at('2026-01-05T11:15:09.000Z');
    await sendReport(ID, 'TimeoutError', all.services, 'first');
    expect(all.mails).toEqual([]);
    expect(await all.run()).toBe('final');
    expect(all.mails).toHaveLength(1);
  });

  test('that could not be mailed in time is left to the final one: nobody gets two mails at once', async () => {
    const all = world();
    await all.read('first');
    all.at('2026-01-05T11:15:10.000Z');
    await sendReport(ID, undefined, all.services, 'first');
    await noteUnsent(ID, 'SendingPausedException', undefined, all.services, 'first');
    expect([all.mails, all.services.thread.replies]).toEqual([[], []]);
    expect(all.events()).not.toContain('first-report');
    expect(await all.run()).toBe('final');
  });
});

describe('the final edition', () => {
  test('reads everything again and marks what the first did not have', async () => {
    const all = world();
    all.trail.push(inRegion({ eventName: 'RunInstances', eventTime: '2026-01-05T09:10:00Z' }));
    await all.run();
    all.trail.push(
      inRegion({ eventName: 'RunInstances', eventTime: '2026-01-05T10:30:00Z' }),
      inRegion({
        eventSource: 'cloudtrail.amazonaws.com',
        eventName: 'StopLogging',
        eventTime: '2026-01-05T10:40:00Z',
      }),
    );
    all.at(AT_LAST);
    expect(await all.run()).toBe('final');
    const { subject = '', text = '', html = '' } = all.mails[1] ?? {};
    expect(subject).toContain('3 writes');
    expect(text).toContain('SINCE THE FIRST EDITION OF 2026-01-05 10:05:');
    expect(text).toContain('  2 writes more.');
    expect(text).toMatch(/New: .*cloudtrail:StopLogging/);
    expect(text).toContain('To look at, and not before: tampering with logs and alarms, calls after the end.');
    expect(text).toMatch(/2 {2}ec2:RunInstances\n\s+1 new \|/);
    expect(html).toContain('Since the first edition');
    expect(all.services.thread.replies[1]?.join('\n')).toContain('2 writes more.');
    expect(all.services.requests.current().state).toBe('reported');
  });

  test('says so if nothing is new, and goes into the mail thread of the first', async () => {
    const { mails, services } = await reported();
    expect(mails[1]?.text).toContain('Nothing new.');
    expect(services.thread.replies[1]?.[1]).toMatch(/nothing new\.$/);
    expect(mails.map(({ thread }) => thread)).toEqual([
      { id: ID },
      { id: ID, after: ['<mail-1@eu-west-1.amazonses.com>'] },
    ]);
  });
});

describe('after the final edition', () => {
  test('nothing is sent if a look a day later finds nothing new, and there is no further look', async () => {
    const all = await reported();
    const due = Date.parse((await all.services.looks.get(ID))?.at ?? '') - all.services.now().getTime();
    expect(due / 3600_000).toBeCloseTo(24);
    all.pass(DAY);
    expect(await all.run()).toBe('addendum-1');
    expect(all.services.adviser.asked).toHaveLength(1);
    expect([all.mails.length, all.services.thread.replies.length]).toEqual([2, 2]);
    expect(await all.services.looks.get(ID)).toEqual({ looks: 1, out: 'final' });
  });

  test('what CloudTrail delivered late is told in an addendum, once, in the same thread', async () => {
    const all = await reported();
    all.trail.push(
      inRegion({ eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', eventTime: '2026-01-05T09:50:00Z' }),
    );
    all.pass(DAY);
    await all.run();
    const [, , addendum] = all.mails;
    expect(addendum?.subject).toMatch(/\(addendum\)$/);
    expect(addendum?.text).toMatch(/SINCE THE FINAL EDITION OF .*\n {2}1 write more\.\n {2}New: iam:CreateUser\./);
    expect(addendum?.thread?.after).toEqual(['<mail-2@eu-west-1.amazonses.com>']);
    expect(all.services.requests.current().state).toBe('reported');
    expect(all.events().filter((type) => type === 'report-addendum')).toHaveLength(1);
    await sendReport(ID, undefined, all.services, 'addendum-1');
    expect(all.mails).toHaveLength(3);
  });

  test('an addendum is recorded although the request changed meanwhile', async () => {
    const all = await reported();
    all.trail.push(inRegion({ eventName: 'CreateVpc' }));
    all.pass(DAY);
    all.interrupt();
    await expect(all.run()).rejects.toThrow(RequestChangedError);
    expect((await all.services.looks.get(ID))?.looks).toBe(0);
    await all.run();
    expect(all.events().filter((type) => type === 'report-addendum')).toHaveLength(1);
    expect([all.mails.length, all.services.thread.replies.length]).toEqual([3, 3]);
  });

  test('a run fails if another run records the same look first', async () => {
    const all = await reported();
    all.pass(DAY);
    all.services.looks.move = () => Promise.resolve(false);
    await expect(all.run()).rejects.toThrow(RequestChangedError);
  });

  test('of two workflows at the same addendum one sends it', async () => {
    const all = await reported();
    all.trail.push(inRegion({ eventName: 'CreateVpc' }));
    all.pass(DAY);
    await all.read('addendum-1');
    const both = [1, 2].map(() => sendReport(ID, undefined, all.services, 'addendum-1'));
    const [one, other] = await Promise.allSettled(both);
    expect(new Set([one?.status, other?.status])).toEqual(new Set(['fulfilled', 'rejected']));
    expect([all.mails.length, all.services.thread.replies.length]).toEqual([3, 3]);
    await sendReport(ID, undefined, all.services, 'addendum-1');
    expect(all.mails).toHaveLength(3);
    expect(all.events().filter((type) => type === 'report-addendum')).toHaveLength(1);
  });

  test('a crash after the mail of an addendum does not send a second one', async () => {
    const all = await reported();
    all.trail.push(inRegion({ eventName: 'CreateVpc' }));
    all.pass(DAY);
    const { move } = all.services.looks;
    all.services.looks.move = () => Promise.reject(named('TimeoutError'));
    await expect(all.run()).rejects.toThrow('TimeoutError');
    all.services.looks.move = move;
    await all.run();
    expect([all.mails.length, all.services.thread.replies.length]).toEqual([3, 3]);
    expect(all.events().filter((type) => type === 'report-addendum')).toHaveLength(1);
    expect((await all.services.looks.get(ID))?.out).toBe('addendum-1');
  });

  test('an account that could not be read is tried every day, silently, until the reader role is back', async () => {
    const all = world();
    all.trail.push(inRegion({ eventName: 'DeleteVpc' }));
    all.unreadable(true);
    await all.run();
    all.at(AT_LAST);
    await all.run();
    for (let day = 1; day <= 3; day += 1) {
      all.pass(DAY);
      expect(await all.run()).toBe(`addendum-${day}`);
    }
    expect(all.mails).toHaveLength(2);
    all.unreadable(false);
    all.pass(DAY);
    await all.run();
    expect(all.mails[2]?.text).toContain('Read now, and not before: eu-west-1 and us-east-1.');
    expect(all.mails[2]?.text).toContain('ec2:DeleteVpc');
    expect((await all.services.looks.get(ID))?.at).toBeUndefined();
  });

  test('an account that was read once and cannot be read any more is not tried for ninety days', async () => {
    const all = await reported();
    all.unreadable(true);
    all.pass(DAY);
    await all.run();
    expect(await all.services.looks.get(ID)).toEqual({ looks: 1, out: 'final' });
  });

  test('access of which nothing can ever be read is not tried for ninety days either', async () => {
    const request = endedRequest();
    const all = world({ requester: { ...request.requester, userName: '' } });
    all.at(AT_LAST);
    await all.run();
    all.pass(DAY);
    await all.run();
    expect((await all.services.looks.get(ID))?.at).toBeUndefined();
  });

  test('a Region that is no longer enabled is not named as read', async () => {
    const all = world();
    all.unreadable(true);
    all.at(AT_LAST);
    await all.run();
    all.unreadable(false);
    all.services.source.enabledRegions = () => Promise.resolve(['eu-west-1']);
    all.pass(DAY);
    await all.run();
    expect(all.mails[1]?.text).toContain('Read now, and not before: eu-west-1.');
  });

  test('an addendum says that nothing was done when an unreadable account can be read at last', async () => {
    const all = world();
    all.unreadable(true);
    all.at(AT_LAST);
    await all.run();
    all.unreadable(false);
    all.pass(DAY);
    await all.run();
    expect(all.mails[1]?.subject).toMatch(/: nothing was done \(addendum\)$/);
  });

  test('looks are given up when CloudTrail no longer has the events', async () => {
    const all = world();
    all.unreadable(true);
    all.at(AT_LAST);
    await all.run();
    all.pass(89.5 * DAY);
    await all.run();
    expect((await all.services.looks.get(ID))?.at).toBeUndefined();
  });
});

describe('an edition that two workflows send at once', () => {
  const both = async (change: Parameters<typeof world>[0] = {}) => {
    const all = world(change);
    all.trail.push(inRegion({ eventSource: 's3.amazonaws.com', eventName: 'DeleteBucket', readOnly: false }));
    const { edition = 'final' } = await startReport(ID, all.services);
    await all.read(edition);
    return { ...all, send: () => sendReport(ID, undefined, all.services, edition) };
  };

  test('reaches people once, by mail and in the thread', async () => {
    const { send, mails, services, events } = await both();
    const sent = await Promise.allSettled([send(), send()]);
    expect(sent.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    // The workflow retries the run that lost.
    await send();
    expect([mails.length, services.thread.replies.length]).toEqual([1, 1]);
    expect(events().filter((type) => type === 'first-report')).toHaveLength(1);
  });

  test('is announced by the workflow that sends it, not by one that gives up at the same time', async () => {
    const { send, mails, services } = await both();
    await Promise.all([send(), noteUnsent(ID, 'RequestChangedError', undefined, services, 'first')]);
    expect([mails.length, services.thread.replies.length]).toEqual([1, 1]);
  });

  test('is sent by the other if the workflow that claimed it has died', async () => {
    const { send, mails, services, pass } = await both();
    const now = services.now().toISOString();
    const until = new Date(Date.parse(now) + 60_000).toISOString();
    expect(await services.reports.claim({ requestId: ID, edition: 'first' }, now, until)).toBe(true);
    await expect(send()).rejects.toMatchObject({ name: 'RequestChangedError' });
    pass(61_000);
    await send();
    expect(mails).toHaveLength(1);
  });
});

test('a grave call that is delivered late is named before many others that are delivered late with it', async () => {
  const all = await reported();
  all.trail.push(
    ...Array.from({ length: 30 }, (_, at) => [1, 2].map(() => inRegion({ eventName: `CreateThing${at}` }))).flat(),
    inRegion({ eventSource: 's3.amazonaws.com', eventName: 'DeleteBucketPolicy' }),
  );
  all.pass(DAY);
  await all.run();
  expect(all.mails.at(-1)?.text).toMatch(/New: s3:DeleteBucketPolicy, .*, 11 more\./);
});

test('one more call that raises a flag is new, however many harmless ones of the same action there were', async () => {
  const all = world();
  const ingress = (cidrIp: string) =>
    inRegion({ eventName: 'AuthorizeSecurityGroupIngress', requestParameters: { cidrIp } });
  all.trail.push(...Array.from({ length: 5 }, () => ingress('10.0.0.0/8')), ingress('0.0.0.0/0'));
  await all.run();
  all.trail.push(ingress('0.0.0.0/0'));
  all.at(AT_LAST);
  await all.run();
  expect(all.mails.at(-1)?.text).toMatch(/New: ec2:AuthorizeSecurityGroupIngress\./);
});
