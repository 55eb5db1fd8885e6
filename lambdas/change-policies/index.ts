import { type ApiAnswer, type ApiEvent, type TokenEvent, toApiEvent } from '../api/http.ts';
import { answerChange } from './answer-change.ts';
import { services } from './services.ts';

/** A call about a change of the policies, as API Gateway hands it over; nobody else may call this function. */
export async function handler(event: ApiEvent | TokenEvent): Promise<ApiAnswer> {
  return answerChange(toApiEvent(event), services());
}
