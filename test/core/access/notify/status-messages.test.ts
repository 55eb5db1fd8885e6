import { notifyApprovers } from '../../../../core/access/notify/notify-approvers.ts';
import {
  notifyOutcome,
  updateStatusMessages,
  updateStatusOnNews,
  warnOfEnd,
} from '../../../../core/access/notify/status-messages.ts';
import { PlaceGoneError } from '../../../../core/model/errors.ts';
import { enter, happen } from '../../../../core/model/events.ts';
import type { RequestState } from '../../../../core/model/request.ts';
import { aRequest, NOON, statesExcept } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const STORY = { role: 'story', channel: 'C0ALERTS', ts: '7.7' } as const;
const APPROVAL = { role: 'approval', channel: 'C0ACCESS', ts: '8.8' } as const;

function told(...parts: Parameters<typeof aRequest>): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest(...parts));
  return world;
}

const gone = async (): Promise<never> => {
  throw new PlaceGoneError('channel_not_found');
};

describe('the status message of a request', () => {
  it('is posted into the thread of the alert once, and edited from then on', async () => {
    const world = told('active');
    await updateStatusMessages('r1', world);
    await updateStatusMessages('r1', world);
    expect(world.chat.posts).toEqual([
      { channel: 'C0ALERTS', message: 'story: active', threadTs: '1767614400.000100', ts: 'ts-1' },
    ]);
    expect(world.chat.edits).toEqual([{ channel: 'C0ALERTS', ts: 'ts-1', message: 'story: active' }]);
  });

  it('is brought up to date in every copy, each in its own words', async () => {
    const world = told('denied', { messages: [STORY, APPROVAL] });
    await updateStatusMessages('r1', world);
    expect(world.chat.edits.map(({ message }) => message)).toEqual(['story: denied', 'approval: denied']);
  });

  it('goes to the person directly when the request came from no channel, or its channel is gone', async () => {
    const fromHome = told('active', { origin: { kind: 'home' } });
    await updateStatusMessages('r1', fromHome);
    expect(fromHome.chat.posts[0]?.channel).toBe('D-U0ANA');

    const fromLostChannel = told('active');
    const post = fromLostChannel.chat.post;
    fromLostChannel.chat.post = async (channel, ...rest) => (channel === 'C0ALERTS' ? gone() : post(channel, ...rest));
    await updateStatusMessages('r1', fromLostChannel);
    expect(fromLostChannel.requests.now('r1').messages).toEqual([{ role: 'story', channel: 'D-U0ANA', ts: 'ts-1' }]);
  });

  it('is posted to the approval channel if the requester asked outside of Slack and has no Slack user', async () => {
    const world = told('active', { origin: { kind: 'cli' } });
    const request = world.requests.now('r1');
    world.requests.put({ ...request, requester: { ...request.requester, slackId: '' } });
    await updateStatusMessages('r1', world);
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual([world.approvalChannel]);
  });

  it('is not posted a second time because Slack was down for the first edit', async () => {
    const world = told('active', { messages: [STORY] });
    world.chat.update = async () => {
      throw new Error('ratelimited');
    };
    await expect(updateStatusMessages('r1', world)).rejects.toThrow('ratelimited');
    expect(world.chat.posts).toEqual([]);
  });

  it('is not retried for a deleted copy, and the other copies are still edited', async () => {
    const world = told('ended', { messages: [STORY, APPROVAL] });
    const update = world.chat.update;
    world.chat.update = async (channel, ...rest) => (channel === 'C0ALERTS' ? gone() : update(channel, ...rest));
    await updateStatusMessages('r1', world);
    expect(world.chat.edits.map(({ channel }) => channel)).toEqual(['C0ACCESS']);
  });

  it('is not edited because people were mailed meanwhile, which it does not show', async () => {
    const world = told('pending');
    const shown = world.requests.now('r1');
    world.requests.put({ ...shown, messages: [APPROVAL], events: [...shown.events, happen('mailed', NOON)] });
    await updateStatusMessages('r1', world, shown);
    expect(world.chat.edits).toEqual([]);
    world.requests.put({ ...world.requests.now('r1'), events: [...shown.events, happen('claimed', NOON)] });
    await updateStatusMessages('r1', world, { ...shown, messages: [STORY] });
    expect(world.chat.edits.map(({ channel }) => channel)).toContain('C0ACCESS');
  });

  it('is tried in every copy before the failure of one is reported, so that one closed channel does not stop the rest', async () => {
    const world = told('ended', { messages: [STORY, APPROVAL] });
    const update = world.chat.update;
    world.chat.update = async (channel, ...rest) => {
      if (channel === 'C0ALERTS') throw new Error('ratelimited');
      return update(channel, ...rest);
    };
    await expect(updateStatusMessages('r1', world)).rejects.toThrow('ratelimited');
    expect(world.chat.edits).toHaveLength(1);
  });

  it('is a RequestNotFoundError when there is no such request', async () => {
    await expect(updateStatusMessages('r9', createWorld())).rejects.toMatchObject({ name: 'RequestNotFoundError' });
  });
});

