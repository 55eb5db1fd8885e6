import process from 'node:process';
import { register } from 'tsx/esm/api';

// For every process that runs tests, before the first of them. A Node that takes the types out by itself (from 22.18) does so in less time.
if (!process.features.typescript) register();
