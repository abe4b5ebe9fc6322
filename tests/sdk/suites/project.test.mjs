// The project of a key, and what belongs to it, with node-appwrite; its variables with the console's package too.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as node from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { MANAGERS, adminClient, fails, has, nodeClient, same } from '../lib/sdk.mjs';

const PLATFORMS = [
  ['Web', 'hostname', 'shop.example.org'],
  ['Apple', 'bundleIdentifier', 'org.example.shop'],
  ['Android', 'applicationId', 'org.example.shop'],
  ['Windows', 'packageIdentifierName', 'Example.Shop'],
  ['Linux', 'packageName', 'shop'],
];

const SWITCHES = [
  ['updatePasswordDictionaryPolicy', 'password-dictionary'],
  ['updatePasswordPersonalDataPolicy', 'password-personal-data'],
  ['updateSessionAlertPolicy', 'session-alert'],
  ['updateSessionInvalidationPolicy', 'session-invalidation'],
];

describe('Project of node-appwrite', { concurrency: false }, () => {
  let own, api;

  before(async () => {
    own = await project(await administrator());
    api = new node.Project(nodeClient(own, { key: own.key }));
  });

  test('the project itself', async () => {
    has(await api.get(), { $id: own.id, name: 'Suite' });
    same((await api.updateLabels({ labels: ['one', 'two'] })).labels, ['one', 'two']);
    const other = new node.Project(nodeClient(own));
    await fails(() => other.get(), 401, 'general_unauthorized_scope');
  });

  test('keys', async () => {
    const keyId = 'second';
    await fails(() => api.createKey({ keyId, name: 'Second', scopes: ['users.read'] }), 403, 'key_creation_denied');
    const console = new node.Project(adminClient(own));
    const made = await console.createKey({ keyId, name: 'Second', scopes: ['users.read'] });
    has(made, { $id: keyId, name: 'Second', scopes: ['users.read'], expire: '' });
    assert.match(made.secret, /^standard_/);
    assert.equal((await new node.Users(nodeClient(own, { key: made.secret })).list()).total, 0);
    const teams = new node.Teams(nodeClient(own, { key: made.secret }));
    await fails(() => teams.list(), 401, 'general_unauthorized_scope');
    has(await api.getKey({ keyId }), { $id: keyId, name: 'Second' });
    has(await api.updateKey({ keyId, name: 'Two', scopes: ['teams.read'] }), { name: 'Two', scopes: ['teams.read'] });
    assert.equal((await teams.list()).total, 0);
    const list = await api.listKeys({ queries: [node.Query.equal('name', 'Two')] });
    same([list.total, list.keys.map(({ $id }) => $id)], [1, [keyId]]);
    await api.deleteKey({ keyId });
    await fails(() => api.getKey({ keyId }), 404, 'key_not_found');
    const ephemeral = await console.createEphemeralKey({ scopes: ['users.read'], duration: 600 });
    assert.equal((await new node.Users(nodeClient(own, { key: ephemeral.secret })).list()).total, 0);
  });

  for (const [kind, identifier, value] of PLATFORMS) {
    test(`a platform: ${kind}`, async () => {
      const platformId = kind.toLowerCase();
      const made = await api[`create${kind}Platform`]({ platformId, name: kind, [identifier]: value });
      has(made, { $id: platformId, type: platformId, name: kind, [identifier]: value });
      const change = { platformId, name: `${kind} 2`, [identifier]: `${value}2` };
      has(await api[`update${kind}Platform`](change), { name: `${kind} 2`, [identifier]: `${value}2` });
      has(await api.getPlatform({ platformId }), { $id: platformId, [identifier]: `${value}2` });
      const list = await api.listPlatforms({ queries: [node.Query.equal('type', platformId)] });
      assert.ok(list.platforms.some(({ $id }) => $id === platformId));
      await api.deletePlatform({ platformId });
      await fails(() => api.getPlatform({ platformId }), 404, 'platform_not_found');
    });
  }

  for (const [method, policyId] of SWITCHES) {
    test(`policy ${policyId}`, async () => {
      await api[method]({ enabled: true });
      has(await api.getPolicy({ policyId }), { $id: policyId, enabled: true });
      await api[method]({ enabled: false });
      has(await api.getPolicy({ policyId }), { $id: policyId, enabled: false });
    });
  }

  test('policies with values', async () => {
    const policy = async (policyId, expected) => has(await api.getPolicy({ policyId }), { $id: policyId, ...expected });
    await api.updatePasswordHistoryPolicy({ total: 5 });
    await policy('password-history', { total: 5 });
    has(await api.updatePasswordStrengthPolicy({ min: 12, number: true }), { min: 12, number: true });
    await policy('password-strength', { min: 12, number: true, uppercase: false });
    await api.updateSessionDurationPolicy({ duration: 3600 });
    await policy('session-duration', { duration: 3600 });
    await api.updateSessionLimitPolicy({ total: 3 });
    await policy('session-limit', { total: 3 });
    await api.updateUserLimitPolicy({ total: 100 });
    await policy('user-limit', { total: 100 });
    await api.updateMembershipPrivacyPolicy({ userId: true, userEmail: false });
    await policy('membership-privacy', { userId: true, userEmail: false });
    const list = await api.listPolicies();
    assert.equal(list.total, list.policies.length);
    assert.ok(list.policies.some(({ $id }) => $id === 'user-limit'));
    await fails(() => api.updateSessionDurationPolicy({ duration: 1 }), 400, 'general_argument_invalid');
  });

  test('services, protocols and ways to sign in', async () => {
    const find = (project, list, id) => project[list].find(({ $id }) => $id === id)?.enabled;
    const closed = await api.updateService({ serviceId: 'teams', enabled: false });
    assert.equal(find(closed, 'services', 'teams'), false);
    assert.equal(find(await api.updateService({ serviceId: 'teams', enabled: true }), 'services', 'teams'), true);
    const graphql = await api.updateProtocol({ protocolId: 'graphql', enabled: false });
    assert.equal(find(graphql, 'protocols', 'graphql'), false);
    const anonymous = await api.updateAuthMethod({ methodId: 'anonymous', enabled: false });
    assert.equal(find(anonymous, 'authMethods', 'anonymous'), false);
    const guest = new node.Account(nodeClient(own));
    await fails(() => guest.createAnonymousSession(), 501, 'user_auth_method_unsupported');
    await api.updateAuthMethod({ methodId: 'anonymous', enabled: true });
    assert.notEqual((await guest.createAnonymousSession()).userId, '');
  });

  test('SMTP', async () => {
    const changed = await api.updateSMTP({ senderEmail: 'shop@example.org', senderName: 'Shop', enabled: false });
    has(changed, { smtpEnabled: false, smtpSenderEmail: 'shop@example.org', smtpSenderName: 'Shop' });
  });

  test('mock phones', async () => {
    const number = '+4930111222';
    has(await api.createMockPhone({ number, otp: '123456' }), { number, otp: '123456' });
    has(await api.updateMockPhone({ number, otp: '654321' }), { number, otp: '654321' });
    has(await api.getMockPhone({ number }), { number, otp: '654321' });
    assert.equal((await api.listMockPhones()).total, 1);
    await api.deleteMockPhone({ number });
    await fails(() => api.getMockPhone({ number }), 404, 'mock_number_not_found');
  });

  test('the end of the project', async () => {
    await api.delete();
    await fails(() => api.get(), 404, 'project_not_found');
  });
});

