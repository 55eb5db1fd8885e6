import * as fc from 'fast-check';
import { ALL_STATES, STATES } from '../../core/model/life-cycle.ts';
import type { AccessEvent, AccessRequest, RequestState } from '../../core/model/request.ts';
import { lostRaceNotice } from '../../slack/views/approving/approver-notices.ts';
import { approvalReminder, endWarning, outcomeNotice } from '../../slack/views/approving/reminder.ts';
import { statusMessage } from '../../slack/views/status-message.ts';
import { secondsAfter, slackDate } from '../../slack/words/wording.ts';
import { anEvent, aRequest } from './a-request.ts';
import { markupOf } from './slack-limits.ts';

/*
 * Property tests: from the state of a random request, they derive what each sentence must say (until when, by whom,
 * kept or removed), without the code of the views.
 */

const PEOPLE = new Map([
  ['user-cleo', 'U0CLEO'],
  ['user-dan', 'U0DAN'],
]);
const START = Date.parse('2026-01-05T09:00:00.000Z');
const instant = fc.integer({ min: 60, max: 90_000 }).map((seconds) => new Date(START + seconds * 1000).toISOString());
const somebody = fc.constantFrom('user-ana', 'user-cleo', 'user-dan');

interface Drawn {
  readonly request: AccessRequest;
  /** The person who ended the access early; absent if its time was up. */
  readonly endedBy: string | undefined;
  readonly kept: 'standing' | 'given' | 'request' | undefined;
  readonly shortenedBy: string | undefined;
  /** What is asked for: new access, an extension of running access, or access for later. */
  readonly kind: 'new' | 'more' | 'later';
}

const HELD = { accessId: 'req-0', startedAt: '2026-01-05T08:30:00.000Z', endsAt: '2026-01-05T09:30:00.000Z' };

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    state: fc.constantFrom<RequestState>(...ALL_STATES),
    endsAt: instant,
    expiresAt: instant,
    endedAt: instant,
    endedBy: fc.option(somebody, { nil: undefined }),
    kept: fc.constantFrom('standing' as const, 'given' as const, 'request' as const, undefined),
    shortenedBy: fc.option(fc.constantFrom('user-cleo', 'user-dan'), { nil: undefined }),
    deniedBy: fc.constantFrom('user-cleo', 'user-dan'),
    warned: fc.boolean(),
    extended: fc.boolean(),
    cut: fc.boolean(),
    note: fc.constantFrom('', 'Because of the sale', 'a <b> & c'),
    kind: fc.constantFrom('new' as const, 'more' as const, 'later' as const),
  })
  .map((facts) => {
    const {
      state,
      endsAt,
      expiresAt,
      endedAt,
      endedBy,
      kept,
      shortenedBy,
      deniedBy,
      warned,
      extended,
      cut,
      note,
      kind,
    } = facts;
    const over = state === 'ended' || state === 'reported';
    const events: AccessEvent[] = [anEvent('pending', { state: 'pending' })];
    if (shortenedBy !== undefined)
      events.push(anEvent('duration-shortened', { by: shortenedBy, note: 'from 4h to 1h' }));
    if (state === 'denied') events.push(anEvent('denied', { state: 'denied', by: deniedBy, note }));
    if (state === 'cancelled')
      events.push(
        anEvent('cancelled', { state: 'cancelled', by: deniedBy, note: `cancelled by an operator: ${note}` }),
      );
    if (!['pending', 'denied', 'expired', 'cancelled', 'refused', 'requested'].includes(state))
      events.push(anEvent('approved', { state: 'approved', by: 'user-cleo' }));
    if (warned) events.push(anEvent('warned'));
    if (extended) events.push(anEvent('extended'));
    if (kept === 'given') events.push(anEvent('made-standing'));
    if (state === 'ending' || over) {
      const own = endedBy === 'user-ana' ? 'done early' : `ended by an approver: ${note}`;
      events.push(
        anEvent('ending', {
          state: 'ending',
          by: endedBy ?? 'glasshammer',
          note: endedBy === undefined ? 'time is up' : own,
        }),
      );
    }
    if (over)
      events.push(
        anEvent('ended', {
          state: 'ended',
          ...(kept === 'request' ? { note: 'kept: another request holds the same assignment' } : {}),
        }),
      );
    const request = aRequest({
      state,
      endsAt,
      expiresAt,
      events,
      ...(over ? { endedAt, ...(cut && kept === undefined ? { sessionsCutAt: endedAt } : {}) } : {}),
      ...(kept === 'standing' ? { grant: { askedAt: endsAt, standing: true } } : {}),
      ...(kind === 'more' ? { extends: HELD.accessId, held: HELD } : {}),
      ...(kind === 'later' ? { windowFrom: '2026-01-05T09:00:10.000Z' } : {}),
    });
    return { request, endedBy, kept, shortenedBy, kind };
  });

const mentionOf = (id: string) => (id === 'user-ana' ? '<@U0ANA>' : `<@${PEOPLE.get(id)}>`);
const words = (message: { readonly blocks: Parameters<typeof markupOf>[0]['blocks']; readonly text: string }) =>
  markupOf(message).join('\n');

