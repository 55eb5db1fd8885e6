/** Exit codes of the commands that use the API, where they do not succeed; docs/cli.md lists them. */
export const EXIT = {
  failed: 1,
  needsApproval: 3,
  refused: 4,
  awsRefused: 5,
} as const;

/** Of several results of one command, the exit code is the first of these that occurs. */
export const WORST_FIRST: readonly number[] = [EXIT.failed, EXIT.awsRefused, EXIT.refused, EXIT.needsApproval];
