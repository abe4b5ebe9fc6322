// The project as an OAuth2 server: applications, the code flow with PKCE, refresh, revocation, the device flow, consents and
// installations, with `node-appwrite`; what `appwrite` has of it, Emma does with both packages.

import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { before, describe, test } from 'node:test';

import * as browserSdk from 'appwrite';
import { Account, Apps, Client, ID, Oauth2, Project, Query, TablesDB, Teams, Users } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { fails, has, nodeClient, person, same, webClient } from '../lib/sdk.mjs';
import { endpoint } from '../lib/rest.mjs';

const SCOPES = [
  'apps.read', 'apps.write', 'oauth2.read', 'oauth2.write', 'project.oauth2.read', 'project.oauth2.write', 'project.read',
  'users.read', 'users.write', 'sessions.write', 'teams.read', 'teams.write',
  'databases.read', 'databases.write', 'tables.read', 'tables.write', 'columns.read', 'columns.write', 'rows.read', 'rows.write',
];
const redirectUri = 'https://planner.example/callback';
const place = { databaseId: 'db', tableId: 'plans' };

/** A verifier and its challenge. */
function pkce() {
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  return { codeVerifier, asked: { codeChallenge, codeChallengeMethod: 'S256' } };
}

function bearer(own, token) {
  return new Client().setEndpoint(endpoint).setProject(own.id).setBearer(token);
}

const params = (address) => Object.fromEntries(new URL(address).searchParams);

