import { TestEnvironment } from 'jest-environment-node';
import { tsImport } from 'tsx/esm/api';

let loading;

/** Loaded once for all test files of a process, and outside of jest, where it also runs faster. */
async function startSandbox(...options) {
  loading ??= tsImport('./scenarios/start-sandbox.ts', import.meta.url);
  const loaded = await loading;
  return loaded.startSandbox(...options);
}

/** Node as jest has it, and a way to start sandboxes. */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.startSandbox = startSandbox;
  }
}
