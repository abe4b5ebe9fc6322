// Plain requests to the server, for what no SDK does: the console's first steps and looks at the wire.

/** Where the server listens, without and with the API's prefix; `cargo xtask sdk-test` sets both. */
export const origin = process.env.CAIRN_ORIGIN ?? 'http://127.0.0.1:8080';
export const endpoint = process.env.CAIRN_ENDPOINT ?? `${origin}/v1`;

/** An answer that was not what the caller required. */
export class UnexpectedAnswer extends Error {
  constructor(request, answer) {
    super(`${request} answered ${answer.status}: ${answer.text}`);
    Object.assign(this, answer);
  }
}

/**
 * Send one request below `/v1`. `body` is sent as JSON; with `expect`, any other status throws.
 * Returns status, headers, text, body (parsed where it is JSON) and the cookies that the answer sets.
 */
export async function call(method, path, { headers = {}, body, expect, base = endpoint } = {}) {
  const response = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed(text),
    cookies: cookies(response.headers),
  };
  if (expect !== undefined && answer.status !== expect) {
    throw new UnexpectedAnswer(`${method} ${path} (expected ${expect})`, answer);
  }
  return answer;
}

/**
 * Ask again until `isDone(value)` holds, for work that the server does after it answered 202.
 * Between two questions only the answer is awaited; `limit_ms` bounds the whole.
 */
export async function until(ask, isDone, what, limit_ms = 20_000) {
  const end = Date.now() + limit_ms;
  for (;;) {
    const value = await ask();
    if (isDone(value)) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${limit_ms} ms; last: ${JSON.stringify(value)}`);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cookies(headers) {
  const pairs = headers.getSetCookie().map((line) => line.split(';')[0]);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
