// What the console does with the people of a project, and what only its package can: figures, logs of teams, our own words
// again in the place of a project's, the end of an administrator's account; and identities, without a browser.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';
import * as node from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { openProvider } from '../lib/provider.mjs';
import { CLIENTS, MANAGERS, consoleClient, fails, has, nodeClient, person, same } from '../lib/sdk.mjs';

describe('people of a project, by the console', { concurrency: false }, () => {
  let own, ada, bob;

  before(async () => {
    own = await project(await administrator());
    [ada, bob] = await Promise.all([person(own, 'ada'), person(own, 'bob')]);
  });

  test('Users.getUsage', async () => {
    const users = new consoleSdk.Users(consoleClient(own, { admin: true }));
    const usage = await users.getUsage({ range: consoleSdk.UsageRange?.TwentyFourHours ?? '24h' });
    has(usage, { range: '24h', usersTotal: 2, sessionsTotal: 2 });
    assert.equal(usage.users.length, 24);
    await fails(() => users.getUsage({ range: '1y' }), 400, 'general_argument_invalid');
    const guest = new consoleSdk.Users(consoleClient(own));
    await fails(() => guest.getUsage({ range: '24h' }), 401, 'general_unauthorized_scope');
  });

  test('Teams.listLogs', async () => {
    const server = new node.Teams(nodeClient(own, { key: own.key }));
    const teamId = unique('team');
    await server.create({ teamId, name: 'Team' });
    await server.createMembership({ teamId, roles: ['owner'], userId: ada.id });
    await server.createMembership({ teamId, roles: ['member'], userId: bob.id });
    await new node.Teams(nodeClient(own, { session: ada.session })).updateName({ teamId, name: 'Renamed' });
    const teams = new consoleSdk.Teams(consoleClient(own, { admin: true }));
    // Entries are written down a moment after what they tell.
    const told = async () => (await teams.listLogs({ teamId })).logs.map(({ event }) => event);
    const end = Date.now() + 20_000;
    while (!(await told()).includes('team.update')) assert.ok(Date.now() < end, 'the log tells of it');
    await fails(() => teams.listLogs({ teamId, queries: ['none'] }), 400, 'general_query_invalid');
    await fails(() => teams.listLogs({ teamId: 'nobody' }), 404, 'team_not_found');
    const guest = new consoleSdk.Teams(consoleClient(own));
    await fails(() => guest.listLogs({ teamId }), 401, 'general_unauthorized_scope');
  });

  test('Projects.deleteEmailTemplate', async () => {
    const projects = new consoleSdk.Projects(consoleClient({ ...own, id: 'console' }, { admin: true }));
    const wanted = { projectId: own.id, type: 'verification', templateId: 'verification', locale: 'en' };
    await fails(() => projects.deleteEmailTemplate(wanted), 401, 'project_template_default_deletion');
    await fails(() => projects.deleteEmailTemplate({ ...wanted, projectId: 'nobody' }), 401, 'general_unauthorized_scope');
    const guest = new consoleSdk.Projects(consoleClient({ id: 'console' }));
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

  /** Somebody new, who signs in through the provider: a session and its user. */
  async function arrive(name) {
    const server = new node.Account(nodeClient(own, { key: own.key }));
    provider.person = { sub: unique(name), email: `${unique(name)}@example.org`, email_verified: true };
    const steps = [await server.createOAuth2Token({ provider: node.OAuthProvider.Oidc, success: 'http://localhost/in' })];
    while (!steps.at(-1).startsWith('http://localhost/in')) {
      const answer = await fetch(steps.at(-1), { redirect: 'manual' });
      steps.push(answer.headers.get('location') ?? assert.fail(`${answer.status} ${steps.at(-1)}`));
    }
    const end = new URL(steps.at(-1));
    return server.createSession({ userId: end.searchParams.get('userId'), secret: end.searchParams.get('secret') });
  }

  for (const { name, sdk, connect } of CLIENTS) {
    test(`one's own, by ${name}`, async () => {
      const [zoe, other] = [await arrive('zoe'), await person(own, 'other')];
      const [mine, theirs] = [zoe.secret, other.session].map((session) => new sdk.Account(connect(own, { session })));
      const { identities } = await mine.listIdentities();
      same(identities.map(({ provider, providerEmail }) => [provider, providerEmail]), [['oidc', provider.person.email]]);
      const identityId = identities[0].$id;
      await fails(() => theirs.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
      await mine.deleteIdentity({ identityId });
      assert.equal((await mine.listIdentities()).total, 0);
      await fails(() => mine.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
    });
  }

  for (const { name, sdk, manage } of MANAGERS) {
    test(`anybody's, by ${name}`, async () => {
      const { userId } = await arrive('zoe');
      const users = new sdk.Users(manage(own));
      const { total, identities } = await users.listIdentities({ search: provider.person.email });
      same([total, identities[0].userId, identities[0].providerUid], [1, userId, provider.person.sub]);
      const identityId = identities[0].$id;
      await users.deleteIdentity({ identityId });
      assert.equal((await users.listIdentities({ queries: [sdk.Query.equal('userId', userId)] })).total, 0);
      await fails(() => users.deleteIdentity({ identityId }), 404, 'user_identity_not_found');
    });
  }
});

describe('an administrator\'s own account', () => {
  test('Account.delete', async () => {
    const [admin, colleague] = await Promise.all([administrator(), administrator()]);
    const own = await project(admin);
    const account = new consoleSdk.Account(consoleClient({ id: 'console', admin }, { admin: true }));
    const organizations = new consoleSdk.Organizations(consoleClient({ id: 'console', admin }, { admin: true }));
    await fails(() => new consoleSdk.Account(consoleClient({ id: 'console' })).delete(), 401, 'general_unauthorized_scope');
    // A colleague would be left without an owner.
    const organizationId = own.organization.$id;
    const { secret } = await organizations.createKey({ organizationId, name: 'Members', scopes: ['organization.memberships.write'] });
    const server = nodeClient({ id: 'console' }, { key: secret });
    server.headers['X-Appwrite-Organization'] = organizationId;
    await new node.Organization(server).createMembership({ roles: ['developer'], email: colleague.email });
    await fails(() => account.delete(), 400, 'user_deletion_prohibited');
    await organizations.delete({ organizationId });
    await account.delete();
    await fails(() => account.get(), 401, 'general_unauthorized_scope');
    const again = () => account.createEmailPasswordSession({ email: admin.email, password: admin.password });
    await fails(again, 401, 'user_invalid_credentials');
  });
});
