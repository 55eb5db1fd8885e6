import { listenToStdout } from '../../stdout.ts';
import { createApi } from '../calling.ts';

listenToStdout();

const WHOAMI = 'GET /whoami';

describe('a signed call of whoami that is refused is recorded once an hour, like other calls', () => {
  it('by a caller who is not in the directory, under the name of the session', async () => {
    const { call, refused } = createApi();
    const answers = [await call(WHOAMI, { as: 'eve' }), await call(WHOAMI, { as: 'eve' })];
    expect(answers.map(({ statusCode, json }) => [statusCode, json.reason])).toEqual([
      [403, 'principal-not-found'],
      [403, 'principal-not-found'],
    ]);
    expect(new Set(refused.map(({ id }) => id)).size).toBe(1);
    expect(refused[0]).toMatchObject({
      id: expect.stringMatching(/^eve@example\.com#api:whoami#/),
      note: 'api:whoami: principal-not-found: eve@example.com',
    });
  });

  it('by a user whose e-mail address, but not whose user name, is the name of the session', async () => {
    const { call, world, refused } = createApi();
    world.directory.change('user-ana', { userName: 'ana-alvarez' });
    expect((await call(WHOAMI, { as: 'ana' })).json.reason).toBe('principal-not-found');
    expect(refused.map(({ note }) => note)).toEqual(['api:whoami: principal-not-found: ana@example.com']);
  });

  it('by a disabled user, who is not told their user id', async () => {
    const { call, world, refused } = createApi();
    world.directory.change('user-ana', { enabled: false });
    const answers = [await call(WHOAMI, { as: 'ana' }), await call(WHOAMI, { as: 'ana' })];
    expect(answers.map(({ statusCode, json }) => [statusCode, json.reason])).toEqual([
      [403, 'principal-disabled'],
      [403, 'principal-disabled'],
    ]);
    for (const { body } of answers) expect(body).not.toContain('user-ana');
    expect(new Set(refused.map(({ id }) => id)).size).toBe(1);
    expect(refused[0]?.note).toBe('api:whoami: principal-disabled: ana@example.com');
  });
});

it.each(['userIdsByEmail', 'user', 'groupIdsOf'] as const)(
  'a call of whoami is told to try again while the directory does not answer, %s',
  async (method) => {
    const { call, world } = createApi();
    Object.assign(world.directory, { [method]: () => Promise.reject(new Error('away')) });
    const { statusCode, json } = await call(WHOAMI, { as: 'ana' });
    expect([statusCode, json.reason]).toEqual([503, 'directory-unreadable']);
  },
);

it('a call of whoami without proof of who calls is not recorded', async () => {
  const { call, refused } = createApi();
  const { json } = await call(WHOAMI, { as: 'ana', identity: { principalOrgId: 'o-other' } });
  expect([json.reason, refused]).toEqual(['caller-unproven', []]);
});
