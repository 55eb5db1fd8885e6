import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConsolePeople, choose, go, PHONE, ROOT, toTop, WIDE } from './support/console-people.ts';
import { ASKS_LEADS, EMERGENCY } from './support/policies.ts';
import { appears, disappears } from './support/wait.ts';

describe('the web console', () => {
  let people: ConsolePeople;
  let sandbox: ConsolePeople['sandbox'];

  beforeAll(async () => {
    people = await ConsolePeople.start('console');
    sandbox = people.sandbox;
  });
  afterEach(() => people.leave());
  afterAll(() => people.stop());

  const as: ConsolePeople['as'] = (...who) => people.as(...who);
  const lookAt: ConsolePeople['lookAt'] = (...what) => people.lookAt(...what);

  it('takes a request from the ask on a desktop to the approval on a phone and to the end of the access', async () => {
    const ben = await as('user-ben', WIDE);
    await ben.getByTestId('new-request').first().click();
    await choose(ben, 'account', 'Production');
    await choose(ben, 'permission-set', 'ReadOnlyAccess');
    const decision = ben.getByTestId('decision');
    await ben.getByTestId('pin').click();
    await appears(decision.getByText('One approval is needed'));
    expect(await decision.textContent()).toContain('Cleo');
    await ben.getByTestId('reason').locator('textarea').fill('Orders are stuck since 10:40');
    await lookAt(ben, 'request');
    await ben.getByTestId('ask').click();
    await appears(ben.getByText('Waits for approval'));

    const cleo = await as('user-cleo', PHONE, 'dark');
    await appears(cleo.getByText('One request waits for you.'), { timeout: 10_000 });
    await go(cleo, '/approvals');
    await appears(cleo.getByTestId('approve'));
    await cleo.getByTestId('approve').click();
    await cleo.getByTestId('note').locator('textarea').fill('Tell me when it works again');
    await lookAt(cleo, 'phone-approve');
    await cleo.getByTestId('vote-ok').click();
    await appears(cleo.getByText('Nothing waits for you.'));
    // The workflow needs several steps with pauses for the grant.
    await people.pass('PT30S');
    await appears(ben.getByTestId('countdown').first(), { timeout: 20_000 });
    await appears(ben.getByText('Tell me when it works again'));
    await lookAt(ben, 'detail');
    await go(ben, '/');
    await appears(ben.getByTestId('countdown').first());
    await people.usePortal('user-ben', 'ps-read', 'ec2:DescribeInstances', 'ec2:TerminateInstances');
    // CloudTrail records arrive with a delay.
    await people.pass('PT10M');
    const portal = ben.getByRole('link', { name: /^Open in AWS: ReadOnlyAccess in Production/ });
    expect(await portal.getAttribute('href')).toMatch(/#\/console\?account_id=123456789012&role_name=ReadOnlyAccess$/);
    await lookAt(ben, 'home');
    await ben.getByRole('link', { name: 'ReadOnlyAccess in Production', exact: true }).first().click();
    await ben.getByTestId('so-far').click();
    await appears(ben.getByText('Reading what CloudTrail has'));
    await appears(ben.getByText('1 write, 1 read'), { timeout: 40_000 });
    await appears(ben.getByText('Deleting').first());
    await lookAt(ben, 'so-far');
    await ben.setViewportSize(PHONE);
    await toTop(ben.getByTestId('so-far'));
    await lookAt(ben, 'phone-so-far');
    await go(ben, '/');
    await appears(ben.getByTestId('countdown').first());
    await lookAt(ben, 'phone-access');
    await ben.getByTestId('end').first().click();
    await ben.getByTestId('confirm-end').click();
    await disappears(ben.getByTestId('confirm-end'));
    await people.pass('PT30S');
    await appears(ben.getByText('You have no access through Glasshammer now.'), { timeout: 20_000 });
    // A pinned target is offered again on the home page and in the form.
    await appears(ben.getByRole('link', { name: 'ReadOnlyAccess in Production', exact: true }));
    await go(ben, '/request');
    await ben.getByTestId('pinned').click();
    await appears(ben.getByTestId('permission-set').getByText('ReadOnlyAccess'));
    await ben.getByTestId('pin').click();
    await disappears(ben.getByTestId('pinned'));
  });

  it('shows requester and approver the report after the access has ended', async () => {
    const state = await fetch(`${sandbox.url}/sandbox/state`);
    const { requests } = (await state.json()) as { readonly requests: readonly { readonly id: string }[] };
    const id = requests.at(-1)?.id ?? '';
    const ben = await as('user-ben', WIDE);
    await go(ben, `/requests/${id}`);
    await appears(ben.getByText('The report is not out yet'), { timeout: 20_000 });
    await people.pass('PT2H');
    const report = ben.getByTestId('report');
    await appears(report.getByText('Final edition'), { timeout: 30_000 });
    await appears(report.getByText('ec2:TerminateInstances').first());
    await report.getByTestId('report-coverage').getByRole('button').click();
    await appears(report.getByText('Read to the end'));
    await report.getByTestId('report-calls').getByRole('button').click();
    await toTop(report);
    await lookAt(ben, 'report');
    const cleo = await as('user-cleo', PHONE, 'dark');
    await go(cleo, `/requests/${id}`);
    const told = cleo.getByTestId('report');
    await appears(told.getByText('Final edition'));
    await toTop(told);
    await lookAt(cleo, 'phone-report');
  });

  it('shows a refusal before the ask, and needs a confirmation for break-glass access, also by keyboard', async () => {
    await fetch(`${sandbox.url}/sandbox/access-records`, { method: 'POST', body: JSON.stringify([EMERGENCY]) });
    const ana = await as('user-ana', PHONE);
    await go(ana, '/request?accountId=234567890123&accountName=Staging&permissionSet=AdministratorAccess');
    await appears(ana.getByText('This breaks the glass'));
    await ana.getByTestId('reason').locator('textarea').fill('Checkout is down');
    const ask = ana.getByTestId('ask');
    expect(await ask.isDisabled()).toBe(true);
    await lookAt(ana, 'phone-break-glass');
    const sure = ana.getByTestId('break-glass').locator('input');
    await sure.focus();
    await ana.keyboard.press('Space');
    expect(await sure.isChecked()).toBe(true);
    // A confirmation for one hour does not count for 30 minutes.
    await choose(ana, 'duration', '30 minutes');
    await appears(sure);
    expect([await sure.isChecked(), await ask.isDisabled()]).toEqual([false, true]);
    await sure.focus();
    await ana.keyboard.press('Space');
    // The answer is lost: the second try has the same idempotency key.
    const keys: (string | undefined)[] = [];
    await ana.route('**/requests', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.fulfill({ status: 504, contentType: 'text/html', body: '<html></html>' });
    });
    await ask.focus();
    await ana.keyboard.press('Enter');
    await appears(ana.getByText('It failed. Try again in a moment.').first());
    await ask.focus();
    await ana.keyboard.press('Enter');
    await disappears(ask);
    await people.pass('PT30S');
    await appears(ana.getByTestId('countdown').first(), { timeout: 20_000 });
    expect(new Set(keys).size).toBe(1);
    await ana.unroute('**/requests');

    await go(ana, '/request?accountId=999999999999&accountName=Management&permissionSet=BreakGlassAdmin');
    await appears(ana.getByText('This is not allowed'));
    await ana.getByTestId('reason').locator('textarea').fill('Checkout is down');
    expect(await ask.isDisabled()).toBe(true);
    await go(ana, '/requests/req-that-is-not-there');
    await appears(ana.getByText('There is no such request, or it does not concern you.'));
  });

  it('lets an operator revoke access from the page of the request, and tells the requester by whom and why', async () => {
    const ben = await as('user-ben', PHONE);
    await go(ben, '/request?accountId=234567890123&accountName=Staging&permissionSet=PowerUserAccess');
    await ben.getByTestId('ask').click();
    await disappears(ben.getByTestId('ask'));
    await people.pass('PT30S');
    await appears(ben.getByTestId('countdown').first(), { timeout: 20_000 });
    const address = new URL(ben.url()).hash.slice(1);
    expect(await ben.getByTestId('revoke').count()).toBe(0);
    const dan = await as('user-dan', WIDE);
    await go(dan, address);
    await appears(dan.getByTestId('countdown').first());
    // Auditors can read the page but change nothing.
    expect(await dan.getByTestId('revoke').count()).toBe(0);
    const ana = await as('user-ana', PHONE);
    await go(ana, address);
    await ana.getByTestId('revoke').click();
    expect(await ana.getByTestId('say-ok').isDisabled()).toBe(true);
    await ana.getByTestId('say').locator('textarea').fill('The laptop was stolen');
    await lookAt(ana, 'phone-revoke');
    await ana.getByTestId('say-ok').click();
    await appears(ana.getByText('The access is being taken back.'));
    await people.pass('PT30S');
    await disappears(ana.getByTestId('revoke'));
    await appears(ben.getByText('ended by an operator: The laptop was stolen'), { timeout: 20_000 });
    await appears(ben.getByText('ana@example.com').first());
    await lookAt(ben, 'phone-revoked');
    await people.waitForSlack(/<@U0BEN>, `ana@example\.com` ended your access to [^"]*The laptop was stolen/);
  });

  it('lets an auditor find and export requests, lets an operator freeze, and shows other people neither', async () => {
    await fetch(`${sandbox.url}/sandbox/access-records`, { method: 'POST', body: JSON.stringify([EMERGENCY]) });
    await people.hasAsked('user-ben', {
      ...{ accountId: '123456789012', permissionSet: 'ReadOnlyAccess', duration: 'PT1H' },
      reason: 'Orders are stuck since 10:40',
    });
    await people.hasAsked('user-ana', {
      ...{
        accountId: '234567890123',
        permissionSet: 'AdministratorAccess',
        duration: 'PT30M',
        confirmBreakGlass: true,
      },
      reason: 'Checkout is down',
    });
    const assignment = {
      principalId: 'user-ben',
      accountId: '123456789012',
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin',
    };
    await fetch(`${sandbox.url}/sandbox/assignments`, { method: 'POST', body: JSON.stringify(assignment) });
    await people.pass('PT6M');
    const dan = await as('user-dan', PHONE, 'dark');
    await go(dan, '/audit?breakGlass=true');
    const rows = dan.getByRole('link', { name: 'AdministratorAccess in Staging' });
    await appears(rows.first());
    expect(await dan.getByRole('link', { name: 'ReadOnlyAccess in Production' }).count()).toBe(0);
    await lookAt(dan, 'phone-audit');
    const [download] = await Promise.all([dan.waitForEvent('download'), dan.getByTestId('export').click()]);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv.split('\r\n')[0]).toMatch(/^id,state,requestedAt/);
    expect(csv).toContain('Checkout is down');
    expect(csv).not.toContain('Orders are stuck');
    await dan.getByTestId('filter-account').locator('input').fill('12345678901');
    await appears(dan.getByText('Twelve digits'));
    await dan.getByTestId('filter-account').locator('input').fill('123456789012');
    await appears(dan.getByText('No request is like this.'));
    await go(dan, '/audit?account=123456789012');
    await appears(dan.getByRole('link', { name: 'ReadOnlyAccess in Production' }).first());
    expect(await rows.count()).toBe(0);
    await go(dan, '/system');
    await appears(dan.getByText('Access is given and taken back'));
    expect(await dan.getByTestId('freeze').count()).toBe(0);

    const ana = await as('user-ana', WIDE);
    await go(ana, '/audit');
    await ana.getByTestId('filter-text').locator('input').fill('stuck');
    await appears(ana.getByRole('link', { name: 'ReadOnlyAccess in Production' }).first());
    // The filter by day is part of the URL, and a saved view applies it again.
    const today = new Date(Date.now() + 6 * 60_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
    await ana.getByTestId('filter-from').locator('input').fill(today.replaceAll('-', '/'));
    await appears(ana.getByRole('link', { name: 'ReadOnlyAccess in Production' }).first());
    await ana.getByTestId('save-view').click();
    await ana.getByTestId('say').locator('input').fill('Stuck today');
    await ana.getByTestId('say-ok').click();
    await appears(ana.getByTestId('forget-view'));
    await lookAt(ana, 'audit');
    const address = new URL(ana.url()).hash;
    expect(decodeURIComponent(address)).toMatch(/^#\/audit\?text=stuck&from=\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
    const [narrowed] = await Promise.all([ana.waitForEvent('download'), ana.getByTestId('export').click()]);
    const narrowedCsv = readFileSync(await narrowed.path(), 'utf8');
    expect([narrowedCsv.includes('Orders are stuck'), narrowedCsv.includes('Checkout is down')]).toEqual([true, false]);
    await ana.getByTestId('filter-to').locator('input').fill('2026/01/01');
    await appears(ana.getByText('Not before the first day'));
    await ana.reload();
    await appears(ana.getByRole('button', { name: 'Stuck today' }));
    await ana.getByRole('button', { name: 'Everything' }).click();
    await appears(ana.getByRole('link', { name: 'AdministratorAccess in Staging' }).first());
    await ana.getByRole('button', { name: 'Stuck today' }).click();
    await disappears(ana.getByRole('link', { name: 'AdministratorAccess in Staging' }).first());
    await ana.getByTestId('forget-view').click();
    expect(await ana.getByRole('button', { name: 'Stuck today' }).count()).toBe(0);
    await go(ana, '/policies');
    for (const [field, value] of [
      ['Person', 'ben@example.com'],
      ['Account', '999999999999'],
      ['Permission set', 'AdministratorAccess'],
    ])
      await ana
        .getByTestId(`what-if-${field}`)
        .locator('input')
        .fill(value ?? '');
    await appears(ana.getByTestId('what-if').getByText('This is not allowed'));
    await lookAt(ana, 'policies');
    await ana.getByTestId('reach-person').locator('input').fill('ben@example.com');
    await ana.getByTestId('reach-look').click();
    const reach = ana.getByTestId('reach');
    await appears(reach.getByText('1 of').first());
    await appears(ana.getByTestId('reach-summary').getByText(/reaches something in \d of \d accounts/));
    await toTop(reach);
    await lookAt(ana, 'reach');
    await ana.setViewportSize(PHONE);
    await toTop(reach);
    await lookAt(ana, 'phone-reach');
    await go(ana, '/audit');
    await ana.getByTestId('alone').getByRole('button').first().click();
    await ana.getByTestId('alone-account').locator('input').fill('234567890123');
    await ana.getByTestId('alone-look').click();
    await appears(ana.getByTestId('alone').getByText('Breaks the glass').first());
    await lookAt(ana, 'phone-alone');
    await ana.setViewportSize(WIDE);
    await lookAt(ana, 'alone');
    await go(ana, '/drift');
    await appears(ana.getByText('AdministratorAccess in Production'));
    await lookAt(ana, 'drift');
    await go(ana, '/system');
    await ana.getByTestId('freeze').click();
    await ana.getByTestId('say').locator('textarea').fill('Somebody is in our accounts');
    // Another operator was faster: the open dialog to freeze must not turn into one to thaw.
    await ana.route('**/health', async (route) => {
      const health = await (await route.fetch()).json();
      await route.fulfill({
        json: { ...health, status: 'frozen', frozen: { by: 'x', at: health.sweptAt, reason: 'x' } },
      });
    });
    await appears(ana.getByText('Frozen: no access is given'));
    expect(await ana.getByTestId('say-ok').textContent()).toBe('Freeze');
    await ana.unroute('**/health');
    await ana.getByTestId('say-ok').click();
    await appears(ana.getByText('Frozen: no access is given'));
    await lookAt(ana, 'system');
    await ana.getByTestId('freeze').click();
    await ana.getByTestId('say').locator('textarea').fill('It was a drill');
    await ana.getByTestId('say-ok').click();
    await appears(ana.getByText('Access is given and taken back'));

    const ben = await as('user-ben', WIDE);
    await go(ben, '/audit');
    await appears(ben.getByText('Only auditors and operators see'));
    expect(await ben.getByRole('link', { name: 'Drift' }).count()).toBe(0);
  });

  it('shows the requests of one shared ask together, for one decision with a result for each', async () => {
    await fetch(`${sandbox.url}/sandbox/access-records`, { method: 'POST', body: JSON.stringify([ASKS_LEADS]) });
    for (const accountId of ['123456789012', '234567890123']) {
      const ask = {
        accountId,
        permissionSet: 'ReadOnlyAccess',
        duration: 'PT1H',
        reason: 'Compare both',
        ask: { id: 'both', size: 2 },
      };
      expect(await people.ask('user-ben', ask)).toBe('pending');
    }
    const cleo = await as('user-cleo', PHONE);
    await go(cleo, '/approvals');
    await appears(cleo.getByText('ReadOnlyAccess in 2 accounts'), { timeout: 20_000 });
    await lookAt(cleo, 'phone-together');
    await cleo.setViewportSize(WIDE);
    await lookAt(cleo, 'together');
    await cleo.getByTestId('approve-all').click();
    await cleo.getByTestId('vote-all-ok').click();
    await appears(cleo.getByTestId('vote-all').getByText('Approved').nth(1));
    await lookAt(cleo, 'together-done');
    // The list behind the dialog is read again meanwhile. The results stay until the approver closes them.
    await cleo.getByText('Nothing waits for you.').waitFor({ state: 'attached', timeout: 40_000 });
    await cleo.getByTestId('vote-all-ok').click();
    await disappears(cleo.getByTestId('vote-all'));
  });

  it('loads nothing from other hosts, violates no content security policy, and stores no token that other pages could read', async () => {
    const ben = await as('user-ben', WIDE);
    const elsewhere: string[] = [];
    ben.on('request', (request) => {
      if (!request.url().startsWith(sandbox.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await go(ben, '/approvals');
    await ben.reload();
    // After the reload and its sign-in, the person is on the same page.
    await appears(ben.getByText('Nothing waits for you.'));
    expect(elsewhere).toEqual([]);
    const kept = await ben.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(kept).not.toMatch(/eyJ|refresh/);
    await ben.getByRole('button', { name: 'Signed in as ben@example.com' }).click();
    await ben.getByRole('menuitem', { name: 'Sign out' }).click();
    await appears(ben.getByText('You are signed out of Glasshammer'));
    const portal = ben.getByRole('link', { name: 'Open the AWS access portal' });
    await appears(portal);
    expect(await portal.getAttribute('href')).toMatch(/^https:\/\/[\w-]+\.awsapps\.com\/start$/);
    await lookAt(ben, 'signed-out');
    // The signed-out page starts no sign-in by itself: the person starts it and is asked who they are.
    expect(new URL(ben.url()).pathname).toBe('/console/signed-out.html');
    await ben.getByRole('link', { name: 'Sign in again' }).click();
    await appears(ben.getByTestId('as-user-cleo'));
    expect(elsewhere).toEqual([]);
    // The browser logs the status of every refusal. Moving the clock makes tokens expire, which is a refusal, too.
    expect(people.complaints.filter((text) => !/status of (?:40[134]|504)/.test(text))).toEqual([]);
  });

  it('is smaller than 500 KB to download', () => {
    const folder = join(ROOT, 'dist/console');
    const files = ['index.html', ...readdirSync(join(folder, 'assets')).map((name) => join('assets', name))];
    const bytes = files.map((name) => gzipSync(readFileSync(join(folder, name))).byteLength);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(500 * 1024);
  });
});
