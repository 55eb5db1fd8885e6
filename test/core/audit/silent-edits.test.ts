import { newEvents } from '../../../core/audit/new-events.ts';
import type { StoredItem } from '../../../core/audit/stored-item.ts';
import { isStreamEvent } from '../../../core/audit/stream-events.ts';
import { NOON } from '../access/requests.ts';
import { anEvent, change, stored } from './stored.ts';

const requested = anEvent('requested', 0, { by: 'user-ana', state: 'requested' });
const active = stored([requested, anEvent('granted', 1, { state: 'active' })], {
  grant: { askedAt: NOON, standing: false },
});
const granting: StoredItem = { ...active, state: 'granting' };
const lease: StoredItem = { id: 'assignment#user-ana#1#arn', leases: new Set(['r1']), standing: false, state: 'lease' };
const votes: StoredItem = { id: 'vote#r1', votes: [{ principalId: 'user-cleo', vote: 'deny' }] };

const told = (before: StoredItem | undefined, after: StoredItem | undefined) =>
  newEvents(change(before, after)).map((event) => {
    // The comparison of the archive with the table tells these events from those of a history by `isStreamEvent`.
    expect(isStreamEvent(JSON.parse(JSON.stringify(event)))).toBe(/^(?:silent-edit|history-)/.test(event.type));
    return `${event.type}: ${event.note}`;
  });
const withEvent = (event: StoredItem, more: StoredItem): StoredItem => ({
  ...active,
  events: [...(active.events as StoredItem[]), event],
  ...more,
});

describe('an edit of the table that no event explains reaches the audit, with what was changed', () => {
  it.each<[string, StoredItem | undefined, StoredItem | undefined, string]>([
    ['a later end', active, { ...active, endsAt: '2027-01-05T13:00:00.000Z' }, 'endsAt was'],
    [
      'other things that the access ends with',
      { ...active, endsWith: new Set(['policy', 'membership']) },
      { ...active, endsWith: new Set(['hours']) },
      'endsWith was something else',
    ],
    [
      'nothing any more that the access ends with',
      { ...active, endsWith: ['policy'] },
      active,
      'endsWith was something else and is not there',
    ],
    ['another policy', { ...active, path: 'strict' }, { ...active, path: 'loose' }, 'path was strict and is loose'],
    ['a state', active, { ...active, state: 'ended' }, 'state was active and is ended'],
    ['a state that does not exist', active, { ...active, state: 'sleeping' }, 'state was active and is sleeping'],
    ['another person', active, { ...active, requester: { principalId: 'user-eve' } }, 'requester was something else'],
    ['another target', active, { ...active, target: { groupId: 'group-admins' } }, 'target was'],
    ['another reason', active, { ...active, reason: 'none of your business' }, 'reason was something else'],
    ['how long its sessions last', active, { ...active, sessionSeconds: 1 }, 'sessionSeconds was'],
    ['a mark that its sessions are cut', active, { ...active, sessionsCutAt: NOON }, 'sessionsCutAt was not there'],
    [
      'a mark that its sessions are left alone',
      active,
      { ...active, sessionsLeft: 'kept' },
      'sessionsLeft was not there and is',
    ],
    ['a mark that nobody can cut its sessions', active, { ...active, sessionsLeft: 'unguarded' }, 'and is unguarded'],
    [
      'a mark that somebody has reviewed it',
      { ...active, review: { status: 'owed', approvers: ['user-cleo'] } },
      { ...active, review: { status: 'acknowledged', approvers: ['user-cleo'] } },
      'review was something else and is something else',
    ],
    [
      'a review that is no longer owed',
      { ...active, review: { status: 'owed', approvers: [] } },
      active,
      'is not there',
    ],
    ['why it failed', active, { ...active, failure: 'Identity Center took too long' }, 'failure was not there and is'],
    [
      'another reason why it failed',
      { ...active, state: 'failed', failure: 'the account is closed' },
      { ...active, state: 'failed', failure: 'approved by Cleo' },
      'failure was something else and is something else',
    ],
    [
      'no reason any more why it failed',
      { ...granting, failure: 'the account is closed' },
      granting,
      'failure was something else and is not there',
    ],
    [
      'another refusal',
      { ...active, state: 'refused', refusal: { reason: 'not-allowed' } },
      { ...active, state: 'refused', refusal: { reason: 'frozen' } },
      'refusal was something else and is something else',
    ],
    ['an expiry', active, { ...active, expiresAt: '2027-01-05T13:00:00.000Z' }, 'expiresAt was not there'],
    [
      'a later expiry, hidden behind an event',
      active,
      withEvent(anEvent('warned', 2), { expiresAt: NOON }),
      'expiresAt',
    ],
    [
      'the list of people who got mails',
      active,
      { ...active, mailed: new Set(['asked:1:user-cleo']) },
      'mailed was not there',
    ],
    [
      'the votes that the message shows',
      active,
      { ...active, votes: [{ vote: 'approve' }] },
      'votes was something else',
    ],
    ['an approver’s claim', active, { ...active, claim: { principalId: 'user-eve' } }, 'claim was not there'],
    [
      'the time of the grant’s call',
      active,
      { ...active, grant: { askedAt: 'x', standing: false } },
      'grant.askedAt was 2026',
    ],
    ['a grant that never was', { ...active, grant: undefined }, active, 'grant.standing was not there and is false'],
    [
      'a joined request taken out',
      { ...active, joins: [{ requestId: 'r2' }, { requestId: 'r3' }], joiners: new Set(['r2', 'r3']) },
      { ...active, joins: [{ requestId: 'r3' }], joiners: new Set(['r3']) },
      'joins was something else and is something else; joiners was',
    ],
    [
      'break-glass without a request that joined',
      active,
      { ...active, breakGlass: true, review: { status: 'owed', approvers: [] } },
      'breakGlass was false and is true; review was not there',
    ],
    ['the access it has joined', active, { ...active, accessId: 'r2' }, 'accessId was not there and is r2'],
    [
      'whether the grant found the assignment standing',
      active,
      { ...active, grant: { askedAt: NOON, standing: true } },
      'grant.standing was false',
    ],
    ['a grant taken out', active, { ...active, grant: undefined }, 'grant.standing was false and is not there'],
    [
      'a step that the life cycle does not have',
      active,
      withEvent(anEvent('granting', 2, { state: 'granting' }), { state: 'granting' }),
      'no step leads from active',
    ],
    [
      'a state that the new event did not enter',
      active,
      withEvent(anEvent('warned', 2), { state: 'ended' }),
      'state was active',
    ],
    ['another reason, hidden behind an event', active, withEvent(anEvent('warned', 2), { reason: 'x' }), 'reason was'],
    ['a request hidden from the list', active, { ...active, askedIn: undefined }, 'askedIn was 2026-01'],
    [
      'a request that no search finds any more',
      { ...active, find: { text: 'x' } },
      { ...active, find: { text: '' } },
      'find was something else',
    ],
    ['a lease that is standing now', lease, { ...lease, standing: true }, 'standing was false and is true'],
    [
      'a lease that no longer says whether it is standing',
      lease,
      { ...lease, standing: undefined },
      'standing was false and is not there',
    ],
    ['a lease that is deleted', lease, undefined, 'it was deleted while a request held it'],
  ])('%s', (_what, before, after, note) => {
    expect(
      told(before, after)
        .filter((one) => one.startsWith(`silent-edit: `))
        .join(),
    ).toContain(note);
  });

  it('a request that is inserted as active', () => {
    const [event] = newEvents({ sequenceNumber: '1', at: NOON, after: { ...active, events: [] } });
    expect(event).toMatchObject({
      type: 'silent-edit',
      requestId: 'r1',
      by: 'unknown',
      note: 'it was put there as active',
    });
  });

  it('a vote that is reversed or deleted', () => {
    expect(told(votes, { ...votes, votes: [{ principalId: 'user-cleo', vote: 'approve' }] })).toEqual([
      'history-rewritten: 1 event until then',
    ]);
    expect(told(votes, undefined)).toEqual(['history-removed: 1 event until then']);
    expect(told(undefined, votes)).toEqual([]);
  });
});

