import type { ChatDirectory } from '../../../core/access/ports.ts';

/** Where there is no Slack, or a function that knows nothing of it: nobody is identified by it, and nobody is looked for in it. */
export const NO_SLACK: ChatDirectory = { user: async () => undefined, userIdByEmail: async () => undefined };