describe('warning of the end', () => {
  it('is said once in the thread, however often it is run', async () => {
    const world = told('active', { messages: [STORY] });
    await warnOfEnd('r1', undefined, world);
    await warnOfEnd('r1', undefined, world);
    expect(world.chat.posts).toMatchObject([{ channel: 'C0ALERTS', message: 'warning: active' }]);
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'warned')).toHaveLength(1);
    // The status message is edited; the warning that was just posted is not.
    expect(world.chat.edits).toEqual([{ channel: 'C0ALERTS', ts: '7.7', message: 'story: active' }]);
  });

  it('is said although the answers of the table are lost, and is in the history once', async () => {
    const world = told('active', { messages: [STORY] });
    const change = world.requests.change.bind(world.requests);
    // What the SDK does when an answer is lost: the same write again.
    world.requests.change = async (...args) => {
      await change(...args);
      return change(...args);
    };
    await warnOfEnd('r1', undefined, world);
    expect(world.chat.posts).toMatchObject([{ message: 'warning: active' }]);
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'warned')).toHaveLength(1);
  });

  it('is said by the next run when Slack was away, and the history does not say it twice', async () => {
    const world = told('active', { messages: [STORY] });
    const post = world.chat.post;
    world.chat.post = () => Promise.reject(new Error('internal_error'));
    await expect(warnOfEnd('r1', undefined, world)).rejects.toThrow('internal_error');
    world.chat.post = post;
    await warnOfEnd('r1', undefined, world);
    expect(world.chat.posts).toMatchObject([{ message: 'warning: active' }]);
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'warned')).toHaveLength(1);
  });

  it.each(statesExcept('active'))('is not said about a request that is %s', async (state) => {
    const world = told(state, { messages: [STORY] });
    await warnOfEnd('r1', undefined, world);
    expect(world.chat.posts).toEqual([]);
  });
});

describe('telling of a removal that keeps failing', () => {
  const ending = [...aRequest('active').events, enter('ending', NOON)];
  const retried = (note: string) => happen('removal-retried', NOON, { note });

  it('edits the status message when there is news, and leaves it alone while there is none', async () => {
    const world = told('ending', { messages: [STORY], events: ending });
    const tell = async (...events: ReturnType<typeof happen>[]) => {
      const request = world.requests.now('r1');
      world.requests.put({ ...request, events: [...request.events, ...events] });
      await updateStatusOnNews('r1', world);
      await updateStatusOnNews('r1', world);
      return world.chat.edits.length;
    };
    expect(await tell()).toBe(1);
    expect(await tell(retried('busy'))).toBe(2);
    expect(await tell(retried('busy (attempt 12)'))).toBe(2);
    expect(await tell(retried('quota exceeded (attempt 13)'))).toBe(3);
  });

  it('tries again after a failure, because nothing says that it was told', async () => {
    const world = told('ending', { messages: [STORY], events: ending });
    const update = world.chat.update;
    world.chat.update = () => Promise.reject(new Error('ratelimited'));
    await expect(updateStatusOnNews('r1', world)).rejects.toThrow('ratelimited');
    world.chat.update = update;
    await updateStatusOnNews('r1', world);
    expect(world.chat.edits).toMatchObject([{ message: 'story: ending' }]);
  });
});

