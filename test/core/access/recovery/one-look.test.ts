import { listedOnce } from '../../../../core/access/recovery/one-look.ts';
import type { AccessRequest, RequestState } from '../../../../core/model/request.ts';

const inState = (state: RequestState) => ({ id: `request-${state}`, state }) as AccessRequest;

/** A store that counts how often each state is listed, and whose list of one state breaks once. */
function store(breaksAt?: RequestState) {
  const listed: RequestState[] = [];
  let broken = false;
  return {
    listed,
    async *inStates(states: readonly RequestState[], _only?: { readonly endsFrom?: string }) {
      for (const state of states) {
        listed.push(state);
        yield inState(state);
        if (state !== breaksAt || broken) continue;
        broken = true;
        throw new Error('throttled');
      }
    },
  };
}

async function idsOf(list: AsyncIterable<AccessRequest>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of list) ids.push(id);
  return ids;
}

test('a pass that goes over the same states twice lists each once, and sees the same requests both times', async () => {
  const requests = store();
  const once = listedOnce(requests);
  expect(await idsOf(once.inStates(['active', 'pending']))).toEqual(['request-active', 'request-pending']);
  expect(await idsOf(once.inStates(['pending', 'active', 'ended']))).toEqual([
    'request-pending',
    'request-active',
    'request-ended',
  ]);
  expect(requests.listed).toEqual(['active', 'pending', 'ended']);
});

test('a part of a list is not taken for all of it', async () => {
  const requests = store();
  const once = listedOnce(requests);
  await idsOf(once.inStates(['active'], { endsFrom: '2026' }));
  await idsOf(once.inStates(['active']));
  expect(requests.listed).toEqual(['active', 'active']);
});

test('a list that failed half way is not kept: the next look reads it again, to its end', async () => {
  const requests = store('active');
  const once = listedOnce(requests);
  await expect(idsOf(once.inStates(['active']))).rejects.toThrow('throttled');
  expect(await idsOf(once.inStates(['active']))).toEqual(['request-active']);
  expect(requests.listed).toEqual(['active', 'active']);
});

test('a list of requests that somebody has filled up is not kept in memory, and the next look reads it again', async () => {
  const listed: RequestState[] = [];
  const full = { reason: 'x'.repeat(400_000) };
  const once = listedOnce({
    async *inStates(states: readonly RequestState[]) {
      for (const state of states) {
        listed.push(state);
        for (let n = 0; n < (state === 'active' ? 60 : 1); n++) yield { ...inState(state), ...full };
      }
    },
  });
  for (const _ of [1, 2]) expect(await idsOf(once.inStates(['active', 'pending']))).toHaveLength(61);
  expect(listed).toEqual(['active', 'pending', 'active']);
});

test('a list that nobody read to its end is not taken for a whole one', async () => {
  const requests = store();
  const once = listedOnce(requests);
  for await (const request of once.inStates(['active'])) {
    expect(request.id).toBe('request-active');
    break;
  }
  await idsOf(once.inStates(['active']));
  expect(requests.listed).toEqual(['active', 'active']);
});
