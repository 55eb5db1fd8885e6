import { FUNCTION_NAMES } from '../../../lambdas/shared/environment-names.ts';
import { Driver } from '../support/driver.ts';

/** Most scenarios run the functions from their source; what is deployed are the bundles. */
describe('the bundle of each function', () => {
  const drivers: Driver[] = [];
  beforeAll(async () => {
    drivers.push(await Driver.start({}, { bundled: true }), await Driver.start());
  });
  afterAll(() => Promise.all(drivers.map((driver) => driver.stop())));

  /** What comes of an event, in as much as a minified bundle says the same. */
  async function outcome(driver: Driver, name: string, event: unknown): Promise<unknown> {
    try {
      return { answer: await driver.running.current().host.invoke(name, event) };
    } catch (error) {
      return { failed: (error as Error).name };
    }
  }

  it.each(FUNCTION_NAMES.map((name) => ({ name })))(
    '$name does as its source does with an event that is nothing to it',
    async ({ name }) => {
      const event = { Records: [], requestId: 'req-00000000000000000000000000000000' };
      const [bundled, source] = await Promise.all(drivers.map((driver) => outcome(driver, name, event)));
      expect(bundled).toEqual(source);
      // A bundle that cannot be loaded, or is not there.
      for (const name of ['SyntaxError', 'ReferenceError', 'Error']) expect(bundled).not.toEqual({ failed: name });
    },
  );
});