describe('notifying a requester who waited of the outcome', () => {
  /** A request that came to this state after it had waited in those. */
  function waited(state: RequestState, waiting: readonly RequestState[] = ['pending'], by = 'user-cleo'): TestWorld {
    const events = [
      ...aRequest('requested').events,
      ...waiting.map((each) => enter(each, NOON)),
      enter(state, NOON, { by }),
    ];
    return told(state, { events, messages: [STORY] });
  }
  const tell = async (world: TestWorld) => notifyOutcome(world.requests.now('r1'), world);

  it.each<RequestState>(['active', 'refused', 'denied', 'expired', 'cancelled', 'failed'])(
    'notifies the person once that it is %s, in the thread: an edit notifies nobody',
    async (state) => {
      const world = waited(state);
      await tell(world);
      await tell(world);
      expect(world.chat.posts).toEqual([
        { channel: 'C0ALERTS', message: `outcome: ${state}`, threadTs: '1767614400.000100', ts: 'ts-1' },
      ]);
    },
  );

  it('goes to the person directly when the request came from no channel', async () => {
    const world = waited('denied');
    world.requests.put({ ...world.requests.now('r1'), origin: { kind: 'home' }, messages: [] });
    await tell(world);
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual(['D-U0ANA']);
  });

  it('says both that a later start is approved and, when it comes, that access is there', async () => {
    const world = waited('scheduled');
    await tell(world);
    await world.requests.change('r1', { from: ['scheduled'], to: 'active', event: enter('active', NOON) });
    await tell(world);
    await tell(world);
    expect(world.chat.posts.map(({ message }) => message)).toEqual(['outcome: scheduled', 'outcome: active']);
  });

  it.each<[string, TestWorld]>([
    ['access that came at once: its status message is new, and notifies', waited('active', [])],
    ['a start that nobody had to approve: the person has just been told', waited('scheduled', [])],
    ['a request that the person cancelled themselves', waited('cancelled', ['pending'], 'user-ana')],
    ...statesExcept('active', 'scheduled', 'refused', 'denied', 'expired', 'cancelled', 'failed', 'joined').map(
      (state): [string, TestWorld] => [`what is ${state}`, waited(state)],
    ),
  ])('says nothing more about %s', async (_what, world) => {
    await tell(world);
    expect(world.chat.posts).toEqual([]);
  });

  it('is never edited afterwards', async () => {
    const world = waited('active');
    await tell(world);
    await updateStatusMessages('r1', world);
    expect(world.chat.edits.map(({ message }) => message)).toEqual(['story: active']);
  });
});

describe('telling the approvers', () => {
  const asked = {
    waitingPaths: [],
    slackIds: { 'user-cleo': 'U0CLEO', 'user-dan': 'U0DAN' },
    allows: '',
    usedBefore: { times: 0 },
  };

  it('reaches those outside the channel directly, and skips those Slack does not know', async () => {
    const world = told('active', { asked });
    await notifyApprovers(world.requests.now('r1'), ['user-cleo', 'user-dan', 'user-zoe'], world);
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual(['C0ACCESS', 'D-U0DAN']);
  });

  it('continues where it died, without posting anything twice', async () => {
    const world = told('active', { asked, messages: [APPROVAL] });
    await notifyApprovers(world.requests.now('r1'), ['user-dan'], world);
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual(['D-U0DAN']);
  });
});
