import type { Command } from 'commander';
import type { AssigneesPort } from '../../core/access/request/held-outside.ts';
import type { HeldFacts } from '../../core/model/decision.ts';
import type { Target } from '../../core/model/target.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import type { AccessTableWriter } from '../../core/policy/authoring/ports.ts';

/** What commands need to know about a stack. */
export interface DescribedStack {
  /** CloudFormation's status of the stack. */
  readonly status: string;
  /** Time of the last deployment. ISO 8601. */
  readonly changedAt: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** All input and output of a command, so that tests can replace it. */
export interface CliIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * Prints remarks about a result. In a terminal they go to standard output; otherwise to standard error, so that a
   * pipe carries only results.
   */
  readonly about: (text: string) => void;
  /** Shows progress in the terminal; each text replaces the last, and an empty one removes it. Absent: no terminal. */
  readonly progress?: (text: string) => void;
  readonly readFile: (path: string) => Promise<string>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sets the command's exit code where it is not 0. */
  readonly exitWith: (code: number) => void;
  /** The access table, for commands that write it. */
  readonly accessTable: (tables: TableNames) => Promise<AccessTableWriter>;
  /** What decisions depend on besides policies and people. */
  readonly liveStores: (tables: TableNames, now: () => Date) => Promise<LiveStores>;
  /** Describes a stack; `undefined` when there is none of this name. */
  readonly stack: (name: string) => Promise<DescribedStack | undefined>;
  /** ARN of the caller, from STS. */
  readonly callerArn: () => Promise<string>;
  /** Users, groups, accounts and permission sets, read from AWS. */
  readonly organization: () => Promise<Organization>;
}

/** Who froze or locked, when (ISO 8601) and why. */
interface OperatorAct {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/**
 * What the request table has about people besides their requests, and what Identity Center has of others' assignments.
 */
export interface LiveStores extends AssigneesPort {
  readonly held: (principalId: string, target: Target, isExtension: boolean) => Promise<HeldFacts>;
  readonly frozen: () => Promise<OperatorAct | undefined>;
  readonly locked: (principalId: string) => Promise<OperatorAct | undefined>;
}

export interface TableNames {
  readonly accessTable: string;
  readonly requestTable: string;
}

/** Adds a group of commands to the program. */
export type Register = (program: Command, io: CliIo) => void;

/** Invalid input: one line that says what to fix, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
