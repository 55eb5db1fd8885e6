// The SDK's word on old versions of Node, once for every file that makes a client, hides what tests say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** One jest project: sources are ESM TypeScript, swc turns them into CommonJS for the runner. */
export default {
  testEnvironment: '<rootDir>/test/environment.mjs',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // Jest would leave one core to itself, which has nothing to do.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // Only for what hangs: twenty times what the longest test needs, so that no test fails because the machine has other work.
  testTimeout: 600_000,
};
