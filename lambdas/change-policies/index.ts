import { type ApiAnswer, type ApiEvent, type TokenEvent, toApiEvent } from '../api/http.ts';
import { answerChange } from './answer-change.ts';
import { services } from './services.ts';

/** Handles a call about a change of the policies. Only API Gateway may invoke this function. */
export async function handler(event: ApiEvent | TokenEvent): Promise<ApiAnswer> {
  return answerChange(toApiEvent(event), services());
}
