import type { RequestStore, WorkflowPort } from '../../core/access/ports.ts';
import type { FreezeStore } from '../../gateways/dynamodb/freeze-store.ts';

/** What an operator's commands work on, with the operator's own AWS credentials. */
export interface OperatorServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly freezes: FreezeStore;
  /** Adds the requests that are missing from the list of all requests, and answers how many there were. */
  indexRequests(): Promise<number>;
}

/** What the services are built from: the names of the deployment, and the clock and ids of the command. */
export interface OperatorSurroundings {
  readonly requestTable: string;
  /** Empty for commands that start and wake nothing. */
  readonly stateMachineArn: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Builds the services. The AWS SDK is loaded only then, so that the other commands start without it. */
export type BuildServices = (surroundings: OperatorSurroundings) => Promise<OperatorServices>;

/** The services over AWS. Endpoints, Region and credentials are those that the SDK finds in its environment. */
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
    import('../../gateways/workflow.ts'),
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
