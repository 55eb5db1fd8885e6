/** How the commands of people end where it is not well; docs/cli.md lists them. */
export const EXIT = {
  failed: 1,
  needsApproval: 3,
  refused: 4,
  awsRefused: 5,
} as const;
