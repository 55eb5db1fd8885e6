// The SDK's word on old versions of Node, once for every file that makes a client, hides what tests say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/**
 * One jest project. Test files run in plain Node, several in one process: loading the program and the SDK anew for each file, as
 * jest does by itself, takes longer than the tests.
 */
export default {
  runner: 'jest-light-runner/child-process',
  setupFiles: ['<rootDir>/test/load-typescript.mjs'],
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // Jest would leave one core to itself, which has nothing to do.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/'],
  transform: {},
};
