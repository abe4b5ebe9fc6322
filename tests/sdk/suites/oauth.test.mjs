// Signing in through providers of identity: their settings, every method; the sign-in itself in a real browser, to a provider
// on loopback, which the server may call because it was started with CAIRN_OUTBOUND_ALLOW=127.0.0.0/8.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';
import * as node from 'node-appwrite';

import { inPage, openBrowser } from '../lib/browser.mjs';
import { administrator, project, unique } from '../lib/console.mjs';
import { openProvider } from '../lib/provider.mjs';
import { call, origin } from '../lib/rest.mjs';
import { consoleClient, fails, has, nodeClient, person, same, webClient } from '../lib/sdk.mjs';

const SCOPES = [
  'project.read', 'project.oauth2.read', 'project.oauth2.write', 'platforms.write', 'users.read', 'users.write',
  'sessions.write',
];

/** What goes into a field: texts but where a field is a list, a number or an address. */
const VALUES = {
  prompt: ['consent'],
  maxAge: 60,
  wellKnownURL: 'https://id.example.org/.well-known/openid-configuration',
  authorizationURL: 'https://id.example.org/authorize',
  tokenURL: 'https://id.example.org/token',
  userInfoURL: 'https://id.example.org/userinfo',
};

function value(provider, field) {
  if (provider === 'gitlab' && field === 'endpoint') return 'https://gitlab.example.org';
  return VALUES[field] ?? `my-${field}`;
}

describe('providers of a project', { concurrency: false }, () => {
  let own, api, forms;

  before(async () => {
    own = await project(await administrator(), { scopes: SCOPES });
    api = new node.Project(nodeClient(own, { key: own.key }));
    const answer = await call('GET', '/console/oauth2-providers', { headers: own.admin.headers, expect: 200 });
    forms = answer.body.oAuth2Providers;
  });

  test('every provider has its method', async () => {
    const methods = Object.getOwnPropertyNames(node.Project.prototype)
      .filter((method) => /^updateOAuth2./.test(method) && method !== 'updateOAuth2Server');
    // The package calls one sandbox by another name than its id.
    const id = (method) => method.slice('updateOAuth2'.length).toLowerCase().replace('tradeshiftsandbox', 'tradeshiftbox');
    assert.ok(methods.length >= 43, `${methods.length}`);
    for (const method of methods) {
      const form = forms.find(({ $id }) => $id.toLowerCase() === id(method));
      assert.ok(form, `${method} belongs to no provider`);
      const entered = Object.fromEntries(form.parameters.map(({ $id }) => [$id, value(form.$id, $id)]));
      const saved = await api[method](entered);
      const secret = form.parameters.find(({ $id }) => /secret|p8File/i.test($id)).$id;
      has(saved, { ...entered, [secret]: '', $id: form.$id, enabled: true });
      same(await api.getOAuth2Provider({ providerId: form.$id }), structuredClone(saved));
      has(await api[method]({ enabled: false }), { enabled: false });
    }
  });

  test('what cannot be', async () => {
    await fails(() => api.updateOAuth2Auth0({ clientId: 'a', clientSecret: 'b', endpoint: '', enabled: true }), 400, 'general_argument_invalid');
    await fails(() => api.updateOAuth2Google({ prompt: ['none', 'login'] }), 400, 'general_argument_invalid');
    await fails(() => api.getOAuth2Provider({ providerId: 'nobody' }), 400, 'general_argument_invalid');
    await fails(() => api.getOAuth2Provider({ providerId: 'yammer' }), 400, 'project_provider_unsupported');
    const guest = new node.Project(nodeClient(own));
    await fails(() => guest.listOAuth2Providers(), 401, 'general_unauthorized_scope');
    await fails(() => guest.getOAuth2Provider({ providerId: 'github' }), 401, 'general_unauthorized_scope');
    await fails(() => guest.updateOAuth2GitHub({ clientId: 'x' }), 401, 'general_unauthorized_scope');
  });

  test('the list', async () => {
    const list = await api.listOAuth2Providers();
    assert.deepEqual([list.total, list.providers.length], [forms.length, forms.length]);
    const page = await api.listOAuth2Providers({ queries: [node.Query.limit(2), node.Query.offset(1)], total: false });
    assert.deepEqual([page.total, page.providers.map(({ $id }) => $id)], [0, ['apple', 'appwrite']]);
  });
});

