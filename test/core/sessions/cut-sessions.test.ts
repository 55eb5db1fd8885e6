import { CUT_MARGIN_SECONDS, cutSessions, cutTimes, type EndedSessions } from '../../../core/sessions/cut-sessions.ts';
import { guardDocument, OPEN_GUARD, readGuardDocument } from '../../../core/sessions/guard-policy.ts';
import { operateGuard } from '../../../core/sessions/operate-guard.ts';
import { createGuards, createLocks, createPeople } from './fakes.ts';

const ACCOUNT = '123456789012';
const now = () => new Date('2026-01-05T10:02:00Z');
const ended: EndedSessions = {
  principalId: 'user-ana',
  accountId: ACCOUNT,
  permissionSetName: 'BreakGlassAdmin',
  goneAt: '2026-01-05T10:01:30.400Z',
  sessionSeconds: 3600,
};

describe('cutting the sessions of an access that is over', () => {
  it('denies sessions begun up to the removal and a margin, until the last of them has expired', async () => {
    const { guards, documents } = createGuards();
    expect(await cutSessions(ended, 'boundary', 'run-1', { guards, locks: createLocks(), now })).toBe('in-force');
    expect(readGuardDocument(documents[ACCOUNT] ?? '')?.cuts).toEqual([
      {
        userId: 'user-ana',
        permissionSetName: 'BreakGlassAdmin',
        issuedBefore: '2026-01-05T10:02:01Z',
        until: '2026-01-05T11:02:01Z',
      },
    ]);
    expect(CUT_MARGIN_SECONDS).toBe(30);
  });

  it('does not write the policy when the cut is already in force', async () => {
    const { guards, writes } = createGuards();
    const services = { guards, locks: createLocks(), now };
    await cutSessions(ended, 'boundary', 'run-1', services);
    expect(await cutSessions(ended, 'boundary', 'run-2', services)).toBe('in-force');
    expect(writes).toHaveLength(1);
  });

  it('keeps the cuts of other people and drops expired ones', async () => {
    const { guards, documents } = createGuards();
    const services = { guards, locks: createLocks(), now };
    await cutSessions({ ...ended, principalId: 'user-ben' }, 'boundary', 'run-1', services);
    await cutSessions(
      { ...ended, principalId: 'user-old', goneAt: '2026-01-05T08:00:00Z' },
      'boundary',
      'run-2',
      services,
    );
    await cutSessions(ended, 'boundary', 'run-3', services);
    expect(readGuardDocument(documents[ACCOUNT] ?? '')?.cuts.map(({ userId }) => userId)).toEqual([
      'user-ana',
      'user-ben',
    ]);
  });

  it('reports an account that has no guard policy', async () => {
    const { guards } = createGuards({});
    expect(await cutSessions(ended, 'boundary', 'run-1', { guards, locks: createLocks(), now })).toBe('unguarded');
  });

  it('never overwrites a policy that somebody has edited', async () => {
    const edited = guardDocument(OPEN_GUARD).replace('"Action":"*"', '"Action":"s3:*"');
    const { guards, documents, writes } = createGuards({ [ACCOUNT]: edited });
    expect(await cutSessions(ended, 'boundary', 'run-1', { guards, locks: createLocks(), now })).toBe('edited');
    expect(documents[ACCOUNT]).toBe(edited);
    expect(writes).toEqual([]);
  });

  it('waits for another writer, but for one that died only until its lock expires', async () => {
    const { guards } = createGuards();
    const locks = createLocks();
    await locks.take(ACCOUNT, 'somebody', '2026-01-05T10:01:00Z', '2026-01-05T10:03:00Z');
    expect(await cutSessions(ended, 'boundary', 'run-1', { guards, locks, now })).toBe('busy');
    const later = () => new Date('2026-01-05T10:03:01Z');
    expect(await cutSessions(ended, 'boundary', 'run-1', { guards, locks, now: later })).toBe('in-force');
    expect(locks.held.size).toBe(0);
  });

  it('reads the policy back after writing it, and is busy if another version is in force', async () => {
    const { guards, documents } = createGuards();
    guards.afterWrite = () => {
      documents[ACCOUNT] = guardDocument(OPEN_GUARD);
      delete guards.afterWrite;
    };
    const services = { guards, locks: createLocks(), now };
    expect(await cutSessions(ended, 'boundary', 'run-1', services)).toBe('busy');
    expect(await cutSessions(ended, 'boundary', 'run-2', services)).toBe('in-force');
  });

  it('gives its lock back when IAM fails, so that the next try is not kept waiting', async () => {
    const { guards } = createGuards();
    const locks = createLocks();
    guards.beforeWrite = () => {
      throw new Error('ServiceFailure');
    };
    await expect(cutSessions(ended, 'boundary', 'run-1', { guards, locks, now })).rejects.toThrow('ServiceFailure');
    expect(locks.held.size).toBe(0);
  });

  it('reports a full policy and drops nobody else’s cut for it', async () => {
    const { guards, documents } = createGuards();
    const services = { guards, locks: createLocks(), now, attachedTo: [] };
    let people = 0;
    let outcome = 'in-force';
    while (outcome === 'in-force') {
      people += 1;
      outcome = await cutSessions(
        { ...ended, principalId: `93a42831-0000-4000-8000-${String(people).padStart(12, '0')}` },
        'boundary',
        'run',
        services,
      );
    }
    expect(outcome).toBe('full');
    expect(readGuardDocument(documents[ACCOUNT] ?? '')?.cuts).toHaveLength(people - 1);
    // A policy that is full of cuts still has room for the lock of a person whose laptop was stolen.
    const question = { ask: 'lock', accountId: ACCOUNT, principalId: 'f'.repeat(36), locked: true } as const;
    const changes = { attached: 'unguarded', boundary: 'in-force' };
    const asked = { ...services, people: createPeople('f'.repeat(36)) };
    expect(await operateGuard(question, 'run', asked)).toEqual({ change: 'in-force', changes });
  });
});

it('rounds the time of a cut up, so that it never lies before the removal', () => {
  expect(cutTimes({ goneAt: '2026-01-05T10:00:00.001Z', sessionSeconds: 3600 })).toEqual({
    issuedBefore: '2026-01-05T10:00:31Z',
    until: '2026-01-05T11:00:31Z',
  });
});