describe('OAuth2 server', { concurrency: false }, () => {
  let own, server, dev, emma, bob, web, backend, guest;

  before(async () => {
    own = await project(await administrator(), { scopes: SCOPES });
    server = nodeClient(own, { key: own.key });
    guest = new Oauth2(nodeClient(own));
    [dev, emma, bob] = await Promise.all(['dev', 'emma', 'bob'].map((name) => person(own, name)));
    for (const user of [dev, emma, bob]) {
      user.client = nodeClient(own, { session: user.session });
      for (const Service of [Account, Apps, Oauth2, Teams, TablesDB]) user[Service.name.toLowerCase()] = new Service(user.client);
    }
    const browser = webClient(own, { session: emma.session });
    emma.web = { account: new browserSdk.Account(browser), teams: new browserSdk.Teams(browser) };
    const tables = new TablesDB(server);
    await tables.create({ databaseId: place.databaseId, name: 'DB' });
    await tables.createTable({ ...place, name: 'Plans', permissions: ['read("users")', 'create("users")'] });
  });

  test('a project becomes a server', async () => {
    const early = () => dev.apps.create({ appId: ID.unique(), name: 'Early', redirectUris: [redirectUri] });
    await fails(early, 403, 'oauth2_server_disabled');
    await fails(() => guest.authorize({ clientId: 'none' }), 403, 'oauth2_server_disabled');
    const projects = new Project(server);
    const settings = {
      enabled: true,
      authorizationUrl: 'https://shop.example/consent',
      scopes: ['account', 'rows.read', 'rows.write', 'games.play'],
      authorizationDetailsTypes: ['organization', 'project'],
      publicAccessTokenDuration: 900,
      verificationUrl: 'https://shop.example/device',
      userCodeFormat: 'numeric',
      userCodeLength: 9,
      defaultScopes: ['openid'],
    };
    const shown = await projects.updateOAuth2Server(settings);
    has(shown, { oAuth2ServerEnabled: true, oAuth2ServerPublicAccessTokenDuration: 900, oAuth2ServerAccessTokenDuration: 28800 });
    const discovered = await (await fetch(shown.oAuth2ServerDiscoveryUrl.replace(/^.*\/v1/, endpoint))).json();
    assert.ok(discovered.token_endpoint.endsWith(`/v1/oauth2/${own.id}/token`));
    await fails(() => projects.updateOAuth2Server({ ...settings, defaultScopes: ['none'] }), 400, 'general_argument_invalid');
    await fails(() => new Project(emma.client).updateOAuth2Server(settings), 401, 'general_unauthorized_scope');
  });

  test('users make applications, which only their owners change', async () => {
    web = await dev.apps.create({
      appId: 'web',
      name: 'Planner',
      redirectUris: [redirectUri],
      description: 'Plans things.',
      contacts: ['help@planner.example'],
      tags: ['plans'],
      type: 'public',
      deviceFlow: true,
    });
    has(web, { $id: 'web', userId: dev.id, teamId: '', type: 'public', deviceFlow: true, enabled: true, secrets: [] });
    backend = await dev.apps.create({ appId: 'backend', name: 'Backend', redirectUris: [redirectUri] });
    await fails(() => dev.apps.create({ appId: 'web', name: 'Again', redirectUris: [] }), 409, 'app_already_exists');
    const evil = () => dev.apps.create({ appId: ID.unique(), name: 'Evil', redirectUris: ['javascript:alert(1)'] });
    await fails(evil, 400, 'general_argument_invalid');
    same((await dev.apps.list({ queries: [Query.equal('type', 'public')] })).apps.map(({ $id }) => $id), ['web']);
    assert.equal((await emma.apps.list()).total, 0);
    assert.equal((await emma.apps.get({ appId: 'web' })).name, 'Planner');
    await fails(() => emma.apps.get({ appId: 'none' }), 404, 'app_not_found');
    await fails(() => emma.apps.update({ appId: 'web', name: 'Mine' }), 401, 'user_unauthorized');
    await fails(() => emma.apps.delete({ appId: 'web' }), 401, 'user_unauthorized');
    has(await dev.apps.update({ appId: 'web', name: 'Web planner', tagline: 'Plan.' }), { tagline: 'Plan.', description: 'Plans things.' });
    await fails(() => dev.apps.updateLabels({ appId: 'web', labels: ['checked'] }), 401, 'general_unauthorized_scope');
    same((await new Apps(server).updateLabels({ appId: 'web', labels: ['checked'] })).labels, ['checked']);
    const oauth2 = await dev.apps.listOAuth2Scopes();
    assert.ok(oauth2.scopes.some(({ value, type }) => value === 'openid' && type === 'account'));
    const installable = (await dev.apps.listInstallationScopes()).scopes.map(({ value }) => value);
    assert.ok(installable.includes('rows.read') && !installable.includes('account') && !installable.includes('users.read'));

    await dev.teams.create({ teamId: 'studio', name: 'Studio' });
    const moved = await dev.apps.create({ appId: 'moved', name: 'Moved', redirectUris: [] });
    has(await dev.apps.updateTeam({ appId: moved.$id, teamId: 'studio' }), { teamId: 'studio', userId: '' });
    await fails(() => dev.apps.updateTeam({ appId: moved.$id, teamId: 'none' }), 404, 'team_not_found');
    await dev.apps.delete({ appId: moved.$id });
    await fails(() => dev.apps.get({ appId: moved.$id }), 404, 'app_not_found');
  });

  test('secrets and keys are shown once', async () => {
    const secret = await dev.apps.createSecret({ appId: 'backend' });
    assert.ok(secret.secret.endsWith(secret.hint));
    has(secret, { appId: 'backend', createdById: dev.id, createdByName: 'dev', lastAccessedAt: null });
    backend.secret = secret.secret;
    const spare = await dev.apps.createSecret({ appId: 'backend' });
    const shown = await dev.apps.getSecret({ appId: 'backend', secretId: spare.$id });
    has(shown, { secret: '', hint: spare.hint });
    const listed = await dev.apps.listSecrets({ appId: 'backend', queries: [Query.equal('hint', spare.hint)] });
    same([listed.total, listed.secrets[0].secret], [1, '']);
    await dev.apps.deleteSecret({ appId: 'backend', secretId: spare.$id });
    await fails(() => dev.apps.getSecret({ appId: 'backend', secretId: spare.$id }), 404, 'app_secret_not_found');
    await fails(() => emma.apps.listSecrets({ appId: 'backend' }), 401, 'user_unauthorized');

    const key = await dev.apps.createKey({ appId: 'backend' });
    backend.key = key.secret;
    has(await dev.apps.getKey({ appId: 'backend', keyId: key.$id }), { secret: '', hint: key.hint });
    const other = await dev.apps.createKey({ appId: 'backend' });
    assert.equal((await dev.apps.listKeys({ appId: 'backend' })).total, 2);
    await dev.apps.deleteKey({ appId: 'backend', keyId: other.$id });
    await fails(() => dev.apps.getKey({ appId: 'backend', keyId: other.$id }), 404, 'app_key_not_found');
    await fails(() => emma.apps.createKey({ appId: 'backend' }), 401, 'user_unauthorized');
  });

  /** A code that emma allows. */
  async function code(app, scope, more = {}) {
    const begun = await emma.oauth2.authorizePost({
      clientId: app.$id, redirectUri, responseType: 'code', scope, state: 'a state', ...more,
    });
    const redirect = begun.grantId ? (await emma.oauth2.approve({ grantId: begun.grantId })).redirectUrl : begun.redirectUrl;
    const { code: told, state } = params(redirect);
    assert.equal(state, 'a state');
    return told;
  }

  test('the code flow of a public application, with PKCE', async () => {
    const { codeVerifier, asked } = pkce();
    const ask = { clientId: 'web', redirectUri, responseType: 'code', scope: 'openid email rows.read', nonce: 'n', ...asked };
    const away = await guest.authorize(ask);
    assert.equal(away.grantId, '');
    assert.equal(params(away.redirectUrl).client_id, 'web');
    await fails(() => guest.authorize({ ...ask, redirectUri: 'https://evil.example/' }), 400, 'oauth2_invalid_redirect_uri');
    await fails(() => guest.authorize({ ...ask, clientId: 'none' }), 401, 'oauth2_invalid_client');
    await fails(() => emma.oauth2.authorize({ ...ask, codeChallenge: undefined }), 400, 'oauth2_invalid_request');
    await fails(() => emma.oauth2.authorize({ ...ask, scope: 'files.read' }), 400, 'oauth2_invalid_scope');

    const { grantId } = await emma.oauth2.authorize(ask);
    const grant = await emma.oauth2.getGrant({ grantId });
    has(grant, { $id: grantId, appId: 'web', userId: emma.id, scopes: ['openid', 'email', 'rows.read'], redirectUri });
    assert.equal((await new Oauth2(server).getGrant({ grantId })).$id, grantId);
    await fails(() => bob.oauth2.getGrant({ grantId }), 404, 'oauth2_grant_not_found');
    await fails(() => bob.oauth2.approve({ grantId }), 404, 'oauth2_grant_not_found');
    const { redirectUrl } = await emma.oauth2.approve({ grantId });
    const spend = { grantType: 'authorization_code', clientId: 'web', code: params(redirectUrl).code, redirectUri };
    await fails(() => guest.createToken({ ...spend, codeVerifier: 'wrong' }), 400, 'oauth2_invalid_grant');
    const tokens = await guest.createToken({ ...spend, codeVerifier });
    has(tokens, { token_type: 'Bearer', expires_in: 900, scope: 'openid email rows.read' });

    const [header, body, signature] = tokens.id_token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url'));
    has(claims, { sub: emma.id, aud: 'web', nonce: 'n', email: emma.email });
    const { keys } = await (await fetch(`${endpoint}/oauth2/${own.id}/.well-known/jwks.json`)).json();
    const { kid } = JSON.parse(Buffer.from(header, 'base64url'));
    const key = createPublicKey({ key: keys.find((known) => known.kid === kid), format: 'jwk' });
    const signed = Buffer.from(`${header}.${body}`);
    assert.ok(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));

    const app = bearer(own, tokens.access_token);
    assert.equal((await new TablesDB(app).listRows(place)).total, 0);
    const write = () => new TablesDB(app).createRow({ ...place, rowId: ID.unique(), data: {} });
    await fails(write, 401, 'general_unauthorized_scope');
    await fails(() => new Account(app).get(), 401, 'general_unauthorized_scope');
    await fails(() => new Users(app).list(), 401, 'general_unauthorized_scope');

    const fresh = await guest.createToken({ grantType: 'refresh_token', clientId: 'web', refreshToken: tokens.refresh_token });
    await fails(() => new TablesDB(app).listRows(place), 401, 'oauth2_invalid_token');
    const again = bearer(own, fresh.access_token);
    await new TablesDB(again).listRows(place);
    const reuse = () => guest.createToken({ grantType: 'refresh_token', clientId: 'web', refreshToken: tokens.refresh_token });
    await fails(reuse, 400, 'oauth2_invalid_grant');
    await fails(() => new TablesDB(again).listRows(place), 401, 'oauth2_invalid_token');

    const { grantId: refused } = await emma.oauth2.authorize({ ...ask, prompt: 'consent' });
    assert.equal(params((await emma.oauth2.reject({ grantId: refused })).redirectUrl).error, 'access_denied');
    await fails(() => emma.oauth2.reject({ grantId: refused }), 404, 'oauth2_grant_not_found');
  });

  test('a confidential application proves itself', async () => {
    const spend = { grantType: 'authorization_code', clientId: 'backend', redirectUri };
    const told = await code(backend, 'account');
    await fails(() => guest.createToken({ ...spend, code: told }), 401, 'oauth2_invalid_client');
    await fails(() => guest.createToken({ ...spend, code: told, clientSecret: 'wrong' }), 401, 'oauth2_invalid_client');
    const tokens = await guest.createToken({ ...spend, code: told, clientSecret: backend.secret });
    const account = new Account(bearer(own, tokens.access_token));
    assert.equal((await account.get()).$id, emma.id);
    await fails(() => account.updateName({ name: 'Mallory' }), 401, 'general_unauthorized_scope');
    await fails(() => account.createJWT(), 401, 'general_unauthorized_scope');
    await fails(() => account.listConsents(), 401, 'user_unauthorized');
    same(await guest.revoke({ token: tokens.access_token, clientId: 'backend', clientSecret: backend.secret }), {});
    await fails(() => account.get(), 401, 'oauth2_invalid_token');
    await fails(() => guest.revoke({ token: tokens.refresh_token, clientId: 'backend' }), 401, 'oauth2_invalid_client');
    await guest.revoke({ token: tokens.refresh_token, tokenTypeHint: 'refresh_token', clientId: 'backend', clientSecret: backend.secret });
    const refresh = { grantType: 'refresh_token', refreshToken: tokens.refresh_token, clientId: 'backend', clientSecret: backend.secret };
    await fails(() => guest.createToken(refresh), 400, 'oauth2_invalid_grant');
    await fails(() => guest.createToken({ ...refresh, grantType: 'password' }), 400, 'oauth2_unsupported_grant_type');
    assert.ok((await dev.apps.get({ appId: 'backend' })).secrets[0].lastAccessedAt);
  });

  test('a pushed request', async () => {
    const { codeVerifier, asked } = pkce();
    const pushed = await guest.createPAR({ clientId: 'web', redirectUri, responseType: 'code', scope: 'openid', state: 'a state', ...asked });
    has(pushed, { expires_in: 90 });
    const begun = await emma.oauth2.authorize({ clientId: 'web', requestUri: pushed.request_uri });
    const told = params(begun.redirectUrl || (await emma.oauth2.approve({ grantId: begun.grantId })).redirectUrl);
    const spend = { grantType: 'authorization_code', clientId: 'web', code: told.code, redirectUri, codeVerifier };
    assert.equal((await guest.createToken(spend)).scope, 'openid');
    await fails(() => emma.oauth2.authorize({ clientId: 'web', requestUri: pushed.request_uri }), 400, 'oauth2_invalid_request');
  });

  test('the device flow', async () => {
    const codes = await guest.createDeviceAuthorization({ clientId: 'web', scope: 'openid' });
    assert.match(codes.user_code, /^\d{9}$/);
    assert.equal(codes.verification_uri_complete, `https://shop.example/device?user_code=${codes.user_code}`);
    const poll = { grantType: 'urn:ietf:params:oauth:grant-type:device_code', clientId: 'web', deviceCode: codes.device_code };
    await fails(() => guest.createToken(poll), 400, 'oauth2_authorization_pending');
    await fails(() => guest.createToken(poll), 400, 'oauth2_slow_down');
    await fails(() => guest.createGrant({ userCode: codes.user_code }), 401, 'user_unauthorized');
    await fails(() => emma.oauth2.createGrant({ userCode: '000000000' }), 404, 'oauth2_grant_not_found');
    const grant = await emma.oauth2.createGrant({ userCode: codes.user_code });
    has(grant, { appId: 'web', userId: emma.id, scopes: ['openid'] });
    same(await emma.oauth2.approve({ grantId: grant.$id }), { redirectUrl: '' });
    assert.ok((await guest.createToken(poll)).id_token);
    await fails(() => guest.createDeviceAuthorization({ clientId: 'backend' }), 400, 'oauth2_unauthorized_client');
  });

  test('a token names teams and projects', async () => {
    await emma.teams.create({ teamId: 'club', name: 'Club' });
    const details = [{ type: 'organization', identifiers: ['*'] }, { type: 'project', identifiers: [own.id] }];
    const told = await code(backend, 'openid', { authorizationDetails: JSON.stringify(details) });
    const spend = { grantType: 'authorization_code', clientId: 'backend', clientSecret: backend.secret, code: told, redirectUri };
    const tokens = await guest.createToken(spend);
    same(JSON.parse(tokens.authorization_details), details);
    const app = new Oauth2(bearer(own, tokens.access_token));
    same((await app.listOrganizations({ search: 'cl' })).organizations, [{ $id: 'club' }]);
    same((await app.listProjects({ limit: 1 })).projects.map(({ $id }) => $id), [own.id]);
    await fails(() => emma.oauth2.listProjects(), 401, 'oauth2_invalid_token');
    await fails(() => guest.listOrganizations(), 401, 'oauth2_invalid_token');
    const unknown = { clientId: 'backend', redirectUri, responseType: 'code', authorizationDetails: '[{"type":"payment"}]' };
    await fails(() => emma.oauth2.authorize(unknown), 400, 'oauth2_invalid_authorization_details');
  });

  test('users see and withdraw what they allowed', async () => {
    const { consents, total } = await emma.account.listConsents({ queries: [Query.equal('appId', 'backend')] });
    same([total, consents[0].scopes.includes('account')], [1, true]);
    const consentId = consents[0].$id;
    has(await emma.account.getConsent({ consentId }), { appId: 'backend', userId: emma.id, cimdUrl: '' });
    const { tokens } = await emma.account.listConsentTokens({ consentId });
    const tokenId = tokens[0].$id;
    has(await emma.account.getConsentToken({ consentId, tokenId }), { consentId, appId: 'backend' });
    await fails(() => bob.account.getConsent({ consentId }), 404, 'oauth2_consent_not_found');
    await fails(() => bob.account.deleteConsent({ consentId }), 404, 'oauth2_consent_not_found');
    for (const method of ['listConsentTokens', 'getConsentToken', 'deleteConsentToken']) {
      await fails(() => bob.account[method]({ consentId, tokenId }), 404, 'oauth2_consent_not_found');
    }
    await emma.account.deleteConsentToken({ consentId, tokenId });
    await fails(() => emma.account.getConsentToken({ consentId, tokenId }), 404, 'oauth2_token_not_found');

    const told = await code(backend, 'openid');
    const spend = { grantType: 'authorization_code', clientId: 'backend', clientSecret: backend.secret, code: told, redirectUri };
    const app = new Account(bearer(own, (await guest.createToken(spend)).access_token));
    await emma.account.deleteConsent({ consentId });
    await fails(() => app.get(), 401, 'oauth2_invalid_token');
    await fails(() => emma.account.getConsent({ consentId }), 404, 'oauth2_consent_not_found');
    await fails(() => new Account(nodeClient(own)).listConsents(), 401, 'general_unauthorized_scope');

    const { account } = emma.web;
    const other = (await account.listConsents({ queries: [Query.equal('appId', 'web')] })).consents[0].$id;
    assert.equal((await account.getConsent({ consentId: other })).appId, 'web');
    const [first] = (await account.listConsentTokens({ consentId: other })).tokens;
    const named = { consentId: other, tokenId: first.$id };
    same((await account.getConsentToken(named)).$id, first.$id);
    await account.deleteConsentToken(named);
    await account.deleteConsent({ consentId: other });
    assert.equal((await account.listConsents()).total, 0);
    await dev.apps.deleteTokens({ appId: 'web' });
    await fails(() => emma.apps.deleteTokens({ appId: 'web' }), 401, 'user_unauthorized');
  });

  test('an application is installed in a team', async () => {
    await dev.apps.update({ appId: 'backend', name: 'Backend', installationScopes: ['rows.read'] });
    const teamId = 'club';
    await fails(() => bob.teams.createInstallation({ teamId, appId: 'backend' }), 404, 'team_not_found');
    await fails(() => emma.teams.createInstallation({ teamId, appId: 'none' }), 404, 'app_not_found');
    const made = await emma.teams.createInstallation({ teamId, appId: 'backend', authorizationDetails: '[{"type":"board"}]' });
    has(made, { appId: 'backend', teamId, scopes: ['rows.read'], createdById: emma.id, lastAccessedAt: null });
    same(made.authorizationDetails, [{ type: 'board' }]);
    const installationId = made.$id;
    await fails(() => emma.teams.createInstallation({ teamId, appId: 'backend' }), 409, 'installation_already_exists');
    same((await emma.teams.listInstallations({ teamId, queries: [Query.equal('appId', 'backend')] })).total, 1);
    assert.equal((await emma.teams.getInstallation({ teamId, installationId })).$id, installationId);
    await new Teams(server).createMembership({ teamId, roles: ['guide'], userId: bob.id });
    await bob.teams.getInstallation({ teamId, installationId });
    await fails(() => bob.teams.updateInstallation({ teamId, installationId }), 401, 'user_unauthorized');
    await fails(() => bob.teams.deleteInstallation({ teamId, installationId }), 401, 'user_unauthorized');

    const acting = nodeClient(own, { key: backend.key });
    acting.headers['X-Appwrite-App'] = 'backend';
    const self = new Apps(acting);
    same((await self.listInstallations({ appId: 'backend' })).installations.map(({ $id }) => $id), [installationId]);
    assert.equal((await self.getInstallation({ appId: 'backend', installationId })).teamId, teamId);
    await fails(() => self.getInstallation({ appId: 'backend', installationId: 'none' }), 404, 'installation_not_found');
    await fails(() => dev.apps.createInstallationToken({ appId: 'backend', installationId }), 401, 'app_key_required');
    await fails(() => self.listInstallations({ appId: 'web' }), 401, 'app_key_required');
    const issued = await self.createInstallationToken({ appId: 'backend', installationId });
    has(issued, { scope: 'rows.read', refresh_token: '', expires_in: 3600 });
    const app = new TablesDB(bearer(own, issued.access_token));
    await fails(() => app.listRows(place), 401, 'user_unauthorized');
    await new TablesDB(server).updateTable({ ...place, name: 'Plans', permissions: ['read("team:club")'] });
    assert.equal((await app.listRows(place)).total, 0);

    await dev.apps.update({ appId: 'backend', name: 'Backend', installationScopes: ['rows.read', 'rows.write'] });
    same((await emma.teams.updateInstallation({ teamId, installationId })).scopes, ['rows.read', 'rows.write']);
    await fails(() => app.listRows(place), 401, 'oauth2_invalid_token');
    await emma.teams.deleteInstallation({ teamId, installationId });
    await fails(() => emma.teams.getInstallation({ teamId, installationId }), 404, 'installation_not_found');

    const { teams } = emma.web;
    const again = { teamId, installationId: (await teams.createInstallation({ teamId, appId: 'backend' })).$id };
    same((await teams.listInstallations({ teamId })).installations.map(({ $id }) => $id), [again.installationId]);
    same((await teams.getInstallation(again)).scopes, ['rows.read', 'rows.write']);
    same((await teams.updateInstallation(again)).$id, again.installationId);
    await teams.deleteInstallation(again);
    same((await teams.listInstallations({ teamId })).total, 0);
  });
});