describe('the older way of the console', () => {
  test('one secret of several values', async () => {
    const own = await project(await administrator(), { scopes: SCOPES });
    const projects = new consoleSdk.Projects(consoleClient({ ...own, id: 'console' }, { admin: true }));
    const secret = JSON.stringify({ clientSecret: 's', oktaDomain: 'example.okta.com' });
    await projects.updateOAuth2({ projectId: own.id, provider: 'okta', appId: 'a', secret, enabled: true });
    const api = new node.Project(nodeClient(own, { key: own.key }));
    has(await api.getOAuth2Provider({ providerId: 'okta' }), { domain: 'example.okta.com', clientId: 'a', enabled: true });
    await fails(() => projects.updateOAuth2({ projectId: own.id, provider: 'nobody' }), 400, 'general_argument_invalid');
    });
});

const begin = async ({ client, Account, OAuthProvider }, { method, success, failure }) => {
  // The package leaves the page; nothing of this call comes back.
  new Account(client)[method]({ provider: OAuthProvider.Oidc, success, failure });
};
const whoAmI = async ({ client, Account }) => (await new Account(client).get()).email;
const redeem = async ({ client, Account }, { userId, secret }) => {
  const session = await new Account(client).createSession({ userId, secret });
  return { provider: session.provider, userId: session.userId };
};

