// Organization of node-appwrite, with the session of an administrator: the projects of an organization.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { ID, Organization, Query } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
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
});
