import { type Reader, readersOf } from '../../../../core/activity/report/readers.ts';
import type { Vote } from '../../../../core/model/request.ts';
import { aRequest, NOON } from '../../access/requests.ts';
import { createWorld } from '../../access/services.ts';
import { named } from '../fakes.ts';
import { AT_LAST, DAY, inRegion, world } from './edition-world.ts';

const CLEO: Reader = { principalId: 'user-cleo', address: 'cleo@example.com' };
const DAN: Reader = { principalId: 'user-dan', address: 'dan@example.com' };

const vote = (principalId: string, cast: Vote['vote'] = 'approve'): Vote => ({
  principalId,
  slackId: '',
  vote: cast,
  at: NOON,
});

describe('who gets a report by mail because they approved or review it', () => {
  it('is everybody who approved the access or more time for it, or may review it, each once', async () => {
    const world = createWorld();
    world.requests.put(aRequest('joined', { id: 'r2', votes: [vote('user-dan'), vote('user-cleo')] }));
    const request = aRequest('ended', {
      votes: [vote('user-cleo'), vote('user-ben', 'deny')],
      review: { status: 'owed', approvers: ['user-cleo'] },
      joins: [{ requestId: 'r2', at: NOON, endsAt: NOON }],
    });
    expect(await readersOf(request, world)).toEqual([CLEO, DAN]);
  });

  it('is nobody who is disabled or unknown', async () => {
    const world = createWorld();
    const user = world.directory.user;
    world.directory.user = async (id) => {
      const found = await user(id);
      return found && { ...found, enabled: id !== 'user-cleo' };
    };
    const request = aRequest('ended', { votes: [vote('user-cleo'), vote('user-gone'), vote('user-dan')] });
    expect(await readersOf(request, world)).toEqual([DAN]);
  });
});

describe('the mail of each reader', () => {
  /** A bucket was deleted; Cleo and Dan read the report. */
  function read(readersOf: () => Promise<readonly Reader[]> = () => Promise.resolve([CLEO, DAN])) {
    const all = world();
    Object.assign(all.services, { readersOf });
    all.trail.push(inRegion({ eventSource: 's3.amazonaws.com', eventName: 'DeleteBucket', readOnly: false }));
    return { ...all, apart: all.services.mail.apart, note: () => all.services.requests.current().events.at(-1)?.note };
  }

  it('goes to each alone, so that one rejected address keeps the report from nobody, and the history says so', async () => {
    const all = read();
    all.services.mail.refused.add(CLEO.address);
    await all.run();
    expect([all.mails.length, all.apart.map(({ address }) => address)]).toEqual([1, [DAN.address]]);
    expect(all.note()).toContain('1 of those who approved or may review it could not be mailed (MessageRejected)');
    expect(all.services.thread.replies).toHaveLength(1);
  });

  it('stays in the thread of the mails that this reader had, through every edition', async () => {
    const all = read();
    await all.run();
    all.at(AT_LAST);
    await all.run();
    all.pass(DAY);
    all.trail.push(inRegion({ eventSource: 's3.amazonaws.com', eventName: 'DeleteBucket', eventID: 'late' }));
    await all.run();
    const threads = all.apart.map(({ address, mail }) => [address, mail.thread?.after?.join()]);
    expect(threads).toEqual([
      [CLEO.address, undefined],
      [DAN.address, undefined],
      [CLEO.address, '<apart-1@eu-west-1.amazonses.com>'],
      [DAN.address, '<apart-2@eu-west-1.amazonses.com>'],
      [CLEO.address, '<apart-3@eu-west-1.amazonses.com>'],
      [DAN.address, '<apart-4@eu-west-1.amazonses.com>'],
    ]);
  });

  it('is sent once, though the run that sends them dies between two, and to nobody who gets every report', async () => {
    const all = read(() => Promise.resolve([CLEO, { principalId: 'user-sec', address: 'Security@example.com' }, DAN]));
    const { mail, reports } = all.services;
    const { note } = reports;
    reports.note = async (...args) => {
      await note(...args);
      if (mail.apart.length === 1) throw named('TimeoutError');
    };
    await expect(all.run()).rejects.toThrow('TimeoutError');
    reports.note = note;
    await all.run();
    expect([all.mails.length, all.apart.map(({ address }) => address)]).toEqual([1, [CLEO.address, DAN.address]]);
  });

  it('holds up no report where the directory does not answer, and the history says so', async () => {
    const all = read(() => Promise.reject(new Error('away')));
    await all.run();
    expect([all.mails.length, all.apart.length]).toEqual([1, 0]);
    expect(all.note()).toContain('could not be looked up, and were not mailed');
  });
});
