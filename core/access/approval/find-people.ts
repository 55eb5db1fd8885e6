import type { Directory } from '../../model/directory.ts';
import { PRINCIPAL_PREFIX } from '../../model/stored-ids.ts';
import { parsePrincipalRecord } from '../../policy/records/access-records.ts';
import type { ChatDirectory, PolicyStore } from '../ports.ts';
import type { PeopleFinder } from './request-approval.ts';

/**
 * Finds people's Slack users by their principal record or, without one, by the e-mail that Identity Center has for
 * them. Only for mentions and direct messages; it identifies nobody.
 */
export function createPeopleFinder(services: {
  readonly policyStore: Pick<PolicyStore, 'principals'>;
  readonly directory: Pick<Directory, 'user'>;
  readonly chat: Pick<ChatDirectory, 'userIdByEmail'>;
}): PeopleFinder {
  async function byEmail(principalId: string): Promise<string | undefined> {
    const user = await services.directory.user(principalId);
    return user === undefined || user.email === '' ? undefined : services.chat.userIdByEmail(user.email);
  }

  return {
    async slackIdsOf(principalIds) {
      const known = new Map<string, string>();
      for (const record of await services.policyStore.principals()) {
        const parsed = parsePrincipalRecord(record);
        if ('principalId' in parsed) known.set(parsed.principalId, record.id.slice(PRINCIPAL_PREFIX.length));
      }
      const found: Record<string, string> = {};
      for (const principalId of new Set(principalIds)) {
        const slackId = known.get(principalId) ?? (await byEmail(principalId).catch(() => undefined));
        if (slackId !== undefined) found[principalId] = slackId;
      }
      return found;
    },
  };
}
