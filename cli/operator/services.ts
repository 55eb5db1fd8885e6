import type { RequestStore, WorkflowPort } from '../../core/access/ports.ts';
import type { FreezeStore } from '../../gateways/dynamodb/freeze-store.ts';

/** Services of the operator's commands, with the operator's own AWS credentials. */
export interface OperatorServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly freezes: FreezeStore;
  /** Adds requests that are missing from the list of all requests. @returns how many were missing */
  indexRequests(): Promise<number>;
}

/** What the services are built from: the names of the deployment, and the command's clock and ids. */
export interface OperatorSurroundings {
  readonly requestTable: string;
  /** Empty for commands that neither start nor wake a workflow. */
  readonly stateMachineArn: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Builds the services. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildServices = (surroundings: OperatorSurroundings) => Promise<OperatorServices>;

/** The services on AWS. Endpoints, Region and credentials come from the SDK's environment. */
export const awsServices: BuildServices = async ({ requestTable, stateMachineArn, now, newId }) => {
  const [
    { DynamoDBClient },
    { documentClientOver },
    { SFNClient },
    { createRequestStore },
    { createFreezeStore },
    { createWorkflow },
    { indexRequests },
  ] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('../../gateways/dynamodb/document-client.ts'),
    import('@aws-sdk/client-sfn'),
    import('../../gateways/dynamodb/requests/request-store.ts'),
    import('../../gateways/dynamodb/freeze-store.ts'),
    import('../../gateways/step-functions/workflow.ts'),
    import('../../gateways/dynamodb/requests/index-requests.ts'),
  ]);
  const client = documentClientOver(new DynamoDBClient({}));
  return {
    requests: createRequestStore({ client, tableName: requestTable, now }),
    freezes: createFreezeStore({ client, tableName: requestTable, newId }),
    indexRequests: () => indexRequests(client, requestTable),
    workflow: createWorkflow({ client: new SFNClient({}), stateMachineArn }),
  };
};
