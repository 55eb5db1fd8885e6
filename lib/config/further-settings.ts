/** Settings that most deployments leave out, each described where it is used; part of `GlasshammerConfig`. */
export interface FurtherSettings {
  /**
   * A user who is nobody, to whom access is really given to see that it can be: `glasshammer doctor --canary`, and every night. It
   * gets what policies give it, and nothing else: docs/doctor.md.
   * @default - none
   */
  readonly canary?: {
    /** Id of an Identity Center user that nobody signs in as. */
    readonly userId: string;
    /** What is tried every night, by name as it stands in this configuration. @default - nothing */
    readonly nightly?:
      | {
          /** An account in which nothing is, such as a sandbox. */
          readonly account: string;
          readonly permissionSet: string;
        }
      | { readonly group: string };
  };
}
