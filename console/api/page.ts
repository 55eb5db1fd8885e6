import type { RequestView } from '../../lambdas/api/document/schemas.ts';

/** A page of requests. */
export interface Page {
  readonly requests: readonly RequestView[];
  readonly nextCursor: string | null;
}