for (const { name, sdk, connect, manage } of MANAGERS) {
  describe(`variables of a project, by ${name}`, () => {
    test('from the first to the last of one', async () => {
      const own = await project(await administrator());
      const [api, guest] = [manage(own), connect(own)].map((client) => new sdk.Project(client));
      // The console's package leaves ids to the server, and its lists have no queries.
      const made = await api.createVariable({ variableId: sdk.ID.unique(), key: 'COLOR', value: 'red', secret: false });
      has(made, { key: 'COLOR', value: 'red', secret: false });
      const variableId = made.$id;
      has(await api.updateVariable({ variableId, key: 'COLOUR', value: 'green' }), { key: 'COLOUR', value: 'green' });
      has(await api.getVariable({ variableId }), { key: 'COLOUR', value: 'green' });
      has(await api.updateVariable({ variableId, key: 'COLOUR', secret: true }), { secret: true, value: '' });
      const list = await api.listVariables({ queries: [sdk.Query.equal('key', 'COLOUR')] });
      same([list.total, list.variables[0].$id], [1, variableId]);
      const calls = [
        ['createVariable', { variableId: 'unique()', key: 'SIZE', value: '1' }],
        ['updateVariable', { variableId, key: 'SIZE' }],
        ['getVariable', { variableId }],
        ['listVariables', {}],
        ['deleteVariable', { variableId }],
      ];
      for (const [method, params] of calls) await fails(() => guest[method](params), 401, 'general_unauthorized_scope');
      await api.deleteVariable({ variableId });
      for (const method of ['getVariable', 'updateVariable', 'deleteVariable']) {
        await fails(() => api[method]({ variableId, key: 'COLOUR' }), 404, 'variable_not_found');
      }
    });
  });
}
