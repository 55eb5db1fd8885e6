import { run } from './run.ts';

const DIRECTORY = JSON.stringify({
  users: [{ id: 'u-ana', userName: 'ana' }],
  groups: [{ id: 'g-sre', name: 'SRE' }],
  accounts: [{ id: '123456789012', name: 'Production' }],
  permissionSets: [{ arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', name: 'ReadOnlyAccess' }],
});

const policy = (fields: Readonly<Record<string, string>>) =>
  Object.entries({
    name: 'night-shift',
    effect: 'allow',
    who: '[everyone]',
    accounts: '["*"]',
    permissionSets: '["*"]',
    ...fields,
  })
    .map(([key, value], nth) => `${nth === 0 ? '- ' : '  '}${key}: ${value}`)
    .join('\n');

/** A mistake in a policy file, and the message that lets the operator correct it: place, mistake and remedy. */
test.each<[written: string, text: string, says: RegExp]>([
  ['no policy', '# to be written\n', /^p\.yaml: holds no policy/],
  ['two documents', `${policy({})}\n---\n${policy({})}`, /^p\.yaml:6:1: one document only; .*---/],
  ['the same field twice', `${policy({})}\n  effect: deny`, /^p\.yaml:6:3: effect is there twice/],
  ['a YAML merge key', `${policy({})}\n- <<: {}\n  name: b`, /p\.yaml:6: .*<< \(merge\) is not supported; repeat/],
  [
    'an account id without quotes',
    policy({ accounts: '[012345678901]' }),
    /:4:14: .*lost its zero; write "012345678901"/,
  ],
  ['a number for a name', policy({ name: '7' }), /p\.yaml:1: .*name must be in quotes: "7"/],
  ['a space in a reference', policy({ who: '[group: SRE]' }), /:3: .*write group:SRE without the space/],
  ['a name in the wrong case', policy({ who: '[group:sre]' }), /:3: .*no group sre; did you mean SRE\?/],
  ['a misspelt permission set', policy({ permissionSets: '[ReadOnlyAcces]' }), /:5: .*did you mean ReadOnlyAccess\?/],
  ['an unknown field', policy({ durations: '1h' }), /:6: .*durations is not a field; did you mean maxDuration\?/],
])('%s in a policy file is answered in one line with the place and the remedy', async (_written, text, says) => {
  const { code, err } = await run('policy check p.yaml --directory d.json', {
    files: { 'p.yaml': text, 'd.json': DIRECTORY },
  });
  expect(code).toBe(2);
  expect(err).toMatch(says);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('a byte order mark, which Windows editors write, is no mistake, and one policy is counted in the singular', async () => {
  const { code, out } = await run('policy check p.yaml', {
    files: { 'p.yaml': `\ufeff${policy({ accounts: "['123456789012']" })}` },
  });
  expect({ code, out }).toEqual({ code: 0, out: '1 policy, no errors, 0 warnings\n' });
});

test('policy check warns of a reminder that would come after the request has expired', async () => {
  const approval = '{ approvers: [group:SRE], expires: 30m, remind: 1h }';
  const { code, out } = await run('policy check p.yaml', { files: { 'p.yaml': policy({ approval }) } });
  expect(code).toBe(0);
  expect(out).toMatch(/^p\.yaml:6: warning: .*nobody would be reminded/);
});

test.each<[line: string, says: RegExp]>([
  ['polcy', /^unknown command 'polcy'; did you mean policy\?\n$/],
  ['slack-manifest --url ACCOUNT', /'ACCOUNT' is invalid\. Write the https address in the output UrlEvents; /],
  ['policy check nowhere.yaml', /^nowhere\.yaml: there is no such file\n$/],
])('the mistyped command glasshammer %s is answered with what is wrong', async (line, says) => {
  expect(await run(line)).toMatchObject({ code: 2, err: expect.stringMatching(says) });
});
