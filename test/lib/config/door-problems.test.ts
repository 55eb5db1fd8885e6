import { defineConfig } from '../../../lib/config/config.ts';
import { settingsFrom } from '../../../lib/config/settings-from-config.ts';
import { BASE } from '../../stack/synthesized.ts';

test('a company without Slack has another door, and nothing set that only Slack has a use for', () => {
  const { slack: _slack, ...without } = BASE;
  expect(settingsFrom(defineConfig({ ...without, api: {} }))).not.toHaveProperty('slack');
  expect(() => defineConfig({ ...without, api: undefined })).toThrow(/slack: nobody could ask for anything/);
  const useless = { identity: { emailDomains: ['example.com'] }, reservedConcurrency: { accessRequested: 5 } };
  expect(() => defineConfig({ ...without, api: {}, ...useless })).toThrow(
    /identity\.emailDomains: is about Slack users[\s\S]*reservedConcurrency\.accessRequested: is for the function/,
  );
});
