import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import { pascalCase } from '../../lib/functions/access-functions.ts';
import { authorize } from '../../sandbox/aws/access/authorize.ts';
import { FUNCTION_HEADER } from '../../sandbox/aws/wire/wire.ts';
import { FUNCTIONS_KEY_ID, REQUEST_TABLE } from '../../sandbox/server/environment.ts';
import { resources, statements, synthesize } from '../stack/synthesized.ts';

type Item = Record<string, unknown> & { readonly id: string };
type Verb = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** With operators, as the sandbox has them: then the role of the API's function has the most rights. */
const WITH_OPERATORS = { personas: { operators: ['906722b2be-c0b00a2f-4a5b-4a5b-9c3d-0e6f1a2b3c4d'] } };

type Role = (verb: Verb, id: string) => boolean;

const roles = new Map<FunctionName, Role>();

/**
 * What the deployed role of a function may write, read from the template that CloudFormation would get. Synthesis takes
 * seconds and blocks this thread, so a function that is running meanwhile would reach its time limit: call this before
 * any function runs.
 */
export function deployedRole(name: FunctionName): Role {
  const role = roles.get(name) ?? readRole(name);
  roles.set(name, role);
  return role;
}

function readRole(name: FunctionName): Role {
  const template = synthesize(WITH_OPERATORS);
  const [table = ''] = resources(template, 'AWS::DynamoDB::Table')
    .map(([id]) => id)
    .filter((id) => id.startsWith('TablesRequests'));
  const role = statements(template)
    .filter(({ owner }) => owner === pascalCase(name))
    .map(({ effect, actions, resources: where, conditions }) => ({
      actions,
      resources: where,
      conditions: conditions as Record<string, Record<string, string | string[]>>,
      deny: effect === 'Deny',
    }));
  return (verb, id) => {
    const context = { 'dynamodb:LeadingKeys': [id] };
    return authorize([{ action: `dynamodb:${verb}`, resources: [`<${table}.Arn>`], context }], role) === undefined;
  };
}

/** An attacker who holds the role of one function; calls are checked against that role alone. */
export class Intruder {
  readonly name: FunctionName;
  /** The writes that the role allowed, for tests that check that the attack did something. */
  readonly done: string[] = [];
  readonly #table: DynamoDBDocumentClient;
  readonly #states: SFNClient;
  readonly #mayDeployed: Role;

  constructor(name: FunctionName, endpoint: string) {
    this.name = name;
    this.#mayDeployed = deployedRole(name);
    const config = {
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: FUNCTIONS_KEY_ID, secretAccessKey: 'none' },
      maxAttempts: 1,
    };
    const dynamo = new DynamoDBClient(config);
    this.#states = new SFNClient(config);
    dynamo.middlewareStack.add((next) => (args) => next(asFunction(name, args)), { step: 'build' });
    this.#states.middlewareStack.add((next) => (args) => next(asFunction(name, args)), { step: 'build' });
    this.#table = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  }

  /** Writes the whole item in either way the role allows: with PutItem, or attribute by attribute. */
  async write(item: Item): Promise<boolean> {
    const put = await this.#try('PutItem', item.id, () =>
      this.#table.send(new PutCommand({ TableName: REQUEST_TABLE, Item: item })),
    );
    if (put) return true;
    const { id, ...fields } = item;
    return this.edit(id, fields);
  }

  /** Sets fields of an item, and makes the item if there is none. */
  edit(id: string, fields: Record<string, unknown>): Promise<boolean> {
    const entries = Object.entries(fields);
    return this.#try('UpdateItem', id, () =>
      this.#table.send(
        new UpdateCommand({
          TableName: REQUEST_TABLE,
          Key: { id },
          UpdateExpression: `SET ${entries.map((_, n) => `#n${n} = :v${n}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(entries.map(([field], n) => [`#n${n}`, field])),
          ExpressionAttributeValues: Object.fromEntries(entries.map(([, value], n) => [`:v${n}`, value])),
        }),
      ),
    );
  }

  drop(id: string): Promise<boolean> {
    return this.#try('DeleteItem', id, () =>
      this.#table.send(new DeleteCommand({ TableName: REQUEST_TABLE, Key: { id } })),
    );
  }

  /** Starts the workflow of a request if the role may. */
  async start(requestId: string, stateMachineArn: string): Promise<void> {
    const input = JSON.stringify({ requestId });
    await this.#states
      .send(new StartExecutionCommand({ stateMachineArn, name: requestId, input }))
      .catch((error: unknown) => denied(error));
  }

  /** Starts an execution with exactly this input if the role may. */
  async startWith(name: string, input: unknown, stateMachineArn: string): Promise<boolean> {
    const call = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return this.#states.send(call).then(
      () => true,
      (error: unknown) => denied(error),
    );
  }

  close(): void {
    this.#table.destroy();
    this.#states.destroy();
  }

  /** @throws Error when the sandbox and the deployed role disagree: then the attack would prove nothing */
  async #try(verb: Verb, id: string, call: () => Promise<unknown>): Promise<boolean> {
    const succeeded = await call().then(
      () => true,
      (error: unknown) => denied(error),
    );
    if (succeeded !== this.#mayDeployed(verb, id))
      throw new Error(`${this.name} ${verb} ${id}: ${succeeded} here, and not so by its deployed role`);
    if (succeeded) this.done.push(`${verb} ${id}`);
    return succeeded;
  }
}

/** Marks a call as made by this function. */
function asFunction<T extends { readonly request: unknown }>(name: FunctionName, call: T): T {
  (call.request as { headers: Record<string, string> }).headers[FUNCTION_HEADER] = name;
  return call;
}

function denied(error: unknown): false {
  if (error instanceof Error && /AccessDenied/.test(error.name)) return false;
  throw error;
}
