import type { Mail } from '../../activity/ports.ts';
import type { Directory } from '../../model/directory.ts';
import { MailRefusedError } from './mail-people.ts';

/** Sends operators by mail what they would read in their Slack channel. */
export interface OperatorMailer {
  /**
   * Writes to every current operator: the members of the configured groups.
   *
   * @param except the operator whose act the mail reports, who needs no mail
   * @returns how many operators got the mail; 0 where there is no operator, or none with an address
   * @throws any error of the mail service or the directory, if because of it nobody got the mail
   */
  tell(mail: Mail, except?: string): Promise<number>;
}

export interface OperatorMailServices {
  /** Ids of the groups whose members are operators. */
  readonly groups: readonly string[];
  readonly directory: Pick<Directory, 'user' | 'memberIdsOf'>;
  /** @throws MailRefusedError when the mail service refuses this address; other errors as they come */
  send(to: string, mail: Mail): Promise<void>;
  /** Called for an operator without an address, or whose address the mail service refuses. */
  onUnreachable(principalId: string, error?: unknown): void;
}

/** The most operators written to. */
const MOST_MAILED = 50;

/** Sends each operator a separate mail, one after the other: they are few, and a failure does not affect the others. */
export function createOperatorMailer({ groups, directory, send, onUnreachable }: OperatorMailServices): OperatorMailer {
  async function reach(principalId: string, mail: Mail): Promise<boolean> {
    const user = await directory.user(principalId);
    // A disabled user is no longer an operator.
    if (user === undefined || !user.enabled) return false;
    if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(user.email)) {
      onUnreachable(principalId);
      return false;
    }
    try {
      await send(user.email, mail);
      return true;
    } catch (error) {
      if (!(error instanceof MailRefusedError)) throw error;
      onUnreachable(principalId, error);
      return false;
    }
  }

  return {
    async tell(mail, except) {
      const members = await Promise.all(groups.map((group) => directory.memberIdsOf(group)));
      const all = new Set(members.flatMap((ids) => ids ?? []));
      const operators = [...all].filter((id) => id !== except).slice(0, MOST_MAILED);
      let reached = 0;
      let failure: { readonly error: unknown } | undefined;
      for (const id of operators) {
        try {
          if (await reach(id, mail)) reached += 1;
        } catch (error) {
          failure ??= { error };
        }
      }
      if (reached === 0 && failure !== undefined) throw failure.error;
      return reached;
    },
  };
}
