import { ConsolePeople, choose, go, PHONE, toTop, WIDE } from './support/console-people.ts';
import { appears, disappears } from './support/wait.ts';

const PRODUCTION = '123456789012';
const STAGING = '234567890123';
const SANDBOX = '345678901234';

const allows = (name: string, accounts: readonly string[], permissionSet: string) => ({
  id: { S: `policy#${name}` },
  effect: { S: 'allow' },
  who: { L: [{ S: 'user:user-ben' }] },
  accounts: { L: accounts.map((account) => ({ S: account })) },
  permissionSets: { L: [{ S: permissionSet }] },
  maxDuration: { S: '4h' },
  approval: { M: { approvers: { L: [{ S: 'group:Leads' }] }, count: { N: '1' } } },
});

interface Asked {
  readonly target: { readonly accountId?: string };
  readonly ask?: { readonly id: string; readonly size: number };
}

describe('asking for several accounts at once in the web console', () => {
  let people: ConsolePeople;
  let sandbox: ConsolePeople['sandbox'];

  beforeAll(async () => {
    people = await ConsolePeople.start('asking');
    sandbox = people.sandbox;
    const records = [
      allows('read-both', [PRODUCTION, STAGING], 'ReadOnlyAccess'),
      allows('other', [SANDBOX], 'PowerUserAccess'),
    ];
    await fetch(`${sandbox.url}/sandbox/access-records`, { method: 'POST', body: JSON.stringify(records) });
    const outside = {
      principalId: 'user-ben',
      accountId: STAGING,
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read',
    };
    await fetch(`${sandbox.url}/sandbox/assignments`, { method: 'POST', body: JSON.stringify(outside) });
  });
  afterEach(() => people.leave());
  afterAll(() => people.stop());

  async function requests(): Promise<readonly Asked[]> {
    const state = await fetch(`${sandbox.url}/sandbox/state`);
    return ((await state.json()) as { readonly requests: readonly Asked[] }).requests;
  }

  it('shows the decision for each, asks for each once although one answer is lost, and lets an approver decide them together', async () => {
    const ben = await people.as('user-ben', PHONE);
    await go(ben, '/request');
    await choose(ben, 'account', 'Production');
    await choose(ben, 'permission-set', 'ReadOnlyAccess');
    const more = ben.getByTestId('more-accounts');
    await more.locator('button').first().click();
    await ben.getByRole('option', { name: 'Staging' }).click();
    await ben.getByRole('option', { name: 'Sandbox' }).click();
    // The account that is already chosen is not offered again.
    expect(await ben.getByRole('option', { name: /^Production \d/ }).count()).toBe(0);
    await ben.keyboard.press('Escape');
    await ben.getByTestId('reason').locator('textarea').fill('Compare both');

    const decisionOf = (account: string) => ben.getByTestId(`decision-${account}`);
    await appears(decisionOf(PRODUCTION).getByText('One approval is needed'));
    await appears(decisionOf(STAGING).getByText('One approval is needed'));
    // An assignment made outside of Glasshammer is shown beside its account.
    const outside = 'You have this already outside of Glasshammer, assigned directly';
    await appears(decisionOf(STAGING).getByText(outside));
    expect(await decisionOf(PRODUCTION).getByText(outside).count()).toBe(0);
    await appears(decisionOf(SANDBOX).getByText('This is not allowed'));
    const ask = ben.getByTestId('ask');
    expect(await ask.textContent()).toContain('Ask in 3 accounts');
    expect(await ask.isDisabled()).toBe(true);
    await people.lookAt(ben, 'phone-several', { fullPage: true });
    await ben.setViewportSize(WIDE);
    await people.lookAt(ben, 'several', { fullPage: true });
    await ben.getByTestId(`leave-out-${SANDBOX}`).click();
    await disappears(decisionOf(SANDBOX));

    // The answer to the second request is lost.
    const keys: (string | undefined)[] = [];
    await ben.route('**/requests', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length !== 2) return route.continue();
      await route.fetch();
      return route.fulfill({ status: 504, contentType: 'text/html', body: '<html></html>' });
    });
    await ask.click();
    const results = ben.getByTestId('ask-all');
    await appears(results.getByText('It failed. Try again in a moment.'));
    await appears(results.getByText('Waits for approval'));
    await ben.setViewportSize(PHONE);
    await people.lookAt(ben, 'phone-several-asked');
    await ben.getByTestId('ask-again').click();
    await appears(ben.getByText('All of it is asked for'));
    await appears(ben.getByRole('link', { name: 'ReadOnlyAccess in Staging', exact: true }).first());
    expect([keys.length, keys[1] === keys[2], keys[0] === keys[1]]).toEqual([3, true, false]);

    const asked = await requests();
    expect(asked.map(({ target }) => target.accountId).sort()).toEqual([PRODUCTION, STAGING]);
    expect(asked.map(({ ask: of }) => of)).toEqual([asked[0]?.ask, { id: asked[0]?.ask?.id, size: 2 }]);
    const cleo = await people.as('user-cleo', WIDE);
    await go(cleo, '/approvals');
    await appears(cleo.getByText('ReadOnlyAccess in 2 accounts'), { timeout: 20_000 });
    await appears(cleo.getByTestId('approve-all'));
  });

  it('shows an approver what the requester asked for before, and an auditor the audit record and the workflow execution', async () => {
    const cleo = await people.as('user-cleo', PHONE);
    await go(cleo, '/approvals');
    const before = cleo.getByTestId('requester-history').first();
    await appears(before.getByText(/Ben Bauer asked for 1 thing since/));
    await before.getByRole('button').click();
    await appears(before.getByText('ReadOnlyAccess in'));
    await appears(before.getByText('Waits for approval'));
    await people.lookAt(cleo, 'phone-history');
    await cleo.setViewportSize(WIDE);
    await people.lookAt(cleo, 'history');

    const ben = await people.as('user-ben', WIDE);
    await go(ben, '/');
    await ben.getByRole('link', { name: 'ReadOnlyAccess in Production', exact: true }).first().click();
    await appears(ben.getByText('What happened'));
    expect(await ben.getByTestId('audit-record').count()).toBe(0);
    const address = new URL(ben.url()).hash.slice(1);
    const dan = await people.as('user-dan', PHONE, 'dark');
    await go(dan, address);
    await dan.getByTestId('audit-record').getByRole('button').first().click();
    const run = dan.getByTestId('execution');
    await appears(run);
    const id = address.split('/').at(-1);
    expect(await run.getAttribute('href')).toMatch(
      new RegExp(
        `^https://eu-central-1\\.console\\.aws\\.amazon\\.com/states/home\\?region=eu-central-1#/v2/executions/details/arn:aws:states:.*:${id}$`,
      ),
    );
    await dan.getByTestId('audit-record').getByRole('button', { name: 'requested' }).click();
    await appears(dan.getByText(`-${id}.0000.jsonl`));
    await toTop(dan.getByTestId('audit-record'));
    await people.lookAt(dan, 'phone-record');
    await dan.setViewportSize(WIDE);
    await people.lookAt(dan, 'record');
  });

  it('keeps only the failed account in the form, so that the next press does not ask for the others again', async () => {
    const before = (await requests()).length;
    const ben = await people.as('user-ben', WIDE);
    await go(ben, `/request?accountId=${SANDBOX}&accountName=Sandbox&permissionSet=PowerUserAccess`);
    await ben.getByTestId('more-accounts').locator('button').first().click();
    await ben.getByRole('option', { name: 'Staging' }).click();
    await ben.keyboard.press('Escape');
    await ben.getByTestId('reason').locator('textarea').fill('Move the cluster');
    const ask = ben.getByTestId('ask');
    await appears(ben.getByTestId(`decision-${SANDBOX}`).getByText('One approval is needed'));
    await appears(ben.getByTestId(`decision-${STAGING}`).getByText('You get it without asking anybody'));
    await ben.unroute('**/requests');
    await ben.route('**/requests', async (route) => {
      const isStaging = route.request().postData()?.includes(STAGING) === true;
      return isStaging ? route.fulfill({ status: 429, body: '' }) : route.continue();
    });
    await ask.click();
    await appears(ben.getByTestId('ask-all').getByText('That was too fast'));
    await ben.getByRole('button', { name: 'Close' }).last().click();
    await appears(ben.getByTestId('account').getByText('Staging'));
    await ben.unroute('**/requests');
    await appears(ben.getByTestId('decision').getByText('You get it without asking anybody'));
    expect(await ask.textContent()).toBe('Get access');
    await ask.click();
    await disappears(ask);
    await people.pass('PT30S');
    await appears(ben.getByTestId('countdown').first(), { timeout: 20_000 });
    const asked = (await requests()).slice(before);
    expect(asked.map(({ target }) => target.accountId)).toEqual([SANDBOX, STAGING]);
  });
});
