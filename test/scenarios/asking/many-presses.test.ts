import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';

const PEOPLE = Array.from({ length: 128 }, (_, n) => `P${String(n).padStart(3, '0')}`);

/** A company in which every person may break the glass, each by an access record of their own. */
function crowd(): Record<string, unknown> {
  const principal = (name: string) => `user-${name.toLowerCase()}`;
  const mail = (name: string) => `${name.toLowerCase()}@example.com`;
  return {
    users: [
      ...(DEFAULT_SEED.users ?? []),
      ...PEOPLE.map((name) => ({ id: principal(name), userName: mail(name), displayName: name, email: mail(name) })),
    ],
    slack: {
      users: [
        ...(DEFAULT_SEED.slack?.users ?? []),
        ...PEOPLE.map((name) => ({ id: `U0${name}`, name, real_name: name, email: mail(name), team_id: 'T0HOME' })),
      ],
    },
    accessRecords: [
      ...(DEFAULT_SEED.accessRecords ?? []),
      ...PEOPLE.map((name) => ({ id: { S: `principal#U0${name}` }, ssoPrincipal: { S: principal(name) } })),
      ...PEOPLE.map((name) => ({ id: { S: `access#${PRODUCTION}#${BREAK_GLASS}#${principal(name)}` } })),
    ],
  };
}

test('128 people press the button in the same second, and each of them gets a request that is not refused', async () => {
  const driver = await Driver.start(crowd());
  try {
    const answers = await Promise.all(PEOPLE.map((name) => driver.breakGlass(`U0${name}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { requests } = await driver.state();
    expect(requests.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
    const askedBy = requests.map(({ requester }) => requester.slackId).sort((a, b) => a.localeCompare(b));
    expect(askedBy).toEqual(PEOPLE.map((name) => `U0${name}`));
    expect(answers.filter(({ text }) => /could not|not allowed|unreadable/i.test(text))).toEqual([]);
  } finally {
    await driver.stop();
  }
});
