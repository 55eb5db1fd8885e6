import { REFUSAL_REASONS, type RefusalReason } from '../../../core/model/refusal.ts';
import { fieldErrorsOf } from '../../../slack/field-errors.ts';
import { sentenceFor } from '../../../slack/words/sentences.ts';
import { smuggled } from '../slack-limits.ts';

test.each(REFUSAL_REASONS)('the sentence for %s tells the person why and what to do', (reason) => {
  const sentence = sentenceFor({ reason });
  expect(sentence).toMatch(/^[A-Z].{20,280}[.]$/);
  expect(sentence).not.toContain(reason);
  expect(sentence).not.toMatch(/undefined|\(\)/);
});

test('no two refusal reasons have the same sentence', () => {
  const sentences = REFUSAL_REASONS.map((reason) => sentenceFor({ reason }));
  expect(new Set(sentences).size).toBe(REFUSAL_REASONS.length);
});

test('the detail of a refusal is shown in the sentence, without its own full stop', () => {
  expect(sentenceFor({ reason: 'too-long', detail: 'at most 1h by policy developers.' })).toBe(
    'You cannot have this for that long (at most 1h by policy developers). Ask again for a shorter time.',
  );
});

test.each<RefusalReason>(['hold-limit', 'per-day'])(
  'the time left by %s is rounded down, so that nobody is told to ask for more',
  (reason) => {
    expect(sentenceFor({ reason, detail: '59m40s' })).toContain('59 minutes');
    expect(fieldErrorsOf([{ reason, detail: '59m40s' }], undefined, false).duration).toContain('59 minutes');
  },
);

test('at a field of a form, the sentence is plain text that shows names as they are', () => {
  const refused = { reason: 'denied-by-policy' as const, detail: 'policy prod-* of `A&B` <x>' };
  expect(fieldErrorsOf([refused], undefined, false)['permission-set']).toBe(
    'A policy forbids this, whatever others allow (policy prod-* of A&B <x>). Ask somebody who may have it, or an operator.',
  );
});

test.each<[RefusalReason, string, string]>([
  [
    'too-long',
    '30m',
    'You cannot have this for that long. The longest you can have is 30 minutes: ask again for that or less.',
  ],
  [
    'reason-required',
    '10',
    "This needs a reason of at least 10 letters and digits. Ask with `/access`, whose form has a field for it; an alert's button has none.",
  ],
  [
    'reason-required',
    '1',
    "This needs a reason. Ask with `/access`, whose form has a field for it; an alert's button has none.",
  ],
  [
    'ticket-required',
    '^(INC|CHG)-[0-9]+$',
    "This needs a ticket such as `INC-123` (it must match `^(INC|CHG)-[0-9]+$`). Ask with `/access`, whose form has a field for it; an alert's button has none.",
  ],
])('the sentence for %s with %s says what is required and where to enter it', (reason, detail, words) => {
  expect(sentenceFor({ reason, detail })).toBe(words);
});

test.each<[RefusalReason, string]>([
  ['policy-unreadable', 'no-production'],
  ['slack-user-unreadable', 'U0NOBODY'],
])(
  'the sentence refers to an operator and not to another try if only an operator can help: %s with %s',
  (reason, detail) => {
    const sentence = sentenceFor({ reason, detail });
    expect(sentence).toContain(detail);
    expect(sentence).toMatch(/sk an operator/);
    expect(sentence).not.toMatch(/[Tt]ry again/);
    expect(sentenceFor({ reason })).toMatch(/[Tt]ry again/);
  },
);

test.each(REFUSAL_REASONS)('a hostile detail of %s cannot mention anybody and stays short', (reason) => {
  const sentence = sentenceFor({ reason, detail: '<!channel> @here & '.repeat(500) });
  expect(smuggled(sentence)).toEqual([]);
  expect(sentence.length).toBeLessThan(800);
});

test.each(['brand-new', 'constructor', '<!here>'])(
  'an unknown reason, as from another version (%s), still gives a sentence',
  (reason) => {
    const sentence = sentenceFor({ reason: reason as RefusalReason });
    expect(sentence).toMatch(/^This was refused .* Ask an operator\.$/);
    expect(smuggled(sentence)).toEqual([]);
  },
);
