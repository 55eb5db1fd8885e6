import type { Page } from 'playwright-core';
import { ConsolePeople, go, PHONE, WIDE } from './support/console-people.ts';
import { appears } from './support/wait.ts';

const ADDED = `- name: eva-reads-staging
  effect: allow
  who: [user:eva@example.com]
  accounts: ["234567890123"]
  permissionSets: [ReadOnlyAccess]
  maxDuration: 1h
`;

describe('policy changes in the console', () => {
  let people: ConsolePeople;

  beforeAll(async () => {
    people = await ConsolePeople.start('policies');
  });
  afterAll(() => people.stop());

  async function policiesAs(userId: string, viewport: typeof WIDE): Promise<Page> {
    const page = await people.as(userId, viewport);
    await go(page, '/policies');
    await appears(page.getByTestId('propose'));
    return page;
  }

  it('one operator proposes a change by keyboard, another accepts it on a phone, and it is in force', async () => {
    const ana = await policiesAs('user-ana', WIDE);
    await appears(ana.getByText('No change waits.'));
    await ana.getByTestId('propose').press('Enter');
    const text = ana.getByTestId('policies-text').locator('textarea');
    const before = await text.inputValue();
    expect(before).toContain('- name: ');
    expect(await ana.getByTestId('policies-propose').isDisabled()).toBe(true);

    await text.fill(`${before}${ADDED.replace('eva@', 'nobody@')}`);
    await ana.getByTestId('policies-look').press('Enter');
    await appears(ana.getByTestId('policies-check').getByText('there is no user nobody@example.com').first());
    expect(await ana.getByTestId('policies-propose').isDisabled()).toBe(true);

    await text.fill(`${before}${ADDED}`);
    await ana.getByTestId('policies-note').locator('input').fill('Eva looks at staging');
    await ana.getByTestId('policies-look').press('Enter');
    await appears(ana.getByText('1 person (eva@example.com) gains ReadOnlyAccess in Staging'));
    await people.lookAt(ana, 'propose', { fullPage: true });
    await ana.getByTestId('policies-propose').press('Enter');
    await ana.getByText('Proposed by ana@example.com').click();
    await appears(ana.getByText('Another operator has to accept it.', { exact: true }));
    expect(await ana.getByTestId('accept').count()).toBe(0);

    await go(ana, '/system');
    await appears(ana.getByTestId('waiting-changes').getByText('that you proposed waits for another operator'));

    const eva = await people.as('user-eva', PHONE);
    await go(eva, '/system');
    await appears(eva.getByTestId('waiting-changes').getByText('proposed by ana@example.com, waits for you'));
    await people.lookAt(eva, 'waiting-phone');
    await eva.getByTestId('waiting-changes').getByRole('link', { name: 'Look' }).click();
    await eva.getByText('Proposed by ana@example.com').click();
    await appears(eva.getByText('1 person (eva@example.com) gains ReadOnlyAccess in Staging'));
    await people.lookAt(eva, 'accept-phone', { fullPage: true });
    await eva.getByTestId('accept').click();
    await appears(eva.getByText('No change waits.'));
    await appears(eva.getByText('eva-reads-staging').first());
  }, 120_000);
});
