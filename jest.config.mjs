// The SDK warns of old versions of Node once for every file that makes a client, which buries the output of the tests.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/**
 * One jest project. Test files run in plain Node, all in one process: jest's default loads the program and the SDK anew for each
 * file, which takes longer than the tests.
 */
export default {
  runner: 'jest-light-runner',
  setupFiles: ['<rootDir>/test/load-typescript.mjs'],
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // In jest's own process: with several workers the runner may lose the first message of one, and then waits for it for ever.
  // `npm test` runs a part of the files in each of several processes.
  maxWorkers: 1,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/'],
  transform: {},
};
