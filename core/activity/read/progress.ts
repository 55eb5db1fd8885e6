import type { Subject } from '../classify/aggregate.ts';

/** How far reading has come: small, and stored between the rounds. */
export interface Reading {
  /** Whose calls are read: first the person's, then each session gone on as another role. */
  readonly subjects: Subject[];
  /** One per account and Region; each reads the subjects of its account, one after the other. */
  readonly lanes: Cursor[];
  /** How often pages were read, and how many. */
  rounds: number;
  pages: number;
}

export interface Cursor {
  readonly accountId: string;
  readonly region: string;
  /** How many of the account's subjects are read to their end. */
  done: number;
  token?: string;
  /** How often in a row it failed, and the round before which it is not asked again. */
  failures?: number;
  restsUntil?: number;
  /** Why this cursor is read no further, in words. */
  stopped?: string;
}
