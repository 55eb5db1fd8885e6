import { s3Operation } from '../others/s3.ts';
import { AwsError } from './aws-error.ts';
import type { ServiceModel } from './model.ts';
import type { WireRequest } from './wire.ts';

/** The wire protocol of a service. */
export type Protocol = 'json' | 'rest-json' | 'query' | 's3';

/** How requests for a service are recognized. */
export interface ServiceRoute {
  /** The suffix of the SDK package: `sso-admin` for `@aws-sdk/client-sso-admin`. */
  name: string;
  protocol: Protocol;
  /** For JSON services: the part of `x-amz-target` before the dot. */
  target?: string;
  /** For other services: the service named in the signature. */
  scope?: string;
  /** Absent where there is no SDK package. The operations then check their input themselves. */
  model?: ServiceModel;
}

/**
 * The credential and scope of a request's signature. The signature itself is not verified, because the callers' secrets
 * are placeholders.
 */
export interface Signature {
  accessKeyId: string;
  region: string;
  scope: string;
}

/** A call read from a request. */
export interface RoutedCall {
  service: ServiceRoute;
  operation: string;
  input: unknown;
}

/** Reads the signature's credential and scope. @throws AwsError for an unsigned request. */
export function readSignature(headers: Record<string, string | undefined>): Signature {
  const credential = /^AWS4-HMAC-SHA256 .*Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  const [accessKeyId, , region, scope, end] = credential?.split('/') ?? [];
  if (!accessKeyId || !region || !scope || end !== 'aws4_request')
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  return { accessKeyId, region, scope };
}

/** The service that a request is for. @throws AwsError UnknownOperationException when there is none. */
export function findService(
  services: readonly ServiceRoute[],
  request: WireRequest,
  signature: Signature,
): ServiceRoute {
  const [target] = readTarget(request);
  const found = services.find((service) =>
    target === undefined ? service.scope === signature.scope : service.target === target,
  );
  if (found === undefined)
    throw new AwsError('UnknownOperationException', `Unknown service ${target ?? signature.scope}`);
  return found;
}

/**
 * The operation that a request calls, and its input.
 *
 * @throws AwsError UnknownOperationException, or SerializationException for a body that cannot be read.
 */
export function readCall(service: ServiceRoute, request: WireRequest): RoutedCall {
  switch (service.protocol) {
    case 'json': {
      const [, operation = ''] = readTarget(request);
      return { service, operation, input: readJson(request.body) };
    }
    case 'rest-json':
      return { service, ...readRest(service, request) };
    case 'query': {
      const {
        Action: operation = '',
        Version: _,
        ...input
      } = Object.fromEntries(new URLSearchParams(request.body.toString()));
      return { service, operation, input };
    }
    case 's3': {
      const operation = s3Operation(request);
      if (operation === undefined)
        throw new AwsError('NotImplemented', `${request.method} ${request.path} is not emulated`);
      return { service, operation, input: {} };
    }
  }
}

/** Checks an input against the model, as far as the protocol has types. @throws AwsError ValidationException. */
export function checkCall({ service, operation, input }: RoutedCall): void {
  if (service.protocol === 's3' || service.model === undefined) return;
  if (service.protocol !== 'query') {
    service.model.checkInput(operation, input);
    return;
  }
  // A form has only strings. Lists and structures are written as `Name.member.1`.
  const given = Object.keys(input as object);
  for (const name of service.model.required(operation))
    if (!given.some((key) => key === name || key.startsWith(`${name}.`)))
      throw new AwsError('ValidationError', `Value at '${name}' failed to satisfy constraint: Member must not be null`);
}

function readRest({ model }: ServiceRoute, request: WireRequest): { operation: string; input: unknown } {
  const url = new URL(request.path, 'http://rest');
  for (const operation of model?.operations() ?? []) {
    const http = model?.http(operation);
    if (http === undefined || http.method !== request.method) continue;
    const labels = matchPath(http.path.split('?')[0] ?? '', url.pathname);
    if (labels === undefined) continue;
    const body = request.body.length === 0 ? {} : (readJson(request.body) as object);
    return { operation, input: { ...body, ...labels } };
  }
  throw new AwsError('UnknownOperationException', `Unknown operation ${request.method} ${url.pathname}`);
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [template, path].map((text) => text.replace(/\/$/, '').split('/')) as [string[], string[]];
  if (wanted.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, piece] of wanted.entries()) {
    const value = given[index] ?? '';
    const label = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (label !== undefined) labels[label] = decodeURIComponent(value);
    else if (piece !== value) return undefined;
  }
  return labels;
}

/** Splits `SWBExternalService.ListInstances` into service and operation; empty for services without the header. */
function readTarget({ headers }: { headers: Record<string, string | undefined> }): string[] {
  return headers['x-amz-target']?.split('.') ?? [];
}

function readJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw new AwsError('SerializationException', 'The body is not JSON');
    throw error;
  }
}
