import { createRateLimiter } from '../../../../lambdas/shared/services/rate-limiter.ts';

test('the rate limiter keeps calls below the set rate, so that functions for waiting people keep their part of the quota', async () => {
  const rateLimiter = createRateLimiter(100);
  const began = performance.now();
  for (let call = 0; call < 8; call++) await rateLimiter.next();
  // Seven gaps of ten milliseconds. Each timer may fire a millisecond early.
  expect(performance.now() - began).toBeGreaterThanOrEqual(63);
  expect(rateLimiter.made()).toBe(8);
});
