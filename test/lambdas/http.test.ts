import { ACKNOWLEDGED, type HttpEvent, jsonAnswer, rawBody, textAnswer } from '../../lambdas/access-requested/http.ts';

const event = (body: string | undefined, isBase64Encoded: boolean): HttpEvent => ({
  rawPath: '/slack/interactivity',
  headers: {},
  isBase64Encoded,
  ...(body === undefined ? {} : { body }),
});

/** Bodies with encoded, empty, non-ASCII and control characters. */
const BODIES = ['payload=%7B%22a%22%3A1%7D', '', 'ü😀 %F0%9F%98%80', '{"type":"url_verification"}', 'a\r\nb\u0000c'];

describe('the body of a Slack call', () => {
  it.each(BODIES)(
    'is exactly the bytes that Slack signed, with or without the base64 encoding of API Gateway: %j',
    (body) => {
      const bytes = Buffer.from(body, 'utf8');
      expect(rawBody(event(body, false))).toEqual(bytes);
      expect(rawBody(event(bytes.toString('base64'), true))).toEqual(bytes);
    },
  );

  it('is not decoded only because it looks like base64', () => {
    expect(rawBody(event('cGF5bG9hZD0x', false)).toString()).toBe('cGF5bG9hZD0x');
  });

  it('may be missing', () => {
    expect(rawBody(event(undefined, false))).toHaveLength(0);
    expect(rawBody(event(undefined, true))).toHaveLength(0);
  });

  it('keeps bytes that are not valid UTF-8', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    expect(rawBody(event(bytes.toString('base64'), true))).toEqual(bytes);
  });
});

describe('an answer to Slack', () => {
  it('is empty when Slack only needs an acknowledgement', () => {
    expect(ACKNOWLEDGED).toEqual({ statusCode: 200, headers: {}, body: '' });
  });

  it('names its content type, with UTF-8', () => {
    expect(jsonAnswer(401, { text: 'ü' })).toEqual({
      statusCode: 401,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"text":"ü"}',
    });
    expect(textAnswer(200, 'challenge').headers).toEqual({ 'content-type': 'text/plain; charset=utf-8' });
  });
});
