import { spotTarget } from '../../../../../core/access/request/target/spot-target.ts';

const known = {
  accounts: [
    { id: '123456789012', name: 'Production' },
    { id: '210987654321', name: 'Production EU' },
    { id: '234567890123', name: 'QA' },
  ],
  permissionSets: [
    { name: 'ReadOnlyAccess', arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-read' },
    { name: 'Admin', arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin' },
  ],
};

test.each([
  ['an ARN', 'arn:aws:rds:eu-west-1:210987654321:db:orders is full', 'Production EU', undefined],
  ['an id as the console writes it', 'Account 1234-5678-9012 is on fire', 'Production', undefined],
  ['an id before a name', 'Production EU looks like 123456789012', 'Production', undefined],
  ['the longer of two names', 'CPU high in production eu.', 'Production EU', undefined],
  ['a permission set by name', 'needs readonlyaccess in Production', 'Production', 'ReadOnlyAccess'],
  ['digits of something else', 'order 9991234567890129 failed', undefined, undefined],
  ['part of a word', 'the administrator of preproductions', undefined, undefined],
  ['a name too short to mean anything', 'QA is on it', undefined, undefined],
])('the target is found by what the message says: %s', (_what, words, account, permissionSet) => {
  const spotted = spotTarget(words, known);
  expect([spotted.account?.name, spotted.permissionSet?.name]).toEqual([account, permissionSet]);
});
