import type { Command } from 'commander';
import type { AssigneesPort } from '../../core/access/request/held-outside.ts';
import type { HeldFacts } from '../../core/model/decision.ts';
import type { Target } from '../../core/model/target.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import type { AccessTableWriter } from '../../core/policy/authoring/ports.ts';

/** A stack, as far as commands need it. */
export interface DescribedStack {
  /** State of the stack, in CloudFormation's words. */
  readonly status: string;
  /** ISO 8601; when it was deployed last. */
  readonly changedAt: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Everything a command touches of the outside, so that a test can hand it in. */
export interface CliIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Words about a result, for people: at a terminal beside it, in a pipe on standard error, so that the pipe carries results alone. */
  readonly about: (text: string) => void;
  /** What is being done, for whoever watches the terminal; replaced by the next, and gone with an empty text. Absent: nobody watches. */
  readonly progress?: (text: string) => void;
  readonly readFile: (path: string) => Promise<string>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The exit code of the command, where it is not 0. */
  readonly exitWith: (code: number) => void;
  /** The access table, for the commands that write it. */
  readonly accessTable: (tables: TableNames) => Promise<AccessTableWriter>;
  /** What decisions go by beside policies and people. */
  readonly liveStores: (tables: TableNames, now: () => Date) => Promise<LiveStores>;
  /** What a stack says of itself; `undefined` when there is none of this name. */
  readonly stack: (name: string) => Promise<DescribedStack | undefined>;
  /** ARN of whoever the AWS credentials belong to, as STS says. */
  readonly callerArn: () => Promise<string>;
  /** Users, groups, accounts and permission sets, read from AWS. */
  readonly organization: () => Promise<Organization>;
}

/** Who stopped something, when (ISO 8601) and why. */
interface Turn {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** What the request table knows of people beside their requests, and Identity Center of what others gave them. */
export interface LiveStores extends AssigneesPort {
  readonly held: (principalId: string, target: Target, isExtension: boolean) => Promise<HeldFacts>;
  readonly frozen: () => Promise<Turn | undefined>;
  readonly locked: (principalId: string) => Promise<Turn | undefined>;
}

export interface TableNames {
  readonly accessTable: string;
  readonly requestTable: string;
}

/** Adds a group of commands to the program. */
export type Register = (program: Command, io: CliIo) => void;

/** Input that cannot be worked with: one line that says what to fix, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
