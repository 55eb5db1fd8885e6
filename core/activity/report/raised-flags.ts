import { compareText } from '../../model/text.ts';
import { type ActivityDigest, callsIn, type FlagAggregate, rowsOf } from '../classify/aggregate/digest.ts';
import { DISCOVERY_ACTIONS, MANY_KINDS } from '../classify/rules/discovery.ts';
import { FLAG_IDS, type FlagId } from '../classify/rules/flag-ids.ts';
import { FLAGS, type FlagMeaning } from '../classify/rules/flags.ts';
import { counted, instant, listed, range } from './render/wording.ts';

/** A flag that a report shows, with what raised it. Plain text, not yet escaped. */
export interface RaisedFlag extends FlagMeaning {
  readonly id: FlagId;
  /** What was found, in one line. */
  readonly found: string;
  readonly resources: readonly string[];
}

/**
 * The flags of a digest, most serious first.
 *
 * @param complete whether everything was read; only then, and if nobody signed in, may a report say "nothing was done"
 */
export function raisedFlags(digest: ActivityDigest, complete: boolean): readonly RaisedFlag[] {
  return FLAG_IDS.flatMap((id): RaisedFlag[] => {
    const found = findingOf(id, digest, complete);
    if (found === undefined) return [];
    const aggregate = digest.flags[id];
    const resources =
      aggregate === undefined
        ? []
        : [
            ...new Set([...aggregate.resources, ...(aggregate.attempted ?? [])]),
            ...(aggregate.resourcesCut === true ? ['and more'] : []),
          ];
    const { tried, ...meaning } = FLAGS[id];
    const inVain = aggregate !== undefined && aggregate.tried === aggregate.count && tried !== undefined;
    return [{ id, ...meaning, ...(inVain ? { sentence: tried } : {}), found, resources }];
  });
}

function findingOf(id: FlagId, digest: ActivityDigest, complete: boolean): string | undefined {
  if (id === 'nothing-done') {
    const unused = complete && callsIn(digest) === 0 && digest.counts['sign-in'] === 0;
    return unused ? 'The person did not sign in.' : undefined;
  }
  if (id === 'new-address') return addresses(digest);
  if (id === 'looking-around') return lookedAround(digest);
  const aggregate = digest.flags[id];
  return aggregate === undefined ? undefined : calls(aggregate);
}

/** One such call is daily work; only many different ones raise the flag. Refused calls count as well. */
function lookedAround(digest: ActivityDigest): string | undefined {
  const rows = [...rowsOf(digest, 'read'), ...rowsOf(digest, 'refused')];
  const kinds = [...new Set(rows.map(({ action }) => action))].filter((action) => DISCOVERY_ACTIONS.has(action));
  if (kinds.length < MANY_KINDS) return undefined;
  const shown = kinds.sort(compareText).slice(0, MANY_KINDS);
  return `${kinds.length} different calls that say who and what there is: ${shown.join(', ')}${kinds.length > shown.length ? ', …' : ''}`;
}

function calls(aggregate: FlagAggregate): string {
  const actions = [
    ...named(aggregate.actions),
    ...named(aggregate.attempts ?? {}).map((action) =>
      aggregate.tried === aggregate.count ? action : `${action} (tried)`,
    ),
  ];
  const tried =
    aggregate.tried === 0
      ? ''
      : aggregate.tried === aggregate.count
        ? ', none of which succeeded'
        : `, of which ${aggregate.tried} did not succeed`;
  const more = aggregate.actionsCut === true ? ', …' : '';
  return `${counted(aggregate.count, 'call')}${tried}: ${actions.join(', ')}${more} (${range(aggregate.first, aggregate.last)})`;
}

function named(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts)
    .sort(([a, n], [b, m]) => m - n || compareText(a, b))
    .map(([action, count]) => (count === 1 ? action : `${action} ×${count}`));
}

/** AWS services that call on the requester's behalf appear by host name; only IP addresses count here. */
function addresses(digest: ActivityDigest): string | undefined {
  const places = digest.addresses
    .filter(({ address }) => /^[\d.]+$/.test(address) || address.includes(':'))
    .sort((a, b) => compareText(a.first, b.first) || compareText(a.address, b.address));
  const [first, ...later] = places;
  if (first === undefined || later.length === 0) return undefined;
  const shown = later
    .slice(0, 5)
    .map(({ address, first: at, count }) => `${address} from ${instant(at)} (${counted(count, 'call')})`);
  const more = later.length > shown.length ? [`${later.length - shown.length} more`] : [];
  return `First ${first.address} (${counted(first.count, 'call')}), then ${listed([...shown, ...more])}.`;
}
