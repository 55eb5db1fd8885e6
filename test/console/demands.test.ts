import { lacksOf } from '../../console/parts/asking/demands.ts';
import type { PreviewView } from '../../lambdas/api/document/schemas.ts';

const preview = { reasonMinLength: 5, ticketPatterns: [] as string[], outcome: 'granted' } as unknown as PreviewView;
const lacks = (reason: string) => lacksOf([{ preview }], { reason, ticket: '' });

test.each([
  ['blanks', '          '],
  ['fillers that Unicode calls letters', '\u3164\uffa0\u115f\u1160\u3164\u3164'],
  ['four letters', 'a.b c..d\u3164'],
])('the button waits for a reason that would count, as whoever decides counts it: %s', (_what, reason) => {
  expect(lacks(reason)).toBe('Write a reason first');
  expect(lacks(`${reason}ログ1確認`)).toBeUndefined();
});
