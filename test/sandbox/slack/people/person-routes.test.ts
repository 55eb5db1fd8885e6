import { handlePersonRoute } from '../../../../sandbox/slack/people/person-routes.ts';
import { lastPayload, start, type UnderTest } from '../workspace-under-test.ts';

let world: UnderTest;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

const post = (name: string, body: unknown) => handlePersonRoute(world.slack, 'POST', `/sandbox/slack/${name}`, body);

describe('the routes with which the page acts for a person', () => {
  it('can post the example alert and press its button', async () => {
    const { status, json } = await post('alert', { kind: 'legacy' });
    expect(status).toBe(200);
    const { channel, ts } = json as { channel: string; ts: string };
    const press = await post('press', { user: 'U0ANA', channel, ts, name: 'break_glass' });
    expect(press).toEqual({ status: 200, json: { ok: true, delivered: true, status: 200 } });
    expect(lastPayload(world).callback_id).toBe('deployment_123456789012_abc');
  });

  it('can post an alert for another target', async () => {
    const target = { accountId: '234567890123', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-power' };
    await post('alert', { kind: 'blocks', ...target });
    expect(JSON.stringify(world.slack.snapshot().messages[0]?.blocks)).toContain('234567890123');
  });

  it('report a failure of the app with status 200', async () => {
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
  ])('refuse a malformed call of %s with a sentence: %j', async (name, body, sentence) => {
    const { status, json } = await post(name, body);
    expect(status).toBe(400);
    expect((json as { error: string }).error).toContain(sentence);
    expect(world.delivered).toEqual([]);
  });

  it('answer 404 for a missing form and for unknown routes', async () => {
    expect(await post('close', { user: 'U0ANA' })).toEqual({ status: 404, json: { error: 'U0ANA has no form open.' } });
    expect((await post('toString', {})).status).toBe(404);
    expect((await handlePersonRoute(world.slack, 'GET', '/sandbox/slack/press', {})).status).toBe(405);
  });

  it('pass on the error of Slack for an alert', async () => {
    const answer = await post('alert', { kind: 'legacy', channel: 'C0OTHERS' });
    expect(answer).toEqual({ status: 400, json: { error: 'Slack refuses: not_in_channel' } });
  });
});
