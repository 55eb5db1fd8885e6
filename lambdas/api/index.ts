import { answerCall } from './answer-call.ts';
import { type ApiAnswer, type ApiEvent, type TokenEvent, toApiEvent } from './http.ts';
import { services } from './services.ts';

/** A call of the API, as API Gateway hands it over once AWS has verified the signature, of the call or of the token it comes with. */
export async function handler(event: ApiEvent | TokenEvent): Promise<ApiAnswer> {
  return answerCall(toApiEvent(event), services());
}
