import { NOON } from '../lambdas/api/calling.ts';
import { listenToStdout } from '../lambdas/stdout.ts';
import { terminal } from './terminal.ts';

listenToStdout();

test('an auditor finds a refused request at a terminal, as a line, as JSON and as CSV; other callers are refused', async () => {
  const at = terminal();
  expect((await at.run('ben', 'request prod glass 9h "much too long"')).code).toBe(4);
  const { id } = at.only();
  const found = await at.run('uma', 'find --user ben@example.com --state refused --text TOO');
  expect([found.code, found.out]).toEqual([0, expect.stringContaining(`${id}\tben@example.com\tBreakGlassAdmin`)]);
  expect(JSON.parse((await at.run('uma', 'find --json')).out)).toMatchObject({ id, state: 'refused' });
  expect((await at.run('uma', 'find --break-glass')).out).toBe('no such request\n');
  const table = await at.run('uma', 'find --csv');
  expect(table.out).toMatch(new RegExp(`^id,state,.*\\n${id},refused,`.replace('.*', '.*\\r')));
  expect(await at.run('ben', 'find')).toMatchObject({
    code: 4,
    out: '',
    err: expect.stringContaining('Only auditors'),
  });
  expect(await at.run('ben', 'find --csv')).toMatchObject({ code: 4, out: '' });
  expect(await at.run('uma', 'find --state open')).toMatchObject({ code: 1, err: expect.stringContaining('Correct') });
});

test('find --csv over several pages prints the column names once', async () => {
  const at = terminal();
  await at.run('ben', 'request prod glass 9h "much too long"');
  const one = at.only();
  for (let n = 0; n < 250; n++) at.world.requests.put({ ...one, id: `req-${String(n).padStart(30, '0')}` });
  const lines = (await at.run('uma', 'find --csv')).out.trimEnd().split('\r\n');
  expect([lines.length, lines.filter((line) => line.startsWith('id,')).length]).toEqual([252, 1]);
  expect((await at.run('uma', 'find')).out.trimEnd().split('\n')).toHaveLength(251);
});

test('an operator without rights on the tables freezes, thaws, locks, unlocks and revokes; an auditor is refused', async () => {
  const at = terminal();
  expect((await at.run('olga', 'operate freeze --reason "a drill"')).out).toBe('frozen: no new access is given\n');
  expect((await at.run('olga', 'operate freeze --reason "a drill"')).out).toContain('as before');
  expect((await at.run('ana', 'request prod glass 30m why')).err).toContain('stopped by an operator (a drill)');
  expect((await at.run('olga', 'operate thaw')).out).toContain('thawed');
  await at.run('ana', 'request prod glass 30m why');
  at.enterState('active');
  expect((await at.run('olga', 'operate revoke --user ana@example.com --reason over')).out).toContain(
    `ending\t${at.only().id}\tana@example.com`,
  );
  expect((await at.run('olga', 'operate lock --user ana@example.com --reason lost')).out).toContain('is locked');
  expect((await at.run('olga', 'operate unlock --user user-ana')).out).toContain('may ask again');
  expect(await at.run('uma', 'operate thaw')).toMatchObject({
    code: 4,
    err: expect.stringContaining('Only operators'),
  });
  expect((await at.run('olga', 'operate revoke --reason x')).err).toContain('exactly one');
});

test('break-glass access is listed for review, questioned and answered at a terminal', async () => {
  const at = terminal();
  await at.run('ben', 'request prod glass 1h "down"');
  const { id } = at.only();
  const review = { status: 'owed', approvers: ['user-cleo'] } as const;
  at.world.requests.put({ ...at.only(), state: 'reported', breakGlass: true, review });
  await at.services.reviews.owe(id, NOON);
  expect((await at.run('cleo', 'reviews')).out).toContain(id);
  expect((await at.run('dan', 'reviews')).out).toBe('no review waits for you\n');
  expect((await at.run('cleo', `review ${id} --question "why the key?"`)).code).toBe(0);
  expect(at.only().review).toMatchObject({ status: 'questioned', note: 'why the key?' });
  expect((await at.run('ben', `answer ${id} "for the migration"`)).code).toBe(0);
  expect((await at.run('cleo', `review ${id}`)).err).toContain('Nothing is left to review');
});
