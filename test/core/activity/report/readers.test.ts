import { deliver } from '../../../../core/activity/report/compose.ts';
import { readersOf } from '../../../../core/activity/report/readers.ts';
import type { Vote } from '../../../../core/model/request.ts';
import { aRequest, NOON } from '../../access/requests.ts';
import { createWorld } from '../../access/services.ts';

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
    expect(await readersOf(request, world)).toEqual(['cleo@example.com', 'dan@example.com']);
  });

  it('is nobody who is disabled or unknown', async () => {
    const world = createWorld();
    const user = world.directory.user;
    world.directory.user = async (id) => {
      const found = await user(id);
      return found && { ...found, enabled: id !== 'user-cleo' };
    };
    const request = aRequest('ended', { votes: [vote('user-cleo'), vote('user-gone'), vote('user-dan')] });
    expect(await readersOf(request, world)).toEqual(['dan@example.com']);
  });

  it('holds up no mail where the directory does not answer', async () => {
    const sent: unknown[] = [];
    const mail = { subject: 's', html: 'h', text: 't' };
    const services = {
      mail: {
        to: [],
        send: async (each: unknown) => {
          sent.push(each);
          return [];
        },
      },
      reports: { note: async () => undefined },
      thread: { reply: async () => undefined },
      now: () => new Date(NOON),
    };
    const deliverTo = (readersOf: () => Promise<readonly string[]>) =>
      deliver(aRequest('ended'), {} as Parameters<typeof deliver>[1], { mail } as Parameters<typeof deliver>[2], {
        ...services,
        readersOf,
      });
    await deliverTo(async () => ['cleo@example.com']);
    await deliverTo(() => Promise.reject(new Error('away')));
    expect(sent).toEqual([{ ...mail, also: ['cleo@example.com'] }, mail]);
  });
});
