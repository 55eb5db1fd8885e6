import { createRateLimiter } from '../../../../lambdas/shared/services/rate-limiter.ts';

test('a reader never takes more than its share of a quota that people wait for too', async () => {
  const rateLimiter = createRateLimiter(100);
  const began = performance.now();
  for (let call = 0; call < 8; call++) await rateLimiter.next();
  // Seven gaps of ten milliseconds; timers may fire a millisecond early.
  expect(performance.now() - began).toBeGreaterThanOrEqual(63);
  expect(rateLimiter.made()).toBe(8);
});
