import { createPeopleFinder } from '../../../../core/access/approval/find-people.ts';
import { createWorld } from '../services.ts';

describe('finding people in Slack, to mention them', () => {
  it('goes by their principal record, and by e-mail where there is none', async () => {
    const world = createWorld();
    world.policyStore.erase('principal#U0DAN');
    world.policyStore.write({ id: 'principal#U0BOSS', ssoPrincipal: 'user-cleo' });
    world.policyStore.erase('principal#U0CLEO');
    const found = await createPeopleFinder(world).slackIdsOf(['user-cleo', 'user-dan', 'user-dan']);
    expect(found).toEqual({ 'user-cleo': 'U0BOSS', 'user-dan': 'U0DAN' });
  });

  it('leaves out people whom Slack or the directory does not know, or who cannot be looked up right now', async () => {
    const world = createWorld();
    for (const name of ['ANA', 'BEN', 'CLEO', 'DAN']) world.policyStore.erase(`principal#U0${name}`);
    world.directory.change('user-ana', { email: '' });
    world.chat.userIdByEmail = async (email) => {
      if (email === 'ben@example.com') throw new Error('ratelimited');
      return email === 'cleo@example.com' ? 'U0CLEO' : undefined;
    };
    const ids = ['user-ana', 'user-ben', 'user-cleo', 'user-dan', 'user-zoe'];
    expect(await createPeopleFinder(world).slackIdsOf(ids)).toEqual({ 'user-cleo': 'U0CLEO' });
  });

  it('skips a malformed record instead of mentioning the wrong person', async () => {
    const world = createWorld();
    world.policyStore.write({ id: 'principal#U0ANA', ssoPrincipal: 'user-ana ' });
    world.chat.users = [];
    expect(await createPeopleFinder(world).slackIdsOf(['user-ana'])).toEqual({});
  });
});
