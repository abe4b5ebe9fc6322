// Organization of node-appwrite: with the session of an administrator, and with a key of the organization.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, ID, Organization, Query } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { endpoint } from '../lib/rest.mjs';
import { adminClient, fails, has, same } from '../lib/sdk.mjs';

describe('Organization of node-appwrite', { concurrency: false }, () => {
  let admin, own, api;

  before(async () => {
    admin = await administrator();
    own = await project(admin);
    const client = adminClient({ id: 'console', admin });
    client.headers['X-Appwrite-Organization'] = own.organization.$id;
    api = new Organization(client);
  });

  test('projects', async () => {
    const made = await api.createProject({ projectId: ID.unique(), name: 'Second' });
    const projectId = made.$id;
    has(made, { name: 'Second', teamId: own.organization.$id });
    has(await api.getProject({ projectId }), { $id: projectId, name: 'Second' });
    assert.equal((await api.updateProject({ projectId, name: 'Two' })).name, 'Two');
    const list = await api.listProjects({ queries: [Query.equal('name', 'Two')] });
    same([list.total, list.projects.map(({ $id }) => $id)], [1, [projectId]]);
    assert.equal((await api.listProjects()).total, 2);
    await api.deleteProject({ projectId });
    await fails(() => api.getProject({ projectId }), 404, 'project_not_found');
  });

  test('the organization itself', async () => {
    has(await api.get(), { $id: own.organization.$id, name: 'Makers' });
    assert.equal((await api.update({ name: 'Renamed' })).name, 'Renamed');
    const other = adminClient({ id: 'console', admin: await administrator() });
    other.headers['X-Appwrite-Organization'] = own.organization.$id;
    await fails(() => new Organization(other).get(), 401, 'user_unauthorized');
  });

  test('keys', async () => {
    const scopes = ['projects.read', 'organization.read', 'organization.memberships.read'];
    const made = await api.createKey({ keyId: 'server', name: 'Server', scopes });
    has(made, { $id: 'server', name: 'Server' });
    same(made.scopes, scopes);
    assert.match(made.secret, /^organization_/);
    await fails(() => api.createKey({ keyId: 'server', name: 'Server', scopes }), 409, 'key_already_exists');
    await fails(() => api.createKey({ keyId: 'bad', name: 'Bad', scopes: ['users.read'] }), 400, 'general_argument_invalid');
    assert.equal((await api.updateKey({ keyId: 'server', name: 'Two', scopes })).name, 'Two');
    assert.equal((await api.getKey({ keyId: 'server' })).secret, made.secret);
    same((await api.listKeys()).keys.map(({ $id }) => $id), ['server']);

    const client = new Client().setEndpoint(endpoint).setProject('console').setKey(made.secret);
    await fails(() => new Organization(client).get(), 403, 'organization_id_missing');
    client.headers['X-Appwrite-Organization'] = own.organization.$id;
    const server = new Organization(client);
    assert.equal((await server.get()).$id, own.organization.$id);
    assert.equal((await server.listProjects()).total, 1);
    assert.equal((await server.listMemberships()).total, 1);
    await fails(() => server.update({ name: 'Mine' }), 401, 'general_unauthorized_scope');
    await fails(() => server.createKey({ keyId: 'more', name: 'More', scopes }), 401, 'general_unauthorized_scope');

    await api.deleteKey({ keyId: 'server' });
    await fails(() => api.getKey({ keyId: 'server' }), 404, 'key_not_found');
    await fails(() => server.get(), 401, 'general_unauthorized_scope');
  });

  test('members', async () => {
    const scopes = ['organization.memberships.read', 'organization.memberships.write'];
    const { secret } = await api.createKey({ keyId: 'members', name: 'Members', scopes });
    const client = new Client().setEndpoint(endpoint).setProject('console').setKey(secret);
    client.headers['X-Appwrite-Organization'] = own.organization.$id;
    const server = new Organization(client);
    const { email } = await administrator();
    const made = await server.createMembership({ roles: ['developer'], email });
    has(made, { userEmail: email, confirm: true });
    const membershipId = made.$id;
    has(await api.getMembership({ membershipId }), { $id: membershipId });
    same((await api.updateMembership({ membershipId, roles: ['owner'] })).roles, ['owner']);
    assert.equal((await api.listMemberships()).total, 2);
    await fails(() => server.createMembership({ roles: ['owner'], email }), 409, 'membership_already_confirmed');
    await server.deleteMembership({ membershipId });
    await fails(() => api.getMembership({ membershipId }), 404, 'membership_not_found');
  });

  test('its end', async () => {
    await api.delete();
    await fails(() => api.get(), 401, 'user_unauthorized');
  });
});
