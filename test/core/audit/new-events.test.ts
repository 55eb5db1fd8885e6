import { historyOf, newEvents } from '../../../core/audit/new-events.ts';
import { isStreamEvent } from '../../../core/audit/stream-events.ts';
import { NOON } from '../access/requests.ts';
import { anEvent, change, stored } from './stored.ts';

const requested = anEvent('requested', 0, { by: 'user-ana', state: 'requested' });
const granted = anEvent('granted', 1, { state: 'active' });
const types = (...parts: Parameters<typeof change>) => newEvents(change(...parts)).map(({ type }) => type);

describe('the audit events of a write', () => {
  test('a new request yields every event that it was written with', () => {
    expect(types(undefined, stored([requested, anEvent('refused')]))).toEqual(['requested', 'refused']);
  });

  test('a later write yields only the events that it added, numbered as in the request', () => {
    const [event, ...more] = newEvents(change(stored([requested]), stored([requested, granted])));
    expect(more).toEqual([]);
    expect(event).toEqual({
      version: 1,
      id: 'r1#1',
      type: 'granted',
      at: '2026-01-05T12:01:00.000Z',
      by: 'glasshammer',
      state: 'active',
      requestId: 'r1',
      requester: { principalId: 'user-ana', slackId: 'U0ANA', userName: 'ana@example.com', displayName: 'Ana Alvarez' },
      target: { accountId: '123456789012', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345' },
      names: { accountName: 'Production', permissionSetName: 'BreakGlassAdmin' },
      reason: 'the checkout is down',
      ticket: '',
      breakGlass: false,
      origin: 'alert',
      sessionSeconds: 3600,
    });
  });

  test('an auditor reads the name beside the id of the requester and of everybody named in an earlier event', () => {
    const vote = anEvent('vote', 1, { by: 'user-cleo', byName: 'cleo@example.com' });
    const events = [
      requested,
      vote,
      anEvent('approved', 2, { by: 'user-cleo' }),
      anEvent('denied', 3, { by: 'user-dan' }),
    ];
    const [asked, ...others] = historyOf(stored(events));
    expect(asked?.byName).toBe('ana@example.com');
    expect(others.map(({ byName }) => byName)).toEqual(['cleo@example.com', 'cleo@example.com', undefined]);
  });

  test('times, approvers and the policy’s text arrive as they were written, and malformed ones are left out', () => {
    const policy = { record: 'policy#prod', hash: 'abc', version: '7', text: '{}' };
    const times = { startsAt: NOON, endsAt: NOON, durationSeconds: 1800, approvers: ['user-cleo'], policy };
    const [told, plain] = historyOf(
      stored([
        { ...granted, ...times },
        { ...granted, durationSeconds: 'long' },
      ]),
    );
    expect(told).toMatchObject(times);
    expect(plain).not.toHaveProperty('durationSeconds');
    expect(plain).not.toHaveProperty('policy');
  });

  test('a write that only stores a token or a message yields no event', () => {
    expect(types(stored([requested]), stored([requested], { tokens: { hold: 'x' }, told: 1 }))).toEqual([]);
  });

  test('two events of one write both arrive, in their order', () => {
    expect(types(stored([requested]), stored([requested, anEvent('vote'), granted]))).toEqual(['vote', 'granted']);
  });

  test('a new or deleted lease or click yields no event', () => {
    for (const item of [{ id: 'assignment#a#b#c', state: 'lease' }, { id: 'click#1' }, {}]) {
      expect(types(undefined, item)).toEqual([]);
      expect(types(item, undefined)).toEqual([]);
    }
  });

  test('no token, no e-mail address and no place of a Slack message leaves with an event', () => {
    const line = JSON.stringify(newEvents(change(undefined, stored([requested, granted]))));
    expect(line).not.toMatch(/secret-token|"email"|messageTs|C0ALERTS/);
  });

  test('an event of a request for a membership names the group', () => {
    const item = stored([requested], { target: { groupId: 'group-oncall' }, names: { groupName: 'OnCall' } });
    expect(newEvents(change(undefined, item))[0]).toMatchObject({
      target: { groupId: 'group-oncall' },
      names: { groupName: 'OnCall' },
    });
  });
});

describe('somebody changes the stored history', () => {
  test('deleting a request yields an event that says how much history it had', () => {
    const [event] = newEvents(change(stored([requested, granted]), undefined));
    expect(event).toMatchObject({
      type: 'history-removed',
      requestId: 'r1',
      by: 'unknown',
      note: '2 events until then',
    });
  });

  test('changing or dropping an event yields an event, and new events of the same write are not lost', () => {
    const forged = { ...requested, by: 'user-eve' };
    expect(types(stored([requested]), stored([forged, granted]))).toEqual(['history-rewritten', 'granted']);
    expect(types(stored([requested, granted]), stored([requested]))).toEqual(['history-rewritten']);
  });

  test('another order of an event’s fields is no change', () => {
    const turned = Object.fromEntries(Object.entries(requested).reverse());
    expect(types(stored([requested]), stored([turned, granted]))).toEqual(['granted']);
  });

  test('an event that cannot be parsed still reaches the audit', () => {
    const [first, second] = newEvents(
      change(undefined, stored(['garbage' as never, { at: 'yesterday', note: 7 as never }])),
    );
    expect(first).toMatchObject({ id: 'r1#0', type: 'unknown', by: 'unknown', at: '1970-01-01T00:00:00.000Z' });
    expect(second).toMatchObject({ id: 'r1#1', at: '1970-01-01T00:00:00.000Z' });
  });
});

describe('facts that belong to no request', () => {
  const push = { id: 'audit#x', type: 'policy-pushed', at: NOON, by: 'cli:dan', ids: ['policy#a', 'policy#b'] };

  test('a fact yields one event under its own id, and changing or deleting it yields another', () => {
    expect(newEvents(change(undefined, push))).toEqual([
      {
        version: 1,
        id: 'audit#x',
        type: 'policy-pushed',
        at: NOON,
        by: 'cli:dan',
        subjects: ['policy#a', 'policy#b'],
      },
    ]);
    expect(types(push, { ...push, by: 'cli:eve' })).toEqual(['history-rewritten']);
    expect(types(push, undefined)).toEqual(['history-removed']);
  });

  test.each([
    ['a thaw by command', 'stopped#t', 'thawed'],
    ['what a sweep found', 'audit#sweep', 'swept'],
  ])('%s reaches the audit by its fact', (_what, id, type) => {
    const item = { id, type, at: NOON, by: 'x', note: 'why', ids: ['r1'] };
    expect(newEvents(change(undefined, item))).toEqual([
      { version: 1, id, type, at: NOON, by: 'x', note: 'why', subjects: ['r1'] },
    ]);
  });

  test('a text that is too long is cut, says so, and is cut the same way every time', () => {
    const item = stored([anEvent('x'.repeat(300_000), 0, { by: `${'x'.repeat(9_976)}💥💥` })], {
      reason: 'y'.repeat(10_001),
    });
    const [event] = newEvents(change(undefined, item));
    expect(event?.type).toBe(`${'x'.repeat(128 - 26)}… [cut: 300000 characters]`);
    expect(event?.by).toBe(`${'x'.repeat(9_976)}💥💥`);
    expect(event?.reason).toBe(`${'y'.repeat(9_975)}… [cut: 10001 characters]`);
    expect(historyOf(item)).toEqual([event]);
    const [pair] = newEvents(
      change(undefined, stored([anEvent('x', 0, { by: `${'x'.repeat(9_974)}💥${'x'.repeat(30)}` })])),
    );
    expect(pair?.by).toBe(`${'x'.repeat(9_974)}… [cut: 10006 characters]`);
  });

  test('of a write with hundreds of events the first hundred are delivered and the rest counted; a replay has all', () => {
    const item = stored(
      Array.from({ length: 350 }, (_, n) => anEvent(`type-${n}`)),
      { state: 'pending' },
    );
    const events = newEvents(change(undefined, item));
    expect(events.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 100 }, (_, n) => `type-${n}`),
      'silent-edit',
    ]);
    expect(events.at(-1)?.note).toBe('250 more events came with the same write than are told');
    expect(isStreamEvent(events.at(-1))).toBe(true);
    expect(historyOf(item)).toHaveLength(350);
  });

  test('a freeze by command reaches the audit once: by its fact, and not again by the stored switch', () => {
    const frozen = { id: 'control#freeze', by: 'cli:dan', at: NOON, reason: 'incident', freezeFact: 'audit#f' };
    expect(types(undefined, frozen)).toEqual([]);
    expect(types(frozen, { ...frozen, thawFact: 'audit#t' })).toEqual([]);
    expect(types({ ...frozen, thawFact: 'audit#t' }, undefined)).toEqual([]);
  });

  test('a freeze or thaw by hand, with plain AWS commands, reaches the audit by the stored switch', () => {
    const frozen = { id: 'control#freeze', by: 'dan', at: NOON, reason: 'incident' };
    expect(newEvents(change(undefined, frozen))[0]).toMatchObject({
      type: 'frozen',
      by: 'dan',
      note: 'by hand: incident',
    });
    expect(newEvents(change(frozen, undefined))[0]).toMatchObject({ type: 'thawed', by: 'unknown', note: 'by hand' });
    const byCommand = { ...frozen, freezeFact: 'audit#f' };
    expect(types(byCommand, undefined)).toEqual(['thawed']);
    expect(types(byCommand, { ...byCommand, reason: 'another' })).toEqual(['frozen']);
  });
});

test('the history read from the item yields the same events as the stream', () => {
  const events = [requested, anEvent('approved'), granted];
  const told = events.flatMap((_event, index) =>
    newEvents(change(index === 0 ? undefined : stored(events.slice(0, index)), stored(events.slice(0, index + 1)))),
  );
  expect(historyOf(stored(events))).toEqual(told);
});