test('every sentence of the status message is true for the state of its request', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ request, endedBy, kept, shortenedBy, kind }) => {
      const { state, endsAt, expiresAt = '', endedAt = '' } = request;
      const asking = ['requested', 'refused', 'pending', 'denied', 'expired', 'cancelled'].includes(state);
      const over = state === 'ended' || state === 'reported';
      const story = words(
        statusMessage({ request, portalUrl: '', people: PEOPLE, approvers: [], reportDelaySeconds: 900 }),
      );
      const says = (text: string) => story.includes(text);

      // Until when.
      expect(says(`until ${slackDate(endsAt)}`)).toBe(
        ['active', 'scheduled', 'joined'].includes(state) || (asking && kind === 'later'),
      );
      // What is asked for: the text of an extension says that the person has the access.
      if (asking) expect(says('1 hour more of *Admin')).toBe(kind === 'more');
      if (state === 'pending') expect(says(`which was to end ${slackDate(HELD.endsAt)}`)).toBe(kind === 'more');
      if (state === 'cancelled') expect(says('No access was given')).toBe(kind !== 'more');
      expect(says(`Expires ${slackDate(expiresAt)}`)).toBe(state === 'pending');
      expect(says(`*Ended* ${slackDate(endedAt)}`)).toBe(over);
      expect(says('The report comes')).toBe(state === 'ended' || state === 'reported');
      if (over) {
        // If the sessions were cut, the final edition does not wait for credentials to expire.
        const lived = request.sessionsCutAt === undefined ? request.sessionSeconds : 0;
        const [first, final] = [300, lived + 900].map((seconds) => slackDate(secondsAfter(endedAt, seconds)));
        expect(says(`The report comes ${first} in a first edition and ${final} in its final one`)).toBe(true);
      }
      // Who has it, and who had it.
      expect(/> has \*Admin/.test(story)).toBe(state === 'active');
      expect(/> had \*Admin/.test(story)).toBe(over);
      // By whom.
      if (state === 'ending' || over) {
        expect(says('Its time was up.')).toBe(endedBy === undefined);
        expect(says(`Ended early by ${mentionOf(endedBy ?? 'user-dan')}`)).toBe(endedBy !== undefined);
      }
      if (state === 'active') expect(says('Shortened to')).toBe(shortenedBy !== undefined);
      if (state === 'active' && shortenedBy !== undefined) expect(says(`by ${mentionOf(shortenedBy)}`)).toBe(true);
      // Kept or gone.
      if (over) {
        expect(says('keeps it: another request gives the same')).toBe(kept === 'request');
        expect(says('Glasshammer does not take it away')).toBe(kept === 'standing' || kept === 'given');
      }
      // Each fact appears once, and notes that are meant for programs do not appear.
      expect(story.split('ps-admin')).toHaveLength(2);
      expect(story.split('INC-7')).toHaveLength(2);
      expect(story).not.toMatch(
        /kept:|Why:|done early|(ended|cancelled) by an (approver|operator)|time is up|from 4h to 1h/,
      );
    }),
    { numRuns: 300 },
  );
});

test('every sentence of notices, reminders and warnings is true for the state of their request', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ request, endedBy, kept, shortenedBy, kind }) => {
      const { state, endsAt } = request;
      const outcome = words(outcomeNotice(request, PEOPLE));
      expect(outcome).not.toMatch(/done early|(ended|cancelled) by an (approver|operator)/);
      if (['denied', 'expired', 'cancelled', 'refused'].includes(state))
        expect(outcome.includes('1 hour more of *Admin')).toBe(kind === 'more');
      if (state === 'pending') {
        const reminder = words(approvalReminder({ request, approvers: ['user-cleo'], people: PEOPLE }));
        expect(reminder.includes('1 hour more of *Admin')).toBe(kind === 'more');
        expect(reminder.includes(`until ${slackDate(endsAt)} (1 hour)`)).toBe(kind === 'later');
      }
      if (state === 'active') {
        expect(outcome).toContain(
          `your access is there: *AdministratorAccess* in *Production* (\`123456789012\`) until ${slackDate(endsAt)}`,
        );
        expect(outcome.includes('Shortened to')).toBe(shortenedBy !== undefined);
      } else expect(outcome).not.toContain('your access is there');
      if (state === 'denied') expect(outcome).toMatch(/<@U0(CLEO|DAN)> denied your request/);
      if (state === 'ended' && endedBy !== undefined) {
        expect(outcome).toContain(`${mentionOf(endedBy)} ended your access`);
        expect(outcome.includes('You keep it')).toBe(kept === 'standing' || kept === 'given');
      }

      const warning = words(endWarning(request));
      if (state === 'active') expect(warning.includes(slackDate(endsAt))).toBe(!warning.includes('was extended'));
      else expect(warning).toMatch(/is ending|has ended/);
      if (state === 'ended' && kept === 'request') expect(warning).toContain('but you keep the');

      // An approver who comes too late reads the decision, and never that the request is open.
      const late = words(lostRaceNotice({ reason: 'already-decided' }, request, PEOPLE));
      if (state === 'denied') expect(late).toMatch(/<@U0(CLEO|DAN)> denied it/);
      if (STATES[state].decided === 'yes') expect(late).toContain('<@U0CLEO> approved it');
    }),
    { numRuns: 300 },
  );
});
