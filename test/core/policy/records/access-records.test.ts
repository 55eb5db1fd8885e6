import type { AccessItem } from '../../../../core/model/access-item.ts';
import {
  parseAccessRecord,
  parsePrincipalRecord,
  recordIdsFor,
} from '../../../../core/policy/records/access-records.ts';
import { ADMIN, PROD } from '../world.ts';

const byName = `access#${PROD}#AdministratorAccess#${ADMIN}`;

test('everything a person may have been given is looked up by key, however large the table is', () => {
  expect(recordIdsFor({ accountId: PROD, permissionSetArn: ADMIN }, 'AdministratorAccess', 'ana', ['g-sre'])).toEqual([
    `access#${PROD}#${ADMIN}#ana`,
    `access#${PROD}#${ADMIN}#g-sre`,
    byName,
  ]);
  expect(recordIdsFor({ accountId: PROD, permissionSetArn: ADMIN }, '', 'ana', [])).toEqual([
    `access#${PROD}#${ADMIN}#ana`,
  ]);
  expect(recordIdsFor({ groupId: 'g-oncall' }, '', 'ana', ['g-sre'])).toEqual([]);
});

test('a record by name is read with its set, or with a list typed by hand', () => {
  for (const principals of [new Set(['ana', 'g-sre']), ['ana', 'g-sre']]) {
    expect(parseAccessRecord({ id: byName, principals, maxDuration: '2h' })).toMatchObject({
      permissionSetName: 'AdministratorAccess',
      principalIds: new Set(['ana', 'g-sre']),
      maxDurationSeconds: 7200,
    });
  }
});

test.each<[string, AccessItem, string]>([
  ['a space after the id', { id: `access#${PROD}#${ADMIN}#ana ` }, 'must be a user or group id'],
  ['a space before the account', { id: `access# ${PROD}#${ADMIN}#ana` }, 'must be a 12-digit account id'],
  ['a short account', { id: `access#12345#${ADMIN}#ana` }, 'must be a 12-digit account id'],
  [
    'the ARN of a policy',
    { id: `access#${PROD}#arn:aws:iam::aws:policy/AdministratorAccess#ana` },
    'must be the ARN of a permission set',
  ],
  ['a name without ARN', { id: `access#${PROD}#AdministratorAccess#ana` }, 'must be the ARN of a permission set'],
  ['a part too many', { id: `access#${PROD}#${ADMIN}#ana#ben` }, 'its id must be'],
  ['a part too few', { id: `access#${PROD}#${ADMIN}` }, 'its id must be'],
  ['an empty principal', { id: `access#${PROD}#${ADMIN}#` }, 'must be a user or group id'],
  [
    'principals where the id names one',
    { id: `access#${PROD}#${ADMIN}#ana`, principals: new Set(['ben']) },
    'principals has no meaning',
  ],
  ['principals that are one text', { id: byName, principals: 'ana' }, 'principals must be a set'],
  ['principals with a number', { id: byName, principals: ['ana', 7] }, 'principals must be a set'],
  ['principals with spaces', { id: byName, principals: new Set(['ana ', 'ben']) }, 'principals must be a set'],
  ['a length without unit', { id: byName, maxDuration: '4' }, 'maxDuration must be a duration with a unit'],
  ['a length as number', { id: byName, maxDuration: 4 }, 'maxDuration must be a duration with a unit'],
  ['a misspelt limit', { id: byName, maxDuraton: '1h' }, 'maxDuraton is not a field'],
])('a record with %s grants nobody and says what to fix', (_what, item, why) => {
  expect(parseAccessRecord(item)).toEqual({ id: item.id, malformed: expect.stringContaining(why) });
});

test('a principal record says who a Slack user is, whatever else is written beside it', () => {
  expect(parsePrincipalRecord({ id: 'principal#U0ANA', ssoPrincipal: 'user-ana', note: 'since May' })).toEqual({
    principalId: 'user-ana',
  });
});

test.each<[string, AccessItem]>([
  ['nothing', { id: 'principal#U0ANA' }],
  ['spaces around the user id', { id: 'principal#U0ANA', ssoPrincipal: ' user-ana' }],
  ['an empty user id', { id: 'principal#U0ANA', ssoPrincipal: '' }],
  ['an e-mail', { id: 'principal#U0ANA', ssoPrincipal: 'ana@example.com' }],
  ['two user ids', { id: 'principal#U0ANA', ssoPrincipal: ['user-ana', 'user-ben'] }],
  ['a spaced Slack id', { id: 'principal#U0ANA ', ssoPrincipal: 'user-ana' }],
])('a principal record with %s identifies nobody', (_what, item) => {
  expect(parsePrincipalRecord(item)).toHaveProperty('malformed');
});
