import type { WireRequest, WireResponse } from '../aws/wire/wire.ts';

export function fetchFromHost(
  resource: string | URL | Request,
  init: RequestInit | undefined,
  ask: (request: WireRequest) => Promise<WireResponse>,
): Promise<Response>;
