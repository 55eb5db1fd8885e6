import { answerCall } from './answer-call.ts';
import type { ApiAnswer, ApiEvent } from './http.ts';
import { services } from './services.ts';

/** A signed call of the API, as API Gateway hands it over once AWS has verified the signature. */
export async function handler(event: ApiEvent): Promise<ApiAnswer> {
  return answerCall(event, services());
}
