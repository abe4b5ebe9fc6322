// The package of Appwrite's console, with the session of an administrator: the projects and, by their older names, what
// belongs to them.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, Client, Console, Health, ID, Organizations, Projects, Query } from '@appwrite.io/console';

import { administrator, project } from '../lib/console.mjs';
import { endpoint } from '../lib/rest.mjs';
import { fails, has, same } from '../lib/sdk.mjs';

describe('the console\'s package', { concurrency: false }, () => {
  let own, projects, projectId;
  const connect = (id) => {
    const client = new Client().setEndpoint(endpoint).setProject(id);
    Object.assign(client.headers, { cookie: own.admin.headers.cookie, 'X-Appwrite-Mode': 'admin' });
    return client;
  };

  before(async () => {
    own = await project(await administrator());
    projects = new Projects(connect('console'));
    projectId = own.id;
  });

  test('projects', async () => {
    const teamId = own.organization.$id;
    const made = await projects.create({ projectId: ID.unique(), name: 'Second', teamId });
    has(made, { name: 'Second', teamId });
    has(await projects.get({ projectId: made.$id }), { $id: made.$id, name: 'Second' });
    assert.equal((await projects.update({ projectId: made.$id, name: 'Two' })).name, 'Two');
    const list = await projects.list({ queries: [Query.equal('name', 'Two')] });
    same([list.total, list.projects.map(({ $id }) => $id)], [1, [made.$id]]);
    await projects.delete({ projectId: made.$id });
    await fails(() => projects.get({ projectId: made.$id }), 404, 'project_not_found');
  });

  test('keys', async () => {
    const made = await projects.createKey({ projectId, keyId: 'second', name: 'Second', scopes: ['users.read'] });
    has(made, { $id: 'second', name: 'Second' });
    has(await projects.updateKey({ projectId, keyId: 'second', name: 'Two', scopes: [] }), { name: 'Two' });
    assert.equal((await projects.getKey({ projectId, keyId: 'second' })).name, 'Two');
    assert.equal((await projects.listKeys({ projectId })).total, 2);
    await projects.deleteKey({ projectId, keyId: 'second' });
    await fails(() => projects.getKey({ projectId, keyId: 'second' }), 404, 'key_not_found');
    const ephemeral = await projects.createJWT({ projectId, scopes: ['users.read'], duration: 600 });
    assert.match(ephemeral.jwt, /^ephemeral_/);
  });

  test('keys of the account', async () => {
    const account = new Account(connect('console'));
    const made = await account.createKey({ name: 'Mine', scopes: ['account'] });
    const keyId = made.$id;
    assert.match(made.secret, /^account_/);
    assert.equal((await account.getKey({ keyId })).secret, made.secret);
    has(await account.updateKey({ keyId, name: 'Two', scopes: ['account'] }), { name: 'Two' });
    same((await account.listKeys()).keys.map(({ $id }) => $id), [keyId]);
    const { $id: userId } = await account.get();
    const server = new Client().setEndpoint(endpoint).setProject('console');
    server.headers['X-Appwrite-Key'] = made.secret;
    await fails(() => new Account(server).get(), 403, 'user_id_missing');
    server.headers['X-Appwrite-User'] = userId;
    assert.equal((await new Account(server).get()).$id, userId);
    await fails(() => new Account(server).createKey({ name: 'More', scopes: ['account'] }), 403, 'key_creation_denied');
    await account.deleteKey({ keyId });
    await fails(() => account.getKey({ keyId }), 404, 'key_not_found');
    await fails(() => new Account(server).get(), 401, 'general_unauthorized_scope');
  });

  test('keys of an organization', async () => {
    const organizations = new Organizations(connect('console'));
    const organizationId = own.organization.$id;
    const made = await organizations.createKey({ organizationId, name: 'Ours', scopes: ['projects.read'] });
    const keyId = made.$id;
    assert.match(made.secret, /^organization_/);
    assert.equal((await organizations.getKey({ organizationId, keyId })).secret, made.secret);
    has(await organizations.updateKey({ organizationId, keyId, name: 'Two', scopes: [] }), { name: 'Two' });
    assert.equal((await organizations.listKeys({ organizationId })).total, 1);
    await organizations.deleteKey({ organizationId, keyId });
    await fails(() => organizations.getKey({ organizationId, keyId }), 404, 'key_not_found');
    const other = new Organizations(connect('console'));
    await fails(() => other.listKeys({ organizationId: 'nobodys' }), 401, 'user_unauthorized');
  });

  test('keys for developers', async () => {
    const expire = new Date(Date.now() + 86_400_000).toISOString();
    const { $id: keyId } = await projects.createDevKey({ projectId, name: 'Dev', expire });
    has(await projects.updateDevKey({ projectId, keyId, name: 'Two', expire }), { name: 'Two' });
    assert.equal((await projects.getDevKey({ projectId, keyId })).name, 'Two');
    assert.equal((await projects.listDevKeys({ projectId })).total, 1);
    await projects.deleteDevKey({ projectId, keyId });
    await fails(() => projects.getDevKey({ projectId, keyId }), 404, 'key_not_found');
  });

  test('policies', async () => {
    const changes = [
      ['updateAuthDuration', { duration: 3600 }, { authDuration: 3600 }],
      ['updateAuthLimit', { limit: 10 }, { authLimit: 10 }],
      ['updateAuthSessionsLimit', { limit: 3 }, { authSessionsLimit: 3 }],
      ['updateAuthPasswordHistory', { limit: 2 }, { authPasswordHistory: 2 }],
      ['updateAuthPasswordDictionary', { enabled: true }, { authPasswordDictionary: true }],
      ['updatePersonalDataCheck', { enabled: true }, { authPersonalDataCheck: true }],
      ['updateSessionAlerts', { alerts: true }, { authSessionAlerts: true }],
      ['updateSessionInvalidation', { enabled: false }, { authInvalidateSessions: false }],
      [
        'updateMembershipsPrivacy',
        { userName: true, userEmail: false, mfa: false },
        { authMembershipsUserName: true, authMembershipsUserEmail: false, authMembershipsMfa: false },
      ],
    ];
    for (const [method, change, shown] of changes) has(await projects[method]({ projectId, ...change }), shown);
  });

  test('switches and settings', async () => {
    const changes = [
      ['updateServiceStatus', { service: 'teams', status: false }, { serviceStatusForTeams: false }],
      ['updateServiceStatus', { service: 'teams', status: true }, { serviceStatusForTeams: true }],
      ['updateAuthStatus', { method: 'anonymous', status: false }, { authAnonymous: false }],
      ['updateAPIStatus', { api: 'graphql', status: false }, { protocolStatusForGraphql: undefined }],
      ['updateLabels', { labels: ['one'] }, { labels: ['one'] }],
      ['updateSMTP', { enabled: false, senderName: 'Shop' }, { smtpEnabled: false, smtpSenderName: 'Shop' }],
      [
        'updateMockNumbers',
        { numbers: [{ phone: '+4930111222', otp: '123456' }] },
        { authMockNumbers: [{ phone: '+4930111222', otp: '123456' }] },
      ],
    ];
    for (const [method, change, shown] of changes) has(await projects[method]({ projectId, ...change }), shown);
  });

  test('webhooks and platforms', async () => {
    const hook = { projectId, name: 'Hook', events: ['users.*.create'], url: 'https://hooks.example.org/', security: true };
    const { $id: webhookId } = await projects.createWebhook(hook);
    has(await projects.updateWebhook({ ...hook, webhookId, name: 'Two' }), { name: 'Two', security: true });
    assert.equal((await projects.getWebhook({ projectId, webhookId })).name, 'Two');
    await projects.updateWebhookSignature({ projectId, webhookId });
    assert.equal((await projects.listWebhooks({ projectId })).total, 1);
    await projects.deleteWebhook({ projectId, webhookId });
    const made = await projects.createPlatform({ projectId, type: 'web', name: 'Shop', hostname: 'shop.example.org' });
    has(made, { type: 'web', name: 'Shop', hostname: 'shop.example.org' });
    const platformId = made.$id;
    has(await projects.updatePlatform({ projectId, platformId, name: 'Two', hostname: 'two.example.org' }), { name: 'Two' });
    assert.equal((await projects.getPlatform({ projectId, platformId })).hostname, 'two.example.org');
    assert.equal((await projects.listPlatforms({ projectId })).total, 2);
    await projects.deletePlatform({ projectId, platformId });
  });

  test('another organization', async () => {
    const { organization: other } = await project(own.admin);
    assert.equal((await projects.updateTeam({ projectId, teamId: other.$id })).teamId, other.$id);
  });

  test('health and variables', async () => {
    const health = new Health(connect(projectId));
    has(await health.get(), { name: 'http', status: 'pass' });
    same((await health.getDB()).statuses.map(({ status }) => status), ['pass']);
    const variables = await new Console(connect('console')).variables();
    has(variables, { _APP_ASSISTANT_ENABLED: false, _APP_OPTIONS_FORCE_HTTPS: 'disabled' });
  });
});
