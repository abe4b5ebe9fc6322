// The package of Appwrite's console, with the session of an administrator: the projects and, by their older names, what
// belongs to them.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, Console, Health, ID, Organizations, Projects, Query } from '@appwrite.io/console';

import { administrator, project } from '../lib/console.mjs';
import { linkOf, mailbox } from '../lib/mailbox.mjs';
import { consoleClient, fails, has, person, same } from '../lib/sdk.mjs';

describe('the console\'s package', { concurrency: false }, () => {
  let own, projects, projectId;
  const connect = (id) => consoleClient({ ...own, id }, { admin: true });

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
    const server = consoleClient({ id: 'console' }).setKey(made.secret);
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
      // Projects did not yet tell of these when the package's form of answers was current.
      ...['updateAPIStatus', 'updateApiStatus'].map((method) => [method, { api: 'graphql', status: false }, { protocolStatusForGraphql: undefined }]),
      ['updateLabels', { labels: ['one'] }, { labels: ['one'] }],
      ...['updateSMTP', 'updateSmtp'].map((method) => [method, { enabled: false, senderName: method }, { smtpEnabled: false, smtpSenderName: method }]),
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

  test('mail: a server, samples, and words of its own', async () => {
    const [box, other] = [await mailbox(), await administrator()];
    try {
      const server = { host: '127.0.0.1', port: box.port, senderEmail: 'shop@example.org', senderName: 'Shop', replyTo: 'help@example.org' };
      const shown = { smtpEnabled: true, smtpHost: '127.0.0.1', smtpPort: box.port, smtpReplyTo: 'help@example.org' };
      has(await projects.updateSMTP({ projectId, enabled: true, ...server }), shown);
      for (const method of ['createSMTPTest', 'createSmtpTest']) {
        await projects[method]({ projectId, emails: ['sample@example.org'], ...server, senderName: method });
        const mail = await box.last('sample@example.org');
        assert.ok(mail.headers.from.includes(method), mail.headers.from);
        assert.ok(mail.headers['reply-to'].includes('help@example.org'), mail.headers['reply-to']);
        await fails(() => projects[method]({ projectId, emails: ['nobody'], ...server }), 400, 'general_argument_invalid');
      }

      const [type, locale] = ['recovery', 'de'];
      const words = { subject: '{{project}}: neues Passwort', message: '<p>{{redirect}}</p>', senderName: 'Laden', senderEmail: 'laden@example.org', replyTo: 'hilfe@example.org' };
      const theirs = await projects.getEmailTemplate({ projectId, type, locale });
      has(theirs, { type, locale, senderName: '', replyTo: '' });
      has(await projects.updateEmailTemplate({ projectId, type, locale, ...words }), { type, locale, ...words });
      has(await projects.getEmailTemplate({ projectId, type, locale }), { type, locale, ...words });
      const ada = await person(own, 'ada');
      const account = new Account(consoleClient(own).setLocale(locale));
      await account.createRecovery({ email: ada.email, url: 'http://localhost/go' });
      const mail = await box.last(ada.email);
      assert.equal(mail.headers.subject, 'Suite: neues Passwort');
      assert.ok(mail.headers.from.includes('laden@example.org') && mail.headers['reply-to'].includes('hilfe@example.org'));
      assert.equal(linkOf(mail).userId, ada.id);
      await projects.deleteEmailTemplate({ projectId, type, locale });
      has(await projects.getEmailTemplate({ projectId, type, locale }), { subject: theirs.subject, message: theirs.message });
      await fails(() => projects.deleteEmailTemplate({ projectId, type, locale }), 401, 'project_template_default_deletion');
      await fails(() => projects.getEmailTemplate({ projectId, type: 'nothing', locale }), 400, 'general_argument_invalid');

      const strangers = [new Projects(consoleClient({ id: 'console', admin: other }, { admin: true })), 'user_unauthorized'];
      const guests = [new Projects(consoleClient({ id: 'console' })), 'general_unauthorized_scope'];
      for (const [method, params] of [
        ['updateSMTP', { enabled: false }],
        ['createSMTPTest', { emails: ['sample@example.org'], ...server }],
        ['getEmailTemplate', { type, locale }],
        ['updateEmailTemplate', { type, locale, ...words }],
        ['deleteEmailTemplate', { type, locale }],
      ]) {
        for (const [api, told] of [strangers, guests]) await fails(() => api[method]({ projectId, ...params }), 401, told);
      }
    } finally {
      box.close();
    }
  });

  test('organizations', async () => {
    const organizations = new Organizations(connect('console'));
    const [other, guest] = [{ id: 'console', admin: await administrator() }, { id: 'console' }];
    const [theirs, nobodys] = [consoleClient(other, { admin: true }), consoleClient(guest)].map((client) => new Organizations(client));
    const organizationId = ID.unique();
    const asked = { organizationId, name: 'Second', billingPlan: 'tier-0' };
    has(await organizations.create(asked), { $id: organizationId, name: 'Second', total: 1 });
    await fails(() => theirs.create(asked), 409, 'team_already_exists');
    await fails(() => organizations.create({ ...asked, organizationId: ID.unique(), name: '' }), 400, 'general_argument_invalid');
    const found = await organizations.list({ queries: [Query.equal('name', 'Second')] });
    same([found.total, found.teams.map(({ $id }) => $id)], [1, [organizationId]]);
    assert.equal((await organizations.list({ search: 'Second' })).total, 1);
    assert.equal((await theirs.list()).total, 0);
    await fails(() => organizations.list({ queries: ['none'] }), 400, 'general_query_invalid');
    for (const ask of [() => nobodys.create(asked), () => nobodys.list(), () => nobodys.delete({ organizationId })]) {
      await fails(ask, 401, 'general_unauthorized_scope');
    }
    await fails(() => theirs.delete({ organizationId }), 404, 'team_not_found');
    await organizations.delete({ organizationId });
    await fails(() => organizations.delete({ organizationId }), 404, 'team_not_found');
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
