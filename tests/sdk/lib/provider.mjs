// A provider of identity on loopback: it sends browsers straight back, and tells whatever a suite wants it to tell.

import { createServer } from 'node:http';

/** Start one. `person` is what its profile says; `origin` where it listens; `settings` what a project enters for it. */
export async function openProvider() {
  const provider = { person: {}, asked: [] };
  const server = createServer((request, response) => {
    const url = new URL(request.url, provider.origin);
    provider.asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname === '/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri'));
      back.searchParams.set('code', 'good');
      back.searchParams.set('state', url.searchParams.get('state'));
      response.writeHead(302, { location: String(back) });
      return response.end();
    }
    const tokens = { access_token: 'at', refresh_token: 'rt', expires_in: 3600 };
    const answers = { '/token': tokens, '/user': provider.person };
    response.writeHead(answers[url.pathname] ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answers[url.pathname] ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider.origin = `http://127.0.0.1:${server.address().port}`;
  provider.settings = {
    clientId: 'app',
    clientSecret: 's3cret',
    authorizationURL: `${provider.origin}/authorize`,
    tokenURL: `${provider.origin}/token`,
    userInfoURL: `${provider.origin}/user`,
    enabled: true,
  };
  provider.close = () => new Promise((resolve) => server.close(resolve));
  return provider;
}
