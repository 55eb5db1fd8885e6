import { type Invokes, lambda } from '../../../../sandbox/aws/others/lambda.ts';
import { createWorld } from '../../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../../sandbox/aws/world/seed.ts';

/** Invokes a function asynchronously. */
function invokeLater(invokes: Invokes) {
  const world = createWorld(readSeed({}));
  world.functions.push({ name: 'glasshammer-sweep-access', state: 'Active' });
  const headers = { 'x-amz-invocation-type': 'Event' };
  const request = { method: 'POST', path: '/', headers, body: Buffer.from('{"n":1}') };
  return lambda(world, invokes).Invoke?.({ FunctionName: 'glasshammer-sweep-access' } as never, {} as never, request);
}

const invoke = () => Promise.reject(new Error('not at once'));

test('an event is taken for later, or refused where nothing runs it later, but never lost', async () => {
  const taken: unknown[] = [];
  const later = (name: string, event: unknown) => taken.push([name, event]);
  expect(await invokeLater({ invoke, invokeLater: later })).toMatchObject({ status: 202 });
  expect(taken).toEqual([['sweep-access', { n: 1 }]]);
  await expect(invokeLater({ invoke })).rejects.toMatchObject({ name: 'ServiceException' });
});
