// The first capabilities once per wire version, chosen by `X-Appwrite-Response-Format`: what answers everywhere, and what an
// older version names or shows otherwise.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, Databases, ID, Permission, Project, Query, Role, TablesDB, Teams, Users, Webhooks } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { adminClient, fails, has, nodeClient, person, same } from '../lib/sdk.mjs';
import { DOCUMENTS, TABLES } from '../lib/vocabulary.mjs';

/** What differs: how a sequence is typed, what names the members of a webhook, a platform and a project have. */
const FORMATS = [
  { format: '1.8.0', sequence: 'number', isOld: true },
  { format: '1.9.5', sequence: 'string', isOld: false },
  { format: '2.0.0', sequence: 'string', isOld: false },
];

for (const { format, sequence, isOld } of FORMATS) {
  describe(`wire version ${format}`, { concurrency: false }, () => {
    let own, client, ada;
    const suffix = format.replaceAll('.', '-');

    before(async () => {
      own = await project(await administrator());
      client = nodeClient(own, { key: own.key, format });
      ada = await person(own, 'ada');
    });

    for (const [Service, words] of [[TablesDB, TABLES], [Databases, DOCUMENTS]]) {
      test(words.service, async () => {
        const { things, item, thingsId, itemId, fields, items, security } = words;
        const api = new Service(client);
        const place = { databaseId: `${words.service}-${suffix}`, [thingsId]: 'things' };
        has(await api.create({ databaseId: place.databaseId, name: 'D' }), { name: 'D', enabled: true });
        const made = await api[`create${things}`]({
          ...place,
          name: 'Things',
          permissions: [Permission.read(Role.any())],
          [security]: true,
          [fields]: [{ key: 'size', type: 'integer', required: true }],
        });
        has(made, { name: 'Things', [security]: true, $permissions: ['read("any")'] });
        same(made[fields].map(({ key, type, status }) => [key, type, status]), [['size', 'integer', 'available']]);
        const row = await api[`create${item}`]({ ...place, [itemId]: ID.unique(), data: { size: 3 } });
        assert.equal(typeof row.$sequence, sequence);
        has(row, { size: 3, $databaseId: place.databaseId, [`$${thingsId}`]: 'things' });
        const one = { ...place, [itemId]: row.$id };
        has(await api[`update${item}`]({ ...one, data: { size: 4 } }), { size: 4 });
        has(await api[`get${item}`](one), { size: 4 });
        const found = await api[`list${item}s`]({ ...place, queries: [Query.equal('size', [4])] });
        same([found.total, found[items].map(({ $id }) => $id)], [1, [row.$id]]);
        await api[`delete${item}`](one);
        await fails(() => api[`get${item}`](one), 404, `${item.toLowerCase()}_not_found`);
      });
    }

    test('Account', async () => {
      const account = new Account(nodeClient(own, { session: ada.session, format }));
      has(await account.get(), { $id: ada.id, email: ada.email, status: true, mfa: false });
      same((await account.updatePrefs({ prefs: { theme: 'dark' } })).prefs, { theme: 'dark' });
      has(await account.getSession({ sessionId: 'current' }), { userId: ada.id, provider: 'server', current: true });
      assert.equal((await account.listSessions()).total, 1);
      const guest = new Account(nodeClient(own, { format }));
      const { email, password } = ada;
      has(await guest.createEmailPasswordSession({ email, password }), { userId: ada.id, provider: 'email', secret: '' });
      const wrong = () => guest.createEmailPasswordSession({ email, password: 'wrong horse battery' });
      await fails(wrong, 401, 'user_invalid_credentials');
    });

    test('Users', async () => {
      const users = new Users(client);
      const user = await users.get({ userId: ada.id });
      has(user, { $id: ada.id, email: ada.email, hash: 'argon2' });
      assert.equal('impersonator' in user, !isOld);
      const found = await users.list({ queries: [Query.equal('email', [ada.email])] });
      same([found.total, found.users[0].$id], [1, ada.id]);
      same((await users.updateLabels({ userId: ada.id, labels: ['vip'] })).labels, ['vip']);
      await fails(() => users.get({ userId: 'none' }), 404, 'user_not_found');
    });

    test('Teams', async () => {
      const teams = new Teams(client);
      const team = await teams.create({ teamId: ID.unique(), name: 'T' });
      has(team, { name: 'T', total: 0 });
      const member = await teams.createMembership({ teamId: team.$id, roles: ['owner'], userId: ada.id });
      has(member, { teamName: 'T', userId: ada.id, roles: ['owner'], confirm: true });
      assert.equal('userPhone' in member, !isOld);
      assert.equal((await teams.listMemberships({ teamId: team.$id })).total, 1);
    });

    test('Project', async () => {
      const api = new Project(client);
      const shown = await api.get();
      has(shown, { $id: own.id, name: 'Suite' });
      assert.equal(Array.isArray(shown.services), !isOld);
      assert.equal(shown.serviceStatusForTeams, isOld ? true : undefined);
      const apple = { platformId: 'apple', name: 'Apple', bundleIdentifier: 'org.example.shop' };
      const platform = await api.createApplePlatform(apple);
      assert.equal(platform[isOld ? 'key' : 'bundleIdentifier'], 'org.example.shop');
      const admin = adminClient(own);
      admin.headers['X-Appwrite-Response-Format'] = format;
      const key = await new Project(admin).createEphemeralKey({ scopes: ['users.read'], duration: 600 });
      assert.match(key[isOld ? 'jwt' : 'secret'], /^ephemeral_/);
      await fails(() => api.getKey({ keyId: 'none' }), 404, 'key_not_found');
    });

    test('Webhooks', async () => {
      const webhooks = new Webhooks(client);
      const made = await webhooks.create({
        webhookId: ID.unique(),
        url: 'https://hooks.example.org/',
        name: 'Hook',
        events: ['users.*.create'],
        tls: true,
        authUsername: 'shop',
        authPassword: 'secret',
      });
      has(made, isOld ? { security: true, httpUser: 'shop' } : { tls: true, authUsername: 'shop' });
      assert.notEqual(made[isOld ? 'signatureKey' : 'secret'], '');
      assert.equal((await webhooks.list()).total, 1);
    });
  });
}
