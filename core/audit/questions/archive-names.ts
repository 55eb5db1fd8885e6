/** Where Athena finds the archive of a deployment. */
export interface ArchiveNames {
  /** The stack with the database, the table and the saved queries: a stack of its own beside the deployment's. */
  readonly stackName: string;
  /** The Glue database; its one table is `events`. Letters, digits and `_` only, as Hive requires. */
  readonly database: string;
}

/**
 * Derives the names without a call to AWS, for the doctor and for a command that only prints SQL.
 *
 * @param stackName of the deployment
 */
export function archiveNames(stackName: string): ArchiveNames {
  return {
    stackName: `${stackName}Audit`,
    database: `${stackName.toLowerCase().replaceAll('-', '_')}_archive`,
  };
}
