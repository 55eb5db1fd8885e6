import type { Mail } from '../../activity/ports.ts';
import type { Directory } from '../../model/directory.ts';
import { MailRefusedError } from './mail-people.ts';

/** Writes to operators what they are told in their channel where there is Slack. */
export interface OperatorMailer {
  /**
   * Writes to each operator of this moment, by the groups of the configuration.
   *
   * @param except of whom it comes: they need not be told
   * @returns how many got it; 0 where nobody is an operator, or has an address
   * @throws whatever the mail service or the directory threw, where nobody got it for that
   */
  tell(mail: Mail, except?: string): Promise<number>;
}

export interface OperatorMailServices {
  /** Ids of the groups whose members are operators. */
  readonly groups: readonly string[];
  readonly directory: Pick<Directory, 'user' | 'memberIdsOf'>;
  /** @throws MailRefusedError when this address is not taken; anything else as it comes */
  send(to: string, mail: Mail): Promise<void>;
  /** An operator has no address, or one that is not taken. */
  onUnreachable(principalId: string, error?: unknown): void;
}

/** So many operators are written to at most. */
const MOST_MAILED = 50;

/** Each gets a mail of their own, one after the other: they are few, and what fails for one keeps none of the others from theirs. */
export function createOperatorMailer({ groups, directory, send, onUnreachable }: OperatorMailServices): OperatorMailer {
  async function reach(principalId: string, mail: Mail): Promise<boolean> {
    const user = await directory.user(principalId);
    // Whoever is disabled operates nothing.
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
