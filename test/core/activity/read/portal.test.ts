import { collectReport } from '../../../../core/activity/report/collect-report.ts';
import { sendReport } from '../../../../core/activity/report/editions/send-report.ts';
import { ActivityUnreadableError } from '../../../../core/model/errors.ts';
import {
  type Answer,
  fakeAdviser,
  fakeArchive,
  fakeHolds,
  fakeLooks,
  fakeMail,
  fakeReports,
  fakeRequests,
  fakeSource,
  fakeThread,
  named,
} from '../fakes.ts';
import { ACCOUNT, aRecord, endedRequest, IDENTITY_CENTER, PLAN_SETTINGS, READ_AT } from '../records.ts';

const ID = 'request-1';

/** What Identity Center records when Ana fetches credentials, unless changed. */
function fetched(change: Record<string, unknown> = {}, details: Record<string, unknown> = {}, userId = 'user-ana') {
  return {
    eventTime: '2026-01-05T09:05:00Z',
    eventSource: 'sso.amazonaws.com',
    eventName: 'GetRoleCredentials',
    eventID: `fetch-${JSON.stringify([change, details, userId])}`,
    userIdentity: { type: 'IdentityCenterUser', onBehalfOf: { userId, identityStoreArn: 'arn' } },
    requestParameters: null,
    serviceEventDetails: { role_name: 'AdministratorAccess', account_id: ACCOUNT, ...details },
    ...change,
  };
}

/** Makes the report of an access, with the records of its account and of the account of Identity Center. */
async function report(options: { readonly portal: Answer; readonly account?: Answer }) {
  const services = {
    requests: fakeRequests(endedRequest()),
    reports: fakeReports(),
    looks: fakeLooks(),
    holds: fakeHolds(),
    sha256: () => 'sha',
    source: fakeSource((query) =>
      query.accountId === IDENTITY_CENTER.accountId
        ? options.portal(query)
        : (options.account ?? (() => ({ records: [] })))(query),
    ),
    mail: fakeMail(),
    thread: fakeThread(),
    archive: fakeArchive(),
    adviser: fakeAdviser(),
    settings: PLAN_SETTINGS,
    now: () => READ_AT,
  };
  for (let round = 0; round < 100; round += 1) {
    const answer = await collectReport(ID, services).catch(() => undefined);
    if (answer?.next === 'done') break;
  }
  await sendReport(ID, undefined, services);
  const [mail] = services.mail.sent;
  const asked = services.source.queries.filter(({ accountId }) => accountId === IDENTITY_CENTER.accountId);
  return { subject: mail?.subject ?? '', text: mail?.text ?? '', thread: services.thread.replies.flat(), asked };
}

const portalOf =
  (...records: readonly Record<string, unknown>[]): Answer =>
  ({ by, from, until }) => ({
    records: records
      .filter(({ eventName }) => 'eventName' in by && eventName === by.eventName)
      .filter(({ eventTime }) => String(eventTime) >= from && String(eventTime) <= until)
      .map((record) => JSON.stringify(record)),
  });

const unreadable: Answer = () => new ActivityUnreadableError('The role could not be assumed (AccessDenied).');

describe('whether credentials were fetched', () => {
  test('a person who fetched credentials and hid their calls is never said to have done nothing', async () => {
    const { subject, text, thread } = await report({ portal: portalOf(fetched()) });
    const said = 'redentials were fetched at 2026-01-05 09:05:00 UTC, no calls found';
    expect([subject, text, thread.join(' ')]).toEqual(
      [said, said, said].map((words) => expect.stringContaining(words)),
    );
    for (const words of [subject, text, thread.join(' ')])
      expect(words).not.toMatch(/nothing was done|did not sign in/i);
  });

  test('is reported even if the account itself could not be read', async () => {
    const { subject, thread } = await report({ portal: portalOf(fetched()), account: unreadable });
    expect(subject).toContain('credentials were fetched at 2026-01-05 09:05:00 UTC, activity could not be read');
    expect(thread[0]).toMatch(/^Credentials were fetched at/);
  });

  test('counts sign-ins to the console as well, and says how many times', async () => {
    const { text } = await report({
      portal: portalOf(fetched({ eventName: 'Federate', eventTime: '2026-01-05T09:40:00Z' }), fetched()),
    });
    expect(text).toContain(
      'Credentials were fetched at 2026-01-05 09:05:00 UTC (2 times, last at 2026-01-05 09:40:00 UTC).',
    );
  });

  test.each([
    ['by somebody else', fetched({}, {}, 'user-ben')],
    ['for another account', fetched({}, { account_id: '234567890123' })],
    ['for another account and an unknown role', fetched({}, { account_id: '234567890123', role_name: undefined })],
    ['for another permission set', fetched({}, { role_name: 'AdministratorAccess2' })],
    ['before the grant', fetched({ eventTime: '2026-01-05T08:59:59Z' })],
    ['after the end', fetched({ eventTime: '2026-01-05T10:02:00Z' })],
    ['without success', fetched({ errorCode: 'ForbiddenException' })],
  ])('does not count credentials fetched %s', async (_, record) => {
    const { subject, text } = await report({ portal: portalOf(record) });
    expect(subject).toMatch(/: nothing was done$/);
    expect(text).toContain('No credentials were fetched there for this account and permission set.');
  });

  test.each([
    ['no reader role', unreadable, 'The role could not be assumed (AccessDenied).'],
    ['throttled for good', () => named('ThrottlingException'), 'Looking was given up after 10 errors in a row'],
    [
      'a fetch by the person without an account',
      portalOf(fetched({}, { account_id: undefined })),
      '1 record of Identity Center could not be understood.',
    ],
    [
      'a fetch by the person without details',
      portalOf(fetched({ serviceEventDetails: null })),
      '1 record of Identity Center could not be understood.',
    ],
    [
      'records that cannot be parsed',
      () => ({ records: ['{'] }),
      '2 records of Identity Center could not be understood.',
    ],
  ] as [string, Answer, string][])(
    'if it cannot be known (%s), the report says so and claims nothing',
    async (_, portal, why) => {
      const { subject, text } = await report({ portal });
      expect(subject).toContain('no calls found, but not everything was seen');
      expect(text).toContain(why);
      expect(text).not.toContain('did not sign in');
      expect(text).not.toContain('No credentials were fetched');
    },
  );

  test('is not looked up if the calls show it', async () => {
    const { asked } = await report({
      portal: unreadable,
      account: ({ by, region }) => ({ records: 'userName' in by && region === 'eu-west-1' ? [aRecord()] : [] }),
    });
    expect(asked).toEqual([]);
  });

  test('is looked up in the account and Region of Identity Center, from the grant to the end', async () => {
    const { asked } = await report({ portal: portalOf() });
    expect(asked.map(({ region, by, from, until }) => [region, by, from, until])).toEqual(
      ['GetRoleCredentials', 'Federate'].map((eventName) => [
        'eu-west-1',
        { eventName },
        '2026-01-05T09:00:00Z',
        '2026-01-05T10:01:09Z',
      ]),
    );
  });
});
