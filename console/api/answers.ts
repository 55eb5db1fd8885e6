/*
 * The API's answers to auditors and operators, reduced to the fields that the pages show. The full schemas are in
 * lambdas/api/document/schemas-of-all.ts.
 */

interface Turn {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

export interface HealthView {
  readonly status: 'ok' | 'frozen' | 'sweep-stands-still';
  readonly frozen: Turn | null;
  readonly sweptAt: string | null;
  readonly open: Readonly<Record<string, number>> | null;
  readonly reviewsOwed: number | null;
}

export interface PoliciesView {
  readonly version: string;
  readonly policies: readonly {
    readonly name: string;
    readonly problems: readonly string[];
    readonly record: Readonly<Record<string, unknown>>;
  }[];
}

export interface DriftView {
  readonly mode: 'report-only' | 'enforcing';
  readonly pass: { readonly startedAt: string; readonly checked: number; readonly failures: number } | null;
  readonly findings: readonly {
    readonly principalId: string;
    readonly principalName: string | null;
    readonly accountId: string | null;
    readonly accountName: string | null;
    readonly permissionSetArn: string | null;
    readonly permissionSet: string | null;
    readonly groupId: string | null;
    readonly groupName: string | null;
    readonly status: 'told' | 'to-remove' | 'removed';
    readonly foundAt: string;
    readonly removeAt: string | null;
    readonly madeBy: string | null;
  }[];
}
