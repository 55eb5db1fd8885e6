import { ADMIN, allow, deny, type Fields, MANAGEMENT, PROD_EU, READ, STAGING } from '../world.ts';
import type { DecisionCase } from './case.ts';

const granted = (it: string, fields: Fields, ask: DecisionCase['ask'] = {}): DecisionCase => ({
  it,
  policies: [allow(fields)],
  ask,
  outcome: 'granted',
  path: 'allow',
});
const refused = (it: string, fields: Fields, ask: DecisionCase['ask'] = {}, refusal = 'not-allowed'): DecisionCase => ({
  it,
  policies: [allow(fields)],
  ask,
  outcome: 'refused',
  refusal,
});

const nights = { days: ['fri'], from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' };
const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', timeZone: 'Europe/Berlin' };

/** Rule 1: policies match on who, target and hours. */
export const MATCHING: readonly DecisionCase[] = [
  {
    it: 'nobody gets anything where nothing is written down',
    policies: [],
    outcome: 'refused',
    refusal: 'not-allowed',
  },
  granted('everyone means everyone', {}),
  granted('a user is meant by id', { who: ['user:ana'] }),
  granted('a user name means its user in whatever case', { who: ['user:ANA'] }),
  granted('an e-mail means its user in whatever case', { who: ['user:ana@EXAMPLE.com'] }),
  refused('a user id in another case is another id', { who: ['user:TWIN-1'] }, { user: 'twin-1' }),
  refused('another user is not meant', { who: ['user:ben'] }),
  granted('a group is meant by id', { who: ['group:g-sre'] }),
  granted('a group is meant by name', { who: ['group:SRE'] }),
  refused('a group the person is not in gives nothing', { who: ['group:Developers'] }),
  refused('a group name in another case is another group', { who: ['group:sre'] }),
  refused('a deleted group gives nobody anything', { who: ['group:Gone'] }),
  granted('a deleted group in a list does not spoil the others', { who: ['group:Gone', 'user:gone', 'group:SRE'] }),
  refused('a name that two people have means neither of them', { who: ['user:twin@example.com'] }, { user: 'twin-1' }),
  refused(
    'a name that two people have means neither, also for the second',
    { who: ['user:twin@example.com'] },
    { user: 'twin-2' },
  ),
  granted(
    'a person whose name is shared is still meant by id',
    { who: ['user:twin@example.com', 'user:twin-1'] },
    { user: 'twin-1' },
  ),
  {
    it: 'a deny by a name that two people have binds both',
    policies: [allow(), deny({ who: ['user:twin@example.com'] })],
    ask: { user: 'twin-2' },
    outcome: 'refused',
    refusal: 'denied-by-policy',
  },
  refused('another account is not meant', { accounts: [STAGING] }),
  granted('an account id without quotes is read all the same', { accounts: [123456789012] }),
  granted('the star means every account', { accounts: ['*'] }, { account: MANAGEMENT }),
  granted('a unit covers its accounts', { accounts: ['ou:ou-prod'] }),
  granted('a unit covers accounts in units below it', { accounts: ['ou:ou-prod'] }, { account: PROD_EU }),
  granted('the root covers everything', { accounts: ['ou:r-root'] }, { account: STAGING }),
  granted('ou-direct covers the accounts in the unit itself', { accounts: ['ou-direct:ou-prod'] }),
  refused('ou-direct leaves out units below', { accounts: ['ou-direct:ou-prod'] }, { account: PROD_EU }),
  refused('another unit is not meant', { accounts: ['ou:ou-test'] }),
  refused('a deleted unit covers nothing', { accounts: ['ou:ou-gone'] }),
  granted('a deleted unit does not spoil the others', { accounts: ['ou:ou-gone', 'ou:ou-prod'] }),
  granted('a tag covers the accounts that carry it', { accounts: ['tag:env=prod'] }),
  refused('the same tag with another value is not meant', { accounts: ['tag:env=staging'] }),
  refused('a tag that is named like a property of JavaScript objects is not meant', {
    accounts: ['tag:constructor=x'],
  }),
  refused('a tag value in another case is another value', { accounts: ['tag:env=Prod'] }),
  granted('a permission set is meant by ARN', { permissionSets: [ADMIN] }),
  granted('the star means every permission set', { permissionSets: ['*'] }, { set: READ }),
  granted('one name instead of a list of one is read', { permissionSets: 'AdministratorAccess' }),
  refused('another permission set is not meant', { permissionSets: ['ReadOnlyAccess'] }),
  refused('a permission set name in another case is another one', { permissionSets: ['administratoraccess'] }),
  {
    ...granted(
      'a group may be joined by a policy that names its name',
      { accounts: undefined, permissionSets: undefined },
      { group: 'g-oncall' },
    ),
    policies: [{ name: 'allow', effect: 'allow', who: ['everyone'], groups: ['OnCall'] }],
  },
  {
    ...granted('a group may be joined by a policy that names its id', {}, { group: 'g-oncall' }),
    policies: [{ name: 'allow', effect: 'allow', who: ['everyone'], groups: ['g-oncall'] }],
  },
  {
    ...refused('a policy about one group says nothing about another', {}, { group: 'g-leads' }),
    policies: [{ name: 'allow', effect: 'allow', who: ['everyone'], groups: ['OnCall'] }],
  },
  refused(
    'a policy about accounts lets nobody join a group',
    { accounts: ['*'], permissionSets: ['*'] },
    { group: 'g-oncall' },
  ),
  {
    ...refused('a policy about groups opens no account', {}),
    policies: [{ name: 'allow', effect: 'allow', who: ['everyone'], groups: ['*'] }],
  },
  granted('in its hours a policy allows', { hours: office }),
  {
    ...refused(
      'before its hours a policy does not allow, and says when it will',
      { hours: office },
      { at: '2026-01-05T06:59:00Z' },
      'outside-hours',
    ),
    nearest: 'from Mon 2026-01-05 08:00 Europe/Berlin',
  },
  granted('hours begin on the minute', { hours: office }, { at: '2026-01-05T07:00:00Z' }),
  {
    ...refused(
      'hours end on the minute, and open the next day',
      { hours: office },
      { at: '2026-01-05T17:00:00Z' },
      'outside-hours',
    ),
    nearest: 'from Tue 2026-01-06 08:00 Europe/Berlin',
  },
  {
    ...refused(
      'on Friday evening the next opening is Monday',
      { hours: office },
      { at: '2026-01-09T20:00:00Z' },
      'outside-hours',
    ),
    nearest: 'from Mon 2026-01-12 08:00 Europe/Berlin',
  },
  granted('summer time moves the hours with the clock on the wall', { hours: office }, { at: '2026-07-06T06:00:00Z' }),
  refused(
    'the same instant by winter time is still night',
    { hours: office },
    { at: '2026-01-05T06:00:00Z' },
    'outside-hours',
  ),
  granted('a window over midnight is open before midnight', { hours: nights }, { at: '2026-01-09T22:30:00Z' }),
  granted(
    'a window over midnight is open after midnight, on the next day',
    { hours: nights },
    { at: '2026-01-10T04:30:00Z' },
  ),
  refused(
    'a window over midnight is closed in the night before its day',
    { hours: nights },
    { at: '2026-01-09T04:30:00Z' },
    'outside-hours',
  ),
  {
    it: 'a deny applies in its hours only: before a change freeze there is access',
    policies: [allow(), deny({ hours: { days: ['fri'], from: '12:00', to: '24:00', timeZone: 'UTC' } })],
    ask: { at: '2026-01-09T11:59:00Z' },
    outcome: 'granted',
  },
  {
    it: 'a deny applies in its hours: in a change freeze there is no access',
    policies: [allow(), deny({ hours: { days: ['fri'], from: '12:00', to: '24:00', timeZone: 'UTC' } })],
    ask: { at: '2026-01-09T12:00:00Z' },
    outcome: 'refused',
    refusal: 'denied-by-policy',
  },
  { ...refused('a request whose time cannot be read is refused', {}, { at: 'yesterday' }, 'outside-hours') },
];
