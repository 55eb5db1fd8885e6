import base from './jest.config.mjs';

/** Tests that need a browser, apart from the others because not every machine has one. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.browser.ts'],
  globalTeardown: '<rootDir>/test/browser/support/close-browser.mjs',
};
