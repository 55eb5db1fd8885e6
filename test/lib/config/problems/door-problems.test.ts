import { defineConfig } from '../../../../lib/config/config.ts';
import { settingsFrom } from '../../../../lib/config/settings-from-config.ts';
import { BASE } from '../../../stack/synthesized.ts';

test('a configuration without Slack needs the API or the console, and settings that only Slack uses are refused', () => {
  const { slack: _slack, ...without } = BASE;
  expect(settingsFrom(defineConfig({ ...without, api: {} }))).not.toHaveProperty('slack');
  expect(() => defineConfig({ ...without, api: undefined })).toThrow(/slack: nobody could ask for anything/);
  const useless = {
    identity: { emailDomains: ['example.com'] },
    reservedConcurrency: { accessRequested: 5 },
    customDomain: {
      name: 'glasshammer.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
    },
  };
  expect(() => defineConfig({ ...without, api: {}, ...useless })).toThrow(
    /identity\.emailDomains: is about Slack users[\s\S]*reservedConcurrency\.accessRequested: is for the function[\s\S]*customDomain: .*console\.domain/,
  );
});

test.each(['groups', 'retired'] as const)(
  'a group that people are put into for a time cannot be the group of operators (%s)',
  (where) => {
    const oncall = { name: 'on-call', id: 'c81e7a7c-1001-70c3-1111-222233334444' };
    const given = where === 'groups' ? { groups: [oncall] } : { retired: { groups: [oncall] } };
    const configured = (operator: string) =>
      defineConfig({ ...BASE, ...given, personas: { auditors: [oncall.id], operators: [operator] } });
    expect(() => configured(oncall.id)).toThrow(/personas\.operators.*people are put into for a time/);
    expect(() => configured('d92f8b8d-1001-70c3-1111-222233334444')).not.toThrow();
  },
);

test('personas are refused without the API or the console, where alone they have an effect', () => {
  const personas = { operators: ['c81e7a7c-1001-70c3-1111-222233334444'] };
  expect(() => defineConfig({ ...BASE, personas })).not.toThrow();
  expect(() => defineConfig({ ...BASE, api: undefined, personas })).toThrow(/personas: .*write api or console/);
});
