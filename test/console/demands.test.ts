import { lacksOf } from '../../console/parts/asking/demands.ts';
import type { PreviewView } from '../../lambdas/api/document/schemas.ts';

const preview = { reasonMinLength: 5, ticketPatterns: [] as string[], outcome: 'granted' } as unknown as PreviewView;
const lacks = (reason: string) => lacksOf([{ preview }], { reason, ticket: '' });

test.each([
  ['spaces', '          '],
  ['Hangul fillers, which Unicode counts as letters', '\u3164\uffa0\u115f\u1160\u3164\u3164'],
  ['four letters', 'a.b c..d\u3164'],
])('the button stays off until the reason has letters that the decision would count: %s', (_what, reason) => {
  expect(lacks(reason)).toBe('Write a reason first');
  expect(lacks(`${reason}ログ1確認`)).toBeUndefined();
});
