import { notifyApprovers } from '../../../../core/access/notify/notify-approvers.ts';
import { PlaceGoneError } from '../../../../core/model/errors.ts';
import { happen } from '../../../../core/model/events.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { FakeRequestStore } from '../fakes.ts';
import { aRequest, NOON } from '../requests.ts';
import { aMessage } from '../services.ts';

const ASKED = {
  waitingPaths: [],
  slackIds: { 'user-cleo': 'U0CLEO', 'user-dan': 'U0DAN', 'user-ida': 'U0IDA' },
  allows: '',
  usedBefore: { times: 0 },
};

/** Tells Cleo, who is in the channel, Dan and Ida, who are not, and Joe, whom Slack does not know. */
async function tell(
  failing: Readonly<Record<string, Error>> = {},
  { others = 0, ...overrides }: Partial<AccessRequest> & { readonly others?: number } = {},
) {
  const more = Array.from({ length: others }, (_, index) => `user-${index}`);
  const slackIds = { ...ASKED.slackIds, ...Object.fromEntries(more.map((id) => [id, `U0${id.toUpperCase()}`])) };
  const request = aRequest('pending', { asked: { ...ASKED, slackIds }, ...overrides });
  const requests = new FakeRequestStore();
  await requests.create(request);
  const told: string[] = [];
  let channelGone = 0;
  const work = async <T>(place: string, answer: T): Promise<T> => {
    if (failing[place] !== undefined) throw failing[place];
    return answer;
  };
  const { unreached, failure } = await notifyApprovers(
    request,
    ['user-cleo', 'user-dan', 'user-ida', 'user-joe', ...more],
    {
      requests,
      approvalChannel: 'C0ACCESS',
      onChannelGone: () => {
        channelGone++;
      },
      render: () => aMessage('the request'),
      chat: {
        post: async (channel) => {
          const sent = await work(channel, { channel, ts: '1.2' });
          told.push(channel);
          return sent;
        },
        directChannel: (slackId) => work(slackId, `D0${slackId.slice(2)}`),
        memberIds: () => work('members', ['U0CLEO']),
      },
    },
  );
  const kept = (await requests.get(request.id))?.messages.map(({ channel }) => channel);
  return { told, failure, unreached, kept, channelGone };
}

const gone = new PlaceGoneError('gone');
const away = new Error('away');

describe('approvers', () => {
  it('are told in their channel, and directly when they are not in it', async () => {
    expect(await tell()).toEqual({
      told: ['C0ACCESS', 'D0DAN', 'D0IDA'],
      failure: undefined,
      unreached: ['user-joe'],
      kept: ['C0ACCESS', 'D0DAN', 'D0IDA'],
      channelGone: 0,
    });
  });

  it('are told although one of them cannot be written to any more', async () => {
    expect(await tell({ U0DAN: gone })).toMatchObject({
      told: ['C0ACCESS', 'D0IDA'],
      failure: undefined,
      unreached: ['user-dan', 'user-joe'],
    });
  });

  it('are all told directly when their channel is gone', async () => {
    expect(await tell({ C0ACCESS: gone, members: gone })).toMatchObject({
      told: ['D0CLEO', 'D0DAN', 'D0IDA'],
      failure: undefined,
      channelGone: 1,
    });
  });

  it('are tried again when Slack failed, after everybody else was told', async () => {
    expect(await tell({ D0DAN: away })).toMatchObject({ told: ['C0ACCESS', 'D0IDA'], failure: away });
  });

  it('are messaged directly twenty at most, so that Slack does not throttle, and the same twenty on another run', async () => {
    const { told } = await tell({}, { others: 60 });
    expect(told).toHaveLength(21);
    expect(told[0]).toBe('C0ACCESS');
    const messages = told.map((channel) => ({ role: 'approval' as const, channel, ts: '1.2' }));
    expect((await tell({}, { others: 60, messages })).told).toEqual([]);
    const events = [happen('escalated', NOON)];
    expect((await tell({}, { others: 60, messages, events })).told).toHaveLength(20);
  });

  it('are not counted as told when nobody could be reached', async () => {
    const { told, failure, unreached } = await tell({
      C0ACCESS: gone,
      members: gone,
      U0CLEO: gone,
      U0DAN: gone,
      U0IDA: gone,
    });
    expect(told).toEqual([]);
    expect(failure).toBe(gone);
    expect(unreached).toEqual(['user-cleo', 'user-dan', 'user-ida', 'user-joe']);
  });
});
