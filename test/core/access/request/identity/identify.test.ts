import type { ChatUser } from '../../../../../core/access/ports.ts';
import { type Caller, identifyPerson } from '../../../../../core/access/request/identity/identify.ts';
import { aChatUser, caller, createWorld, type TestWorld } from '../../services.ts';

/** Who Ana turns out to be, or the refusal, with the world as `change` leaves it. */
async function identify(change: (world: TestWorld) => void, who: Caller = caller('ana')) {
  const world = createWorld();
  change(world);
  return identifyPerson(who, world);
}

const slackSaysAna = (fields: Partial<ChatUser>) => (world: TestWorld) => {
  world.chat.users = [aChatUser('U0ANA', fields)];
};
const recordSays = (ssoPrincipal: unknown) => (world: TestWorld) => {
  world.policyStore.write({ id: 'principal#U0ANA', ssoPrincipal });
};
const withoutRecord = (world: TestWorld) => world.policyStore.erase('principal#U0ANA');
const away = async (): Promise<never> => {
  throw new Error('the service is away');
};

describe('finding out who is asking', () => {
  it('takes the person the principal record names, with their groups, and not the one the e-mail would match', async () => {
    const found = await identify((world) => {
      world.policyStore.write({ id: 'principal#U0ANA', ssoPrincipal: 'user-dan' });
    });
    expect(found).toMatchObject({ identified: true, person: { principalId: 'user-dan', groupIds: ['group-leads'] } });
    expect(found).toMatchObject({ person: { slackId: 'U0ANA', userName: 'dan@example.com' } });
  });

  it('finds a person without a record by the confirmed e-mail of a configured domain, in whatever case', async () => {
    const shouted = (world: TestWorld) => {
      withoutRecord(world);
      world.emailDomains = ['Example.COM'];
    };
    expect(await identify(shouted)).toMatchObject({ identified: true, person: { principalId: 'user-ana' } });
  });

  const ON_THE_GRID = { teamId: 'T0HOME', teamIds: ['T0HOME', 'T0SISTER'], enterpriseId: 'E0CORP' };
  it.each([
    ['a press in a sister workspace', ON_THE_GRID, ['T0HOME'], { teamId: 'T0HOME', userTeamId: 'T0SISTER' }],
    [
      'a home workspace that is another one of the grid',
      { ...ON_THE_GRID, teamId: 'T0SISTER' },
      ['T0HOME'],
      { teamId: 'T0HOME' },
    ],
    [
      'the enterprise in config',
      ON_THE_GRID,
      ['E0CORP'],
      { teamId: 'T0SISTER', enterpriseId: 'E0CORP', userTeamId: 'T0HOME' },
    ],
    ['a call that names the enterprise only', ON_THE_GRID, ['E0CORP'], { teamId: 'E0CORP' }],
  ])('knows a member of an Enterprise Grid by any of their workspaces: %s', async (_how, user, teamIds, call) => {
    const world = createWorld();
    slackSaysAna(user)(world);
    const found = await identifyPerson({ slackId: 'U0ANA', ...call }, { ...world, teamIds });
    expect(found).toMatchObject({ identified: true });
  });

  it.each([
    ['another company in a shared channel', { teamId: 'T0OTHER', enterpriseId: 'E0OTHER', teamIds: ['T0OTHER'] }, {}],
    ['a press from another company', ON_THE_GRID, { userTeamId: 'T0OTHER' }],
    ['a stranger, wherever they say they are', { ...ON_THE_GRID, isStranger: true }, {}],
  ])('still refuses %s', async (_who, user, call) => {
    const world = createWorld();
    slackSaysAna(user)(world);
    const found = await identifyPerson(
      { slackId: 'U0ANA', teamId: 'T0HOME', enterpriseId: 'E0CORP', ...call },
      { ...world, teamIds: ['T0HOME', 'E0CORP'] },
    );
    expect(found).toMatchObject({ identified: false, refusal: { reason: 'slack-connect-user' } });
  });

  it.each<[string, string, (world: TestWorld) => void]>([
    ['a bot', 'bot', slackSaysAna({ isBot: true })],
    ['a deleted account', 'deactivated-user', slackSaysAna({ isDeleted: true })],
    ['a guest', 'guest', slackSaysAna({ isGuest: true })],
    ['a Slack Connect user', 'slack-connect-user', slackSaysAna({ isStranger: true })],
    ['a user of another company in a shared channel', 'slack-connect-user', slackSaysAna({ teamId: 'T0OTHER' })],
    ['somebody Slack does not know', 'slack-user-unreadable', (world) => (world.chat.users = [])],
    [
      'somebody with no record and no match',
      'unknown-user',
      (world) => {
        withoutRecord(world);
        world.directory.users = [];
      },
    ],
    [
      'an unconfirmed e-mail, which anybody can type',
      'unknown-user',
      (world) => {
        withoutRecord(world);
        slackSaysAna({ emailConfirmed: false })(world);
      },
    ],
    [
      'an e-mail of a domain that is not configured',
      'unknown-user',
      (world) => {
        withoutRecord(world);
        world.emailDomains = ['ample.com'];
      },
    ],
    [
      'a profile without an e-mail',
      'unknown-user',
      (world) => {
        withoutRecord(world);
        slackSaysAna({ email: '' })(world);
      },
    ],
    [
      'a profile whose e-mail is only the domain',
      'unknown-user',
      (world) => {
        withoutRecord(world);
        slackSaysAna({ email: 'example.com' })(world);
      },
    ],
    [
      'two Identity Center users with one e-mail',
      'ambiguous-identity',
      (world) => {
        withoutRecord(world);
        world.directory.userIdsByEmail = async () => ['user-ana', 'user-ben'];
      },
    ],
    ['a record without a principal', 'malformed-principal-record', recordSays(undefined)],
    ['a record with a space typed after the id', 'malformed-principal-record', recordSays('user-ana ')],
    ['a record that holds a list', 'malformed-principal-record', recordSays(['user-ana'])],
    ['a record of a user who is gone', 'principal-not-found', recordSays('user-zoe')],
    ['a disabled user', 'principal-disabled', (world) => world.directory.change('user-ana', { enabled: false })],
  ])('refuses %s', async (_who, reason, change) => {
    expect(await identify(change)).toMatchObject({ identified: false, refusal: { reason } });
  });

  it('does not fall back to the e-mail when the record is malformed: a typing error must not choose a person', async () => {
    const found = await identify(recordSays('user ana'));
    expect(found).toMatchObject({ identified: false, refusal: { reason: 'malformed-principal-record' } });
  });

  it.each([
    ['a call from another workspace', { slackId: 'U0ANA', teamId: 'T0OTHER' }, 'other-workspace'],
    [
      'a user of another workspace in a call from ours',
      { slackId: 'U0ANA', teamId: 'T0HOME', userTeamId: 'T0OTHER' },
      'slack-connect-user',
    ],
  ])('refuses, by the call alone, %s', async (_what, who, reason) => {
    expect(await identify(() => {}, who)).toMatchObject({ identified: false, refusal: { reason } });
  });

  it('treats an empty home team in the call as unknown, not as foreign', async () => {
    expect(await identify(() => {}, { ...caller('ana'), userTeamId: '' })).toMatchObject({ identified: true });
  });

  it('looks nothing up for a call from another workspace', async () => {
    const asked: string[] = [];
    await identify(
      (world) => {
        world.chat.user = async (id) => {
          asked.push(id);
          return undefined;
        };
      },
      { slackId: 'U0ANA', teamId: 'T0OTHER' },
    );
    expect(asked).toEqual([]);
  });

  it.each<[string, string, (world: TestWorld) => void]>([
    ['Slack', 'slack-user-unreadable', (world) => (world.chat.user = away)],
    ['the access table', 'policy-unreadable', (world) => (world.policyStore.principal = away)],
    ['the look-up of the user', 'directory-unreadable', (world) => (world.directory.user = away)],
    ['the look-up of the groups', 'directory-unreadable', (world) => (world.directory.groupIdsOf = away)],
    [
      'the search by e-mail',
      'directory-unreadable',
      (world) => {
        withoutRecord(world);
        world.directory.userIdsByEmail = away;
      },
    ],
  ])('identifies nobody while %s is away, and says what could not be read', async (_service, reason, change) => {
    expect(await identify(change)).toMatchObject({ identified: false, refusal: { reason } });
  });

  it('keeps what it learned of a refused person for the audit, and their principal only once it is sure', async () => {
    const found = await identify((world) => world.directory.change('user-ana', { enabled: false }));
    expect(found).toMatchObject({ requester: { slackId: 'U0ANA', principalId: 'user-ana', email: 'ana@example.com' } });
    expect(await identify(slackSaysAna({ isGuest: true }))).toMatchObject({
      requester: { slackId: 'U0ANA', principalId: '', displayName: 'ana' },
    });
  });
});
