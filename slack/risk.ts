import { isAdministratorLike, riskSentence } from '../core/access/notify/risk.ts';
import type { AccessRequest } from '../core/model/request.ts';
import { oneLine } from './words/wording.ts';

export { isAdministratorLike };

/** How much harm the access can do, in words: `High: …`. */
export function riskWords(request: Pick<AccessRequest, 'target' | 'names'>, allows = ''): string {
  const sentence = riskSentence(request, allows, (name) => oneLine(name, 80));
  return isAdministratorLike(request, allows) ? `:warning: ${sentence}` : sentence;
}
