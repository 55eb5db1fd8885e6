import type { Proposal } from '../../../../core/policy/changing/proposal.ts';
import { proposalMail, tellProposals } from '../../../../core/policy/changing/tell-proposals.ts';

const PROPOSAL: Proposal = {
  id: 'change-1',
  principalId: 'user-ana',
  userName: 'ana@example.com',
  at: '2026-01-05T09:00:00.000Z',
  expiresAt: '2026-01-12T09:00:00.000Z',
  text: 'everything that is to be',
  base: '',
  note: 'for Eva\r\nBcc: x',
  state: 'proposed',
};

/** @param failing ids of the proposals whose announcement fails */
function desk(failing: Set<string> = new Set()) {
  const told = new Set<string>();
  const said: string[] = [];
  const failed: string[] = [];
  return {
    told,
    said,
    failed,
    failing,
    run: () =>
      tellProposals({
        proposals: { open: async () => ['change-1', 'change-2'].map((id) => ({ ...PROPOSAL, id })) },
        told: { has: async (id) => told.has(id), note: async (id) => void told.add(id) },
        tell: async ({ id }) => {
          if (failing.has(id)) throw new Error('Slack is down');
          said.push(id);
        },
        onFailure: (_error, id) => void failed.push(id),
        now: () => new Date(PROPOSAL.at),
      }),
  };
}

describe('operators', () => {
  it('are told of each waiting proposal once', async () => {
    const { run, said } = desk();
    expect([await run(), await run(), said]).toEqual([2, 0, ['change-1', 'change-2']]);
  });

  it('are told later of a proposal that could not be announced, and of the others at once', async () => {
    const { run, said, failed, failing } = desk(new Set(['change-1']));
    expect([await run(), said, failed]).toEqual([1, ['change-2'], ['change-1']]);
    failing.clear();
    expect([await run(), said]).toEqual([1, ['change-2', 'change-1']]);
  });

  it('get a mail that says who proposes and why and links to the page, but does not show the change', () => {
    const mail = proposalMail(PROPOSAL, { consoleUrl: 'https://access.example.com/console' });
    expect(mail).toMatchObject({
      subject: 'ana@example.com proposes a change of the policies',
      action: { href: 'https://access.example.com/console/#/policies' },
    });
    expect(mail.said[0]).toBe('“for Eva Bcc: x”');
    expect(JSON.stringify(mail)).not.toContain('everything that is to be');
    expect(proposalMail(PROPOSAL, {}).action).toMatchObject({ command: 'glasshammer policy proposal change-1' });
  });
});
