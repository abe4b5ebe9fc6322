// The opening sequence of every suite: an administrator with a project, a key and a platform.

import { randomBytes } from 'node:crypto';

import { call } from './rest.mjs';

/** Scopes of the features that exist; a key asks for no more than it uses. */
const SCOPES = [
  'project.read', 'project.write', 'keys.read', 'keys.write', 'platforms.read', 'platforms.write',
  'policies.read', 'policies.write', 'templates.read', 'templates.write', 'mocks.read', 'mocks.write', 'webhooks.read', 'webhooks.write',
  'users.read', 'users.write', 'sessions.read', 'sessions.write', 'targets.read', 'targets.write', 'teams.read', 'teams.write',
  'databases.read', 'databases.write', 'collections.read', 'collections.write', 'tables.read', 'tables.write',
  'attributes.read', 'attributes.write', 'columns.read', 'columns.write', 'indexes.read', 'indexes.write',
  'documents.read', 'documents.write', 'rows.read', 'rows.write',
];

/** A name or address that no other suite uses. */
export function unique(prefix) {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** An administrator who is signed in to the console: `headers` authenticate further requests. */
export async function administrator() {
  const email = `${unique('admin')}@example.org`;
  const password = `${unique('a-long-password')}`;
  const headers = { origin: 'http://localhost', 'x-appwrite-project': 'console' };
  await call('POST', '/account', {
    headers,
    body: { userId: 'unique()', email, password, name: 'Ada' },
    expect: 201,
  });
  const session = await call('POST', '/account/sessions/email', { headers, body: { email, password }, expect: 201 });
  const cookie = `a_session_console=${session.cookies.a_session_console}`;
  return { email, password, headers: { ...headers, cookie } };
}

/** A project of the administrator's, in a new organization, with a key and a web platform for `hostname`. */
export async function project(admin, { hostname = 'localhost', scopes = SCOPES } = {}) {
  const { headers } = admin;
  const team = await call('POST', '/teams', { headers, body: { teamId: 'unique()', name: 'Makers' }, expect: 201 });
  const created = await call('POST', '/projects', {
    headers,
    body: { projectId: unique('p'), name: 'Suite', teamId: team.body.$id, region: 'default' },
    expect: 201,
  });
  const id = created.body.$id;
  const key = await call('POST', `/projects/${id}/keys`, {
    headers,
    body: { keyId: 'unique()', name: 'Suite', scopes },
    expect: 201,
  });
  const platform = await call('POST', `/projects/${id}/platforms`, {
    headers,
    body: { platformId: 'unique()', type: 'web', name: 'Suite', hostname },
    expect: 201,
  });
  return { id, key: key.body.secret, platform: platform.body, organization: team.body, admin };
}
