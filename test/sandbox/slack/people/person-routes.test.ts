import { handlePersonRoute } from '../../../../sandbox/slack/people/person-routes.ts';
import { lastPayload, start, type UnderTest } from '../workspace-under-test.ts';

let world: UnderTest;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

const post = (name: string, body: unknown) => handlePersonRoute(world.slack, 'POST', `/sandbox/slack/${name}`, body);

describe('what a page may have a person do', () => {
  it('posts the example alert and presses its button', async () => {
    const { status, json } = await post('alert', { kind: 'legacy' });
    expect(status).toBe(200);
    const { channel, ts } = json as { channel: string; ts: string };
    const press = await post('press', { user: 'U0ANA', channel, ts, name: 'break_glass' });
    expect(press).toEqual({ status: 200, json: { ok: true, delivered: true, status: 200 } });
    expect(lastPayload(world).callback_id).toBe('deployment_123456789012_abc');
  });

  it('posts alerts for another target when one is named', async () => {
    const target = { accountId: '234567890123', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-power' };
    await post('alert', { kind: 'blocks', ...target });
    expect(JSON.stringify(world.slack.snapshot().messages[0]?.blocks)).toContain('234567890123');
  });

  it('says that the app failed without failing itself', async () => {
    world.app = () => ({ status: 500 });
    const answer = await post('command', { user: 'U0ANA', command: '/access' });
    expect(answer).toMatchObject({ status: 200, json: { ok: false, status: 500 } });
  });

  it.each([
    ['alert', { kind: 'email' }, 'kind'],
    ['press', { user: 'U0ANA', channel: 'C0ALERTS', ts: '1.2' }, 'needs actionId or name'],
    ['press', { user: 'U0ANA', actionId: 'x' }, 'needs channel and ts'],
    ['press', { user: 'U0ANA', channel: 'C0ALERTS', ts: '1.2', actionId: 'x', force: true }, 'force'],
    ['command', { user: 'U0ANA', command: 'access' }, 'must start with a slash'],
    ['submit', undefined, 'expected object'],
    ['home', { user: 7 }, 'user'],
  ])('refuses a wrong call of %s with a sentence: %j', async (name, body, sentence) => {
    const { status, json } = await post(name, body);
    expect(status).toBe(400);
    expect((json as { error: string }).error).toContain(sentence);
    expect(world.delivered).toEqual([]);
  });

  it('answers 404 for what is not on the screen and for routes that do not exist', async () => {
    expect(await post('close', { user: 'U0ANA' })).toEqual({ status: 404, json: { error: 'U0ANA has no form open.' } });
    expect((await post('toString', {})).status).toBe(404);
    expect((await handlePersonRoute(world.slack, 'GET', '/sandbox/slack/press', {})).status).toBe(405);
  });

  it('passes on what Slack refuses of an alert', async () => {
    const answer = await post('alert', { kind: 'legacy', channel: 'C0OTHERS' });
    expect(answer).toEqual({ status: 400, json: { error: 'Slack refuses: not_in_channel' } });
  });
});
