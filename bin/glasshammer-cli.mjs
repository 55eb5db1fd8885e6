#!/usr/bin/env node
// The commands are TypeScript; tsx lets Node run them from a checkout as they are.
import { register } from 'tsx/esm/api';

register();
const [{ main }, { nodeIo }] = await Promise.all([import('../cli/main.ts'), import('../cli/node-io.ts')]);
process.exitCode = await main(process.argv.slice(2), nodeIo());
