import { createOperatorMailer } from '../../../../core/access/notify/mail-operators.ts';
import { MailRefusedError } from '../../../../core/access/notify/mail-people.ts';

const MAIL = { subject: 'Drift', html: '', text: '' };

/** @param failing what sending to an address throws */
function office(failing: Readonly<Record<string, Error>> = {}) {
  const user = (name: string, enabled = true, email = `${name}@example.com`) => ({
    id: name,
    userName: name,
    displayName: name,
    email,
    enabled,
  });
  const users = [user('olga'), user('otto'), user('left', false), user('nameless', true, '')];
  const groups: Readonly<Record<string, readonly string[]>> = {
    sre: ['olga', 'left', 'nameless', 'gone'],
    platform: ['otto', 'olga'],
  };
  const sent: string[] = [];
  const unreachable: string[] = [];
  const mailer = createOperatorMailer({
    groups: ['sre', 'deleted', 'platform'],
    directory: {
      user: async (id) => users.find((one) => one.id === id),
      memberIdsOf: async (id) => groups[id],
    },
    async send(to) {
      const failure = failing[to];
      if (failure !== undefined) throw failure;
      sent.push(to);
    },
    onUnreachable: (id) => void unreachable.push(id),
  });
  return { mailer, sent, unreachable };
}

describe('operators whom no Slack reaches', () => {
  it('get one mail each, even if they are in several groups; disabled users and those without an address get none', async () => {
    const { mailer, sent, unreachable } = office();
    expect(await mailer.tell(MAIL)).toBe(2);
    expect([sent, unreachable]).toEqual([['olga@example.com', 'otto@example.com'], ['nameless']]);
  });

  it('are mailed even if the mail to one of them fails; the sender gets an error only if nobody was reached', async () => {
    const down = new Error('SES is down');
    const one = office({ 'olga@example.com': down });
    expect([await one.mailer.tell(MAIL), one.sent]).toEqual([1, ['otto@example.com']]);
    await expect(office({ 'olga@example.com': down, 'otto@example.com': down }).mailer.tell(MAIL)).rejects.toBe(down);
    const refused = office({ 'olga@example.com': new MailRefusedError('no'), 'otto@example.com': down });
    await expect(refused.mailer.tell(MAIL)).rejects.toBe(down);
    expect(refused.unreachable).toContain('olga');
  });
});
