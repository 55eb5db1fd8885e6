import { identifyPerson } from '../../../../../core/access/request/identity/identify.ts';
import {
  type BrowserDoor,
  proveToken,
  type TokenClaims,
} from '../../../../../core/access/request/identity/prove-token.ts';
import { createWorld } from '../../services.ts';

const DOOR: BrowserDoor = { issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/pool', clientId: 'console' };
const NOW = new Date('2026-01-05T12:00:00Z');
const IN_A_MINUTE = String(NOW.getTime() / 1000 + 60);

/** Ana's token as API Gateway hands it on, each claim as text; with what an attacker changes. */
function claims(changed: TokenClaims = {}): TokenClaims {
  return {
    iss: DOOR.issuer,
    aud: DOOR.clientId,
    token_use: 'id',
    exp: IN_A_MINUTE,
    'cognito:username': 'IdentityCenter_ana@example.com',
    'custom:userId': 'user-ana',
    ...changed,
  };
}

it('takes the user of the token for its caller, in their own path and in a path without a user', () => {
  const caller = { principalId: 'user-ana', userName: 'ana@example.com' };
  expect(proveToken(claims(), 'user-ana', DOOR, NOW)).toEqual({ proven: true, caller });
  expect(proveToken(claims(), undefined, DOOR, NOW)).toEqual({ proven: true, caller });
});

it('accepts a user name in lower case, as a pool whose names are case-insensitive hands it on', () => {
  const proof = proveToken(claims({ 'cognito:username': 'identitycenter_ana@example.com' }), 'user-ana', DOOR, NOW);
  expect(proof).toEqual({ proven: true, caller: { principalId: 'user-ana', userName: 'ana@example.com' } });
});

describe('a token that proves nobody', () => {
  it.each<[string, TokenClaims]>([
    ['of another issuer', { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/other' }],
    ['of an issuer whose name only begins alike', { iss: `${DOOR.issuer}2` }],
    ['without an issuer', { iss: undefined }],
    ['for another program', { aud: 'another' }],
    ['for several programs', { aud: '[console another]' }],
    ['for no program, as an access token names none', { aud: undefined, client_id: DOOR.clientId }],
    ['that is an access token', { token_use: 'access' }],
    ['that does not say what it is for', { token_use: undefined }],
    ['that has expired', { exp: String(NOW.getTime() / 1000 - 1) }],
    ['that expires in this very second', { exp: String(NOW.getTime() / 1000) }],
    ['that never expires', { exp: undefined }],
    ['with an expiry that cannot be read', { exp: '1e99' }],
    ['of a user of the pool itself', { 'cognito:username': 'ana@example.com' }],
    ['of a user of another identity provider', { 'cognito:username': 'Google_ana@example.com' }],
    ['of an identity provider with a similar name', { 'cognito:username': 'IdentityCenter2_ana@example.com' }],
    ['with an empty user name', { 'cognito:username': 'IdentityCenter_' }],
    ['of a name with a line break', { 'cognito:username': 'IdentityCenter_ana@example.com\n' }],
    ['without a user id', { 'custom:userId': undefined }],
    ['with an empty user id', { 'custom:userId': '' }],
    ['with a user id that has ../ in it', { 'custom:userId': '../user-ana' }],
    ['with several user ids', { 'custom:userId': '[user-ana user-ben]' }],
    ['of another user than that of the path', { 'custom:userId': 'user-ben' }],
    ['without any claim', Object.fromEntries(Object.keys(claims()).map((name) => [name, undefined]))],
  ])('%s', (_how, changed) => {
    expect(proveToken(claims(changed), 'user-ana', DOOR, NOW)).toMatchObject({
      proven: false,
      refusal: { reason: 'caller-unproven' },
    });
  });

  it('if there is no sign-in for browsers', () => {
    expect(proveToken(claims(), 'user-ana', undefined, NOW)).toMatchObject({ proven: false });
  });

  it('in a path with an empty user id', () => {
    expect(proveToken(claims(), '', DOOR, NOW)).toMatchObject({ proven: false });
  });
});

it.each([
  ["with an id that is somebody else's, changed by hand", { 'custom:userId': 'user-ben' }, 'caller-unproven'],
  [
    "with a name that is now somebody else's",
    { 'cognito:username': 'IdentityCenter_ben@example.com' },
    'caller-unproven',
  ],
  ['of a user who does not exist', { 'custom:userId': 'user-nobody' }, 'principal-not-found'],
])('refuses a token whose id and name are not of one user in the directory: %s', async (_how, changed, reason) => {
  const proof = proveToken(claims(changed), undefined, DOOR, NOW);
  if (!proof.proven) throw new Error('by itself the token is good');
  expect(await identifyPerson(proof.caller, createWorld())).toMatchObject({ identified: false, refusal: { reason } });
});
