// What the console does with the people of a project, and what only its package can: figures, logs of teams, our own words
// again in the place of a project's; and the identities of an account, without a browser.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';
import * as node from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { openProvider } from '../lib/provider.mjs';
import { endpoint } from '../lib/rest.mjs';
import { fails, has, nodeClient, person, same } from '../lib/sdk.mjs';

/** The console's package, as the administrator of the project uses it. */
function consoleClient(own, id, credentials) {
  const client = new consoleSdk.Client().setEndpoint(endpoint).setProject(id);
  if (credentials !== null) Object.assign(client.headers, { cookie: own.admin.headers.cookie, 'X-Appwrite-Mode': 'admin' });
  return client;
}

describe('people of a project, by the console', { concurrency: false }, () => {
  let own, ada, bob;

  before(async () => {
    own = await project(await administrator());
    [ada, bob] = await Promise.all([person(own, 'ada'), person(own, 'bob')]);
  });

  test('Users.getUsage', async () => {
    const users = new consoleSdk.Users(consoleClient(own, own.id));
    const usage = await users.getUsage({ range: consoleSdk.UsageRange?.TwentyFourHours ?? '24h' });
    has(usage, { range: '24h', usersTotal: 2, sessionsTotal: 2 });
    assert.equal(usage.users.length, 24);
    await fails(() => users.getUsage({ range: '1y' }), 400, 'general_argument_invalid');
    const guest = new consoleSdk.Users(consoleClient(own, own.id, null));
    await fails(() => guest.getUsage({ range: '24h' }), 401, 'general_unauthorized_scope');
  });

  test('Teams.listLogs', async () => {
    const server = new node.Teams(nodeClient(own, { key: own.key }));
    const teamId = unique('team');
    await server.create({ teamId, name: 'Team' });
    await server.createMembership({ teamId, roles: ['owner'], userId: ada.id });
    await server.createMembership({ teamId, roles: ['member'], userId: bob.id });
    await new node.Teams(nodeClient(own, { session: ada.session })).updateName({ teamId, name: 'Renamed' });
    const teams = new consoleSdk.Teams(consoleClient(own, own.id));
    // Entries are written down a moment after what they tell.
    const told = async () => (await teams.listLogs({ teamId })).logs.map(({ event }) => event);
    const end = Date.now() + 20_000;
    while (!(await told()).includes('team.update')) assert.ok(Date.now() < end, 'the log tells of it');
    await fails(() => teams.listLogs({ teamId, queries: ['none'] }), 400, 'general_query_invalid');
    await fails(() => teams.listLogs({ teamId: 'nobody' }), 404, 'team_not_found');
    const guest = new consoleSdk.Teams(consoleClient(own, own.id, null));
    await fails(() => guest.listLogs({ teamId }), 401, 'general_unauthorized_scope');
  });

  test('Projects.deleteEmailTemplate', async () => {
    const projects = new consoleSdk.Projects(consoleClient(own, 'console'));
    const wanted = { projectId: own.id, type: 'verification', templateId: 'verification', locale: 'en' };
    await fails(() => projects.deleteEmailTemplate(wanted), 401, 'project_template_default_deletion');
    await fails(() => projects.deleteEmailTemplate({ ...wanted, projectId: 'nobody' }), 401, 'general_unauthorized_scope');
    const guest = new consoleSdk.Projects(consoleClient(own, 'console', null));
    await fails(() => guest.deleteEmailTemplate(wanted), 401, 'general_unauthorized_scope');
  });
});

describe('identities of an account', { concurrency: false }, () => {
  let own, provider;

  before(async () => {
    const scopes = ['project.read', 'project.oauth2.write', 'users.read', 'users.write', 'sessions.write'];
    own = await project(await administrator(), { scopes });
    provider = await openProvider();
    await new node.Project(nodeClient(own, { key: own.key })).updateOAuth2Oidc(provider.settings);
  });

  after(() => provider?.close());

  test('Account.deleteIdentity', async () => {
    const server = new node.Account(nodeClient(own, { key: own.key }));
    provider.person = { sub: unique('zoe'), email: `${unique('zoe')}@example.org`, email_verified: true };
    const steps = [await server.createOAuth2Token({ provider: node.OAuthProvider.Oidc, success: 'http://localhost/in' })];
    while (!steps.at(-1).startsWith('http://localhost/in')) {
      const answer = await fetch(steps.at(-1), { redirect: 'manual' });
      steps.push(answer.headers.get('location') ?? assert.fail(`${answer.status} ${steps.at(-1)}`));
    }
    const end = new URL(steps.at(-1));
    const session = await server.createSession({ userId: end.searchParams.get('userId'), secret: end.searchParams.get('secret') });
    const zoe = new node.Account(nodeClient(own, { session: session.secret }));
    const { identities } = await zoe.listIdentities();
    same(identities.map(({ provider, providerEmail }) => [provider, providerEmail]), [['oidc', provider.person.email]]);
    const identityId = identities[0].$id;
    const other = await person(own, 'other');
    await fails(() => new node.Account(nodeClient(own, { session: other.session })).deleteIdentity({ identityId }), 404, 'user_identity_not_found');
    await zoe.deleteIdentity({ identityId });
    assert.equal((await zoe.listIdentities()).total, 0);
    await fails(() => zoe.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
  });
});
