import { FUNCTION_NAMES } from '../../../lambdas/shared/environment-names.ts';
import { Driver } from '../support/driver.ts';

/** Most scenarios run the functions from their source; the bundles are what is deployed. */
describe('the bundle of each function', () => {
  const drivers: Driver[] = [];
  beforeAll(async () => {
    drivers.push(await Driver.start({}, { bundled: true }), await Driver.start());
  });
  afterAll(() => Promise.all(drivers.map((driver) => driver.stop())));

  /** The answer to an event, or the name of the error: a minified bundle has the same. */
  async function outcome(driver: Driver, name: string, event: unknown): Promise<unknown> {
    try {
      return { answer: await driver.running.current().host.invoke(name, event) };
    } catch (error) {
      return { failed: (error as Error).name };
    }
  }

  it.each(FUNCTION_NAMES.map((name) => ({ name })))(
    '$name answers an event that means nothing to it as its source does',
    async ({ name }) => {
      const event = { Records: [], requestId: 'req-00000000000000000000000000000000' };
      const [bundled, source] = await Promise.all(drivers.map((driver) => outcome(driver, name, event)));
      expect(bundled).toEqual(source);
      // These errors mean that the bundle cannot be loaded or does not exist.
      for (const name of ['SyntaxError', 'ReferenceError', 'Error']) expect(bundled).not.toEqual({ failed: name });
    },
  );
});
