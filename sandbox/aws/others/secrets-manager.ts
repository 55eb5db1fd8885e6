import type { GetSecretValueRequest, GetSecretValueResponse } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../wire/aws-error.ts';
import type { Operations, Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';

/** Secrets Manager: reads a secret by name or ARN. */
export function secretsManager(world: World): Operations {
  return {
    GetSecretValue(input: Wire<GetSecretValueRequest>): Wire<GetSecretValueResponse> {
      const secret = world.secrets.find(({ name, arn }) => input.SecretId === name || input.SecretId === arn);
      if (secret === undefined)
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      return { ARN: secret.arn, Name: secret.name, SecretString: secret.value, VersionStages: ['AWSCURRENT'] };
    },
  };
}