describe('a write of the program itself is no silent edit', () => {
  it('an old request that is added to the list of requests', () => {
    expect(told({ ...active, askedIn: undefined, find: undefined }, active)).toEqual([]);
  });

  it.each<[string, StoredItem, StoredItem]>([
    ['an extension', active, withEvent(anEvent('extended', 2), { endsAt: '2026-01-05T14:00:00.000Z' })],
    ['an end', active, withEvent(anEvent('ending', 2, { state: 'ending' }), { state: 'ending', endingAt: NOON })],
    [
      'the operation id of the created assignment',
      active,
      { ...active, grant: { askedAt: NOON, standing: false, operationId: 'op-1' } },
    ],
    [
      'break-glass that joins without moving the end',
      { ...active, joins: [{ requestId: 'r2' }], joiners: new Set(['r2']) },
      {
        ...active,
        joins: [{ requestId: 'r2' }, { requestId: 'r3' }],
        joiners: new Set(['r2', 'r3']),
        breakGlass: true,
        review: { status: 'owed', approvers: [] },
      },
    ],
    ['sessions that nobody can cut', active, withEvent(anEvent('sessions-left', 2), { sessionsLeft: 'unguarded' })],
    ['why it failed, before it ends', granting, { ...granting, failure: 'frozen: ', refusal: { reason: 'frozen' } }],
    [
      'why it failed, with its end',
      granting,
      withEvent(anEvent('ending', 2, { state: 'ending' }), { state: 'ending', failure: 'AccessDeniedException: ' }),
    ],
    ['a message', active, { ...active, messages: {}, told: 2, tokens: {} }],
    ['an assignment that somebody else made as well', lease, { ...lease, standing: true, standingAt: NOON }],
    [
      'an assignment of somebody else that is gone again',
      { ...lease, standing: true, standingAt: NOON },
      { ...lease, standing: false, standingAt: NOON },
    ],
    ['the first look for a standing assignment', { ...lease, standing: undefined }, { ...lease, standing: true }],
    ['a lease that is released', lease, { ...lease, leases: undefined }],
  ])('%s', (_what, before, after) => {
    expect(told(before, after).filter((one) => one.startsWith('silent-edit'))).toEqual([]);
  });
});
