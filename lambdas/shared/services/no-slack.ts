import type { ChatDirectory } from '../../../core/access/ports.ts';

/**
 * Takes the place of Slack's directory if there is no Slack, or in a function that does not call it: it knows nobody.
 */
export const NO_SLACK: ChatDirectory = { user: async () => undefined, userIdByEmail: async () => undefined };
