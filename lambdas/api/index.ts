import { answerCall } from './answer-call.ts';
import { type ApiAnswer, type ApiEvent, type TokenEvent, toApiEvent } from './http.ts';
import { services } from './services.ts';

/** Handles a call of the API. API Gateway invokes this only after AWS has verified the call's signature or token. */
export async function handler(event: ApiEvent | TokenEvent): Promise<ApiAnswer> {
  return answerCall(toApiEvent(event), services());
}
