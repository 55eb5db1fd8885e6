import type { AwsError } from './aws-error.ts';
import type { Protocol, ServiceRoute } from './route.ts';
import type { WireResponse } from './wire.ts';
import { toXml } from './xml.ts';

/** Writes a result in the service's protocol. */
export function writeResult(
  service: ServiceRoute,
  operation: string,
  output: unknown,
  requestId: string,
): WireResponse {
  if (service.protocol === 'query') {
    const body = toXml(`${operation}Response`, {
      [`${operation}Result`]: output,
      ResponseMetadata: { RequestId: requestId },
    });
    return { status: 200, headers: xmlHeaders(requestId), body };
  }
  return { status: 200, headers: jsonHeaders(service.protocol, requestId), body: JSON.stringify(output ?? {}) };
}

/** Writes an error in the service's protocol. `service` is absent when the request named no service. */
export function writeError(service: ServiceRoute | undefined, error: AwsError, requestId: string): WireResponse {
  const listed = service?.model?.error(error.name);
  const status = STATUS[error.name] ?? listed?.status ?? 400;
  const protocol = service?.protocol ?? 'json';
  const code = listed?.code ?? error.name;
  if (protocol === 's3') {
    const body = toXml('Error', { Code: error.name, Message: error.message, RequestId: requestId });
    return { status, headers: xmlHeaders(requestId), body };
  }
  if (protocol === 'query') {
    const body = toXml('ErrorResponse', {
      Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: error.message },
      RequestId: requestId,
    });
    return { status, headers: xmlHeaders(requestId), body };
  }
  const body = JSON.stringify({ __type: error.name, message: error.message, Message: error.message, ...error.fields });
  return { status, headers: { ...jsonHeaders(protocol, requestId), 'x-amzn-errortype': error.name }, body };
}

/** Errors that the models do not list, because they are common to all services or exist only in headers. */
const STATUS: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ExpiredTokenException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotFound: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeout: 408,
  SlowDown: 503,
  ServiceUnavailable: 503,
};

function jsonHeaders(protocol: Protocol, requestId: string): Record<string, string> {
  const type = protocol === 'rest-json' ? 'application/json' : 'application/x-amz-json-1.1';
  return { 'content-type': type, 'x-amzn-requestid': requestId };
}

function xmlHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
