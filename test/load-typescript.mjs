import { register } from 'tsx/esm/api';

// For every process that runs test files, before the first of them.
register();
