import { configFile, namedConfig } from '../../../lib/config/config-file.ts';

const only =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

test("one's own configuration outweighs the example, so that an upgrade is no merge", () => {
  expect(configFile('/app', undefined, only('/app/glasshammer.config.local.ts'))).toBe(
    '/app/glasshammer.config.local.ts',
  );
  expect(configFile('/app', undefined, only())).toBe('/app/glasshammer.config.ts');
});

test('-c config= outweighs both, and a slip in it is no deployment of the example', () => {
  expect(namedConfig('{"config":"../ours/production.ts","@aws-cdk/core:x":true}')).toBe('../ours/production.ts');
  expect(namedConfig('{}')).toBeUndefined();
  expect(namedConfig(undefined)).toBeUndefined();
  expect(configFile('/app', '../ours/production.ts', only('/ours/production.ts'))).toBe('/ours/production.ts');
  expect(() => configFile('/app', 'prodution.ts', only())).toThrow(/there is no configuration prodution\.ts/);
});
