import { configFile, namedConfig } from '../../../lib/config/config-file.ts';

const only =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

test('glasshammer.config.local.ts takes precedence over the example, so that an upgrade needs no merge', () => {
  expect(configFile('/app', undefined, only('/app/glasshammer.config.local.ts'))).toBe(
    '/app/glasshammer.config.local.ts',
  );
  expect(configFile('/app', undefined, only())).toBe('/app/glasshammer.config.ts');
});

test('-c config= takes precedence over both, and a mistyped path fails and does not deploy the example', () => {
  expect(namedConfig('{"config":"../ours/production.ts","@aws-cdk/core:x":true}')).toBe('../ours/production.ts');
  expect(namedConfig('{}')).toBeUndefined();
  expect(namedConfig(undefined)).toBeUndefined();
  expect(configFile('/app', '../ours/production.ts', only('/ours/production.ts'))).toBe('/ours/production.ts');
  expect(() => configFile('/app', 'prodution.ts', only())).toThrow(/there is no configuration prodution\.ts/);
});