describe('signing in through a provider', { concurrency: false }, () => {
  let own, provider, browser, users;

  before(async () => {
    own = await project(await administrator(), { scopes: SCOPES });
    provider = await openProvider();
    await new node.Project(nodeClient(own, { key: own.key })).updateOAuth2Oidc(provider.settings);
    users = new node.Users(nodeClient(own, { key: own.key }));
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await provider?.close();
  });

  /** Begin in the page, and wait until the browser is back below `address`. */
  async function through(page, method) {
    const here = new URL('/', page.url());
    const [success, failure] = [new URL('/in', here), new URL('/out', here)].map(String);
    await Promise.all([
      page.waitForURL((url) => url.pathname === '/in' || url.pathname === '/out'),
      inPage(page, own, begin, { method, success, failure }).catch(() => undefined),
    ]);
    return new URL(page.url());
  }

  test('with a session, on one site', async () => {
    const email = `${unique('ada')}@example.org`;
    provider.person = { sub: unique('ada'), email, email_verified: true, name: 'Ada' };
    const page = await browser.page('127.0.0.1');
    const back = await through(page, 'createOAuth2Session');
    assert.equal(back.pathname, '/in', String(back));
    assert.deepEqual(await inPage(page, own, whoAmI), { value: email });

    const { identities } = await users.listIdentities({ queries: [node.Query.equal('providerEmail', email)] });
    has(identities[0], { provider: 'oidc', providerUid: provider.person.sub, providerAccessToken: 'at', providerRefreshToken: 'rt' });
    has(await users.get({ userId: identities[0].userId }), { email, emailVerification: true, name: 'Ada' });
  });

  test('with a token, across sites', async () => {
    const email = `${unique('eve')}@example.org`;
    provider.person = { sub: unique('eve'), email, email_verified: true, name: 'Eve' };
    const page = await browser.page('localhost');
    const back = await through(page, 'createOAuth2Token');
    const [userId, secret] = ['userId', 'secret'].map((name) => back.searchParams.get(name));
    const { value, error } = await inPage(page, own, redeem, { userId, secret });
    assert.deepEqual(value, { provider: 'oidc', userId }, JSON.stringify(error));
    assert.deepEqual(await inPage(page, own, whoAmI), { value: email });
    const again = await inPage(page, own, redeem, { userId, secret });
    assert.equal(again.error.type, 'user_session_already_exists');
  });

  test('the address of an account that never proved it opens nothing', async () => {
    const somebody = await person(own, 'mallory');
    provider.person = { sub: unique('victim'), email: somebody.email, email_verified: true };
    const page = await browser.page('127.0.0.1');
    const back = await through(page, 'createOAuth2Session');
    assert.equal(back.pathname, '/out', String(back));
    has(JSON.parse(back.searchParams.get('error')), { type: 'general_bad_request', code: 400 });
    assert.equal((await inPage(page, own, whoAmI)).error.type, 'general_unauthorized_scope');
  });

  test('a link that was sent to somebody else signs nobody in', async () => {
    provider.person = { sub: unique('attacker'), email: `${unique('attacker')}@example.org`, email_verified: true };
    const start = await call('GET', `/account/sessions/oauth2/oidc?project=${own.id}&success=http://localhost/in`, { expect: 301 });
    const authorize = await fetch(start.headers.get('location'), { redirect: 'manual' });
    const page = await browser.page('127.0.0.1');
    const response = await page.goto(authorize.headers.get('location'));
    assert.equal(response.status(), 400);
    await page.goto(`${origin}/healthz`);
    const cookies = await page.context().cookies();
    assert.deepEqual(cookies.filter(({ name }) => name.startsWith('a_session')), []);
  });

  test('a server begins for a browser', async () => {
    const account = new node.Account(nodeClient(own, { key: own.key }));
    const email = `${unique('zoe')}@example.org`;
    provider.person = { sub: unique('zoe'), email, email_verified: true };
    const address = await account.createOAuth2Token({ provider: node.OAuthProvider.Oidc, success: 'http://localhost/in' });
    const steps = [address];
    while (!steps.at(-1).startsWith('http://localhost/in')) {
      const answer = await fetch(steps.at(-1), { redirect: 'manual' });
      steps.push(answer.headers.get('location') ?? assert.fail(`${answer.status} ${steps.at(-1)}`));
    }
    const end = new URL(steps.at(-1));
    const session = await account.createSession({ userId: end.searchParams.get('userId'), secret: end.searchParams.get('secret') });
    has(session, { provider: 'oidc', providerAccessToken: 'at', factors: ['email', 'oauth2'] });
    const zoe = new node.Account(nodeClient(own, { session: session.secret }));
    const renewed = await zoe.updateSession({ sessionId: 'current' });
    has(renewed, { providerAccessToken: 'at', providerRefreshToken: 'rt' });
    const used = () => account.createSession({ userId: session.userId, secret: end.searchParams.get('secret') });
    await fails(used, 401, 'user_invalid_token');
  });

  test('a provider that is off, or none', async () => {
    const account = new node.Account(nodeClient(own, { key: own.key }));
    // The package wants to be sent elsewhere, and keeps nothing of the answer but its status.
    await fails(() => account.createOAuth2Token({ provider: node.OAuthProvider.Github }), 412, '');
    const hostile = () => account.createOAuth2Token({ provider: node.OAuthProvider.Oidc, success: 'https://evil.example/' });
    await fails(hostile, 400, '');
    // The web package outside of a browser gives the address.
    const web = await import('appwrite');
    const address = new web.Account(webClient(own)).createOAuth2Session({ provider: web.OAuthProvider.Oidc });
    assert.match(String(address), /\/account\/sessions\/oauth2\/oidc\?/);
  });

  test('identities', async () => {
    const { identities } = await users.listIdentities({ search: 'zoe' });
    assert.equal(identities.length, 1);
    const [{ $id: identityId, userId }] = identities;
    const { secret } = await users.createSession({ userId });
    for (const account of [new node.Account(nodeClient(own, { session: secret }))]) {
      same((await account.listIdentities()).identities.map(({ $id }) => $id), [identityId]);
      const none = await account.listIdentities({ queries: [node.Query.equal('provider', 'github')] });
      assert.equal(none.total, 0);
    }
    const stranger = await person(own, 'stranger');
    const other = new node.Account(nodeClient(own, { session: stranger.session }));
    await fails(() => other.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
    const web = await import('appwrite');
    const webAccount = new web.Account(webClient(own, { session: secret }));
    assert.equal((await webAccount.listIdentities()).total, 1);
    await webAccount.deleteIdentity({ identityId });
    await fails(() => webAccount.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
    await fails(() => users.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
    const ada = (await users.listIdentities({ search: 'ada' })).identities[0];
    await users.deleteIdentity({ identityId: ada.$id });
    const guest = new node.Users(nodeClient(own));
    await fails(() => guest.listIdentities(), 401, 'general_unauthorized_scope');
    await fails(() => guest.deleteIdentity({ identityId }), 401, 'general_unauthorized_scope');
    await fails(() => new node.Account(nodeClient(own)).listIdentities(), 401, 'general_unauthorized_scope');
  });
});
