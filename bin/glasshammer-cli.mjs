#!/usr/bin/env node
// The commands are TypeScript; tsx lets Node run them from a checkout as they are.
import { register } from 'tsx/esm/api';

// The project decides which Node it supports; without this, the SDK prints an eight-line warning before every output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// `glasshammer requests | head -1` closes the pipe early, which is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
register();
const [{ main }, { nodeIo }] = await Promise.all([import('../cli/main.ts'), import('../cli/terminal/node-io.ts')]);
process.exitCode = await main(process.argv.slice(2), nodeIo());
