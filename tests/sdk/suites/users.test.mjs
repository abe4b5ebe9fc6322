// Users: what a server with a key, or an administrator at the console, does with the accounts of a project.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account } from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { MANAGERS, fails, has, nodeClient, same } from '../lib/sdk.mjs';

const password = 'correct horse battery';

for (const { name, sdk, manage } of MANAGERS) {
  describe(`Users of ${name}`, { concurrency: false }, () => {
    let own, users, ada;
    const userId = 'ada';

    before(async () => {
      own = await project(await administrator());
      users = new sdk.Users(manage(own));
      ada = await users.create({ userId, email: 'ada@example.org', phone: '+4930123456', password, name: 'Ada' });
    });

    test('create', async () => {
      has(ada, { $id: userId, email: 'ada@example.org', phone: '+4930123456', name: 'Ada', status: true, hash: 'argon2' });
      same(ada.targets.map(({ providerType }) => providerType).sort(), ['email', 'sms']);
      await fails(() => users.create({ userId, name: 'Again' }), 409, 'user_already_exists');
      const bare = await users.create({ userId: sdk.ID.unique(), name: 'Nobody' });
      has(bare, { email: '', phone: '', name: 'Nobody' });
      await users.delete({ userId: bare.$id });
      await fails(() => users.get({ userId: bare.$id }), 404, 'user_not_found');
    });

    test('list', async () => {
      for (const name of ['Bob', 'Cleo']) {
        await users.create({ userId: name.toLowerCase(), email: `${name}@example.org`, name });
      }
      const names = async (params) => (await users.list(params)).users.map(({ name }) => name);
      same(await names({ queries: [sdk.Query.equal('name', ['Bob', 'Ada']), sdk.Query.orderDesc('name')] }), ['Bob', 'Ada']);
      same(await names({ search: 'cleo' }), ['Cleo']);
      same(await names({ queries: [sdk.Query.startsWith('email', 'b')] }), ['Bob']);
      const page = await users.list({ queries: [sdk.Query.orderAsc('name'), sdk.Query.limit(1), sdk.Query.cursorAfter(userId)] });
      same([page.total, page.users.map(({ name }) => name)], [3, ['Bob']]);
      assert.equal((await users.list({ total: false })).total, 0);
      await fails(() => users.list({ queries: [sdk.Query.equal('nothing', 'x')] }), 400, 'general_query_invalid');
    });

    test('profile', async () => {
      assert.equal((await users.get({ userId })).$id, userId);
      assert.equal((await users.updateName({ userId, name: 'Ada L' })).name, 'Ada L');
      await users.updateEmail({ userId, email: 'countess@example.org' });
      await users.updatePhone({ userId, number: '+4930654321' });
      has(await users.get({ userId }), { name: 'Ada L', email: 'countess@example.org', phone: '+4930654321' });
      await fails(() => users.updateEmail({ userId, email: 'bob@example.org' }), 409, 'user_target_already_exists');
      same(await users.updatePrefs({ userId, prefs: { lang: 'en' } }), { lang: 'en' });
      same(await users.getPrefs({ userId }), { lang: 'en' });
      same((await users.updateLabels({ userId, labels: ['vip', 'math'] })).labels, ['vip', 'math']);
      assert.equal((await users.updateEmailVerification({ userId, emailVerification: true })).emailVerification, true);
      assert.equal((await users.updatePhoneVerification({ userId, phoneVerification: true })).phoneVerification, true);
    });

    test('password and status', async () => {
      const signIn = (secret) => new Account(nodeClient(own)).createEmailPasswordSession({
        email: 'countess@example.org',
        password: secret,
      });
      await users.updatePassword({ userId, password: 'another horse battery' });
      await fails(() => signIn(password), 401, 'user_invalid_credentials');
      assert.equal((await signIn('another horse battery')).userId, userId);
      assert.equal((await users.updateStatus({ userId, status: false })).status, false);
      await fails(() => signIn('another horse battery'), 403, 'user_blocked');
      assert.equal((await users.updateStatus({ userId, status: true })).status, true);
    });

    test('sessions and JWT', async () => {
      await users.deleteSessions({ userId });
      assert.equal((await users.listSessions({ userId })).total, 0);
      const [one, two] = [await users.createSession({ userId }), await users.createSession({ userId })];
      has(one, { userId, provider: 'server' });
      assert.notEqual(one.secret, '');
      const { jwt } = await users.createJWT({ userId, sessionId: two.$id, duration: 60 });
      assert.equal((await new Account(nodeClient(own).setJWT(jwt)).get()).$id, userId);
      const listed = await users.listSessions({ userId });
      same(listed.sessions.map(({ $id }) => $id).sort(), [one.$id, two.$id].sort());
      assert.equal(listed.total, 2);
      await users.deleteSession({ userId, sessionId: one.$id });
      await fails(() => users.deleteSession({ userId, sessionId: one.$id }), 404, 'user_session_not_found');
      await fails(() => new Account(nodeClient(own, { session: one.secret })).get(), 401, 'general_unauthorized_scope');
      assert.equal((await users.listSessions({ userId })).total, 1);
    });

    test('memberships', async () => {
      const teams = new sdk.Teams(manage(own));
      const team = await teams.create({ teamId: sdk.ID.unique(), name: 'Analysts' });
      await teams.createMembership({ teamId: team.$id, roles: ['owner'], userId });
      const list = await users.listMemberships({ userId });
      same(list.memberships.map(({ teamName, roles }) => [teamName, roles]), [['Analysts', ['owner']]]);
      await fails(() => users.listMemberships({ userId: 'nobody' }), 404, 'user_not_found');
    });

    test('targets', async () => {
      const identifier = `${unique('second')}@example.org`;
      const targetId = 'second';
      const made = await users.createTarget({ userId, targetId, providerType: sdk.MessagingProviderType.Email, identifier, name: 'B' });
      has(made, { $id: targetId, userId, providerType: 'email', identifier, name: 'B', expired: false });
      has(await users.getTarget({ userId, targetId }), { $id: targetId, identifier });
      const listed = await users.listTargets({ userId, queries: [sdk.Query.equal('providerType', 'email')] });
      assert.equal(listed.total, 2);
      assert.equal((await users.updateTarget({ userId, targetId, name: 'Two' })).name, 'Two');
      await users.deleteTarget({ userId, targetId });
      await fails(() => users.getTarget({ userId, targetId }), 404, 'user_target_not_found');
    });
  });
}
