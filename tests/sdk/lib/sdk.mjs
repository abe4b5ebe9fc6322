// Clients of the official packages, set up for a project.

import assert from 'node:assert/strict';

import * as consoleSdk from '@appwrite.io/console';
import * as web from 'appwrite';
import * as node from 'node-appwrite';

import { unique } from './console.mjs';
import './methods.mjs';
import { endpoint } from './rest.mjs';

/** A `node-appwrite` client for `project`; with `key`, with the rights of its key. */
export function nodeClient(project, { key, session, format } = {}) {
  const client = new node.Client().setEndpoint(endpoint).setProject(project.id);
  if (key) client.setKey(key);
  if (session) client.setSession(session);
  // Not addHeader(): it would send the name a second time, in lower case.
  if (format) client.headers['X-Appwrite-Response-Format'] = format;
  return client;
}

/** A `node-appwrite` client for `project` with the session of its administrator. */
export function adminClient(project) {
  const client = nodeClient(project).setCookie(project.admin.headers.cookie);
  client.headers['X-Appwrite-Mode'] = 'admin';
  return client;
}

/** A client of the console's package: a guest, whoever has `session`, or with `admin` the administrator of the project. */
export function consoleClient(project, { session, admin } = {}) {
  const client = new consoleSdk.Client().setEndpoint(endpoint).setProject(project.id);
  // The package takes the session of its browser; outside of one it has no method for that.
  if (session) client.headers['X-Appwrite-Session'] = session;
  if (admin) client.setMode('admin').setCookie(project.admin.headers.cookie);
  return client;
}

/** The packages as people use them: `connect(project, { session })` makes a client. */
export const CLIENTS = [
  { name: 'node-appwrite', sdk: node, connect: nodeClient },
  { name: 'appwrite', sdk: web, connect: webClient },
  { name: '@appwrite.io/console', sdk: consoleSdk, connect: consoleClient },
];

/** The packages as those use them who run a project: `manage(project)` makes their client, `userType` is what logs call them. */
export const MANAGERS = [
  { name: 'node-appwrite', sdk: node, connect: nodeClient, manage: (own) => nodeClient(own, { key: own.key }), userType: 'keyProject' },
  { name: '@appwrite.io/console', sdk: consoleSdk, connect: consoleClient, manage: (own) => consoleClient(own, { admin: true }), userType: 'admin' },
];

/** Require that `work` fails as the SDKs report it: an `AppwriteException` with this code and type. */
export async function fails(work, code, type) {
  await assert.rejects(work, (error) => {
    assert.equal(error.constructor.name, 'AppwriteException', String(error.stack));
    assert.deepEqual({ code: error.code, type: error.type }, { code, type }, error.message);
    return true;
  });
}

/** An `appwrite` (web) client outside of a browser, with the session whose secret a key obtained. */
export function webClient(project, { session } = {}) {
  const client = new web.Client().setEndpoint(endpoint).setProject(project.id);
  if (session) client.setSession(session);
  return client;
}

/** A new user of the project with a session: its id, e-mail address, password, name and the session's secret. */
export async function person(project, name) {
  const users = new node.Users(nodeClient(project, { key: project.key }));
  const [email, password] = [`${unique(name)}@example.org`, 'correct horse battery'];
  const { $id: id } = await users.create({ userId: node.ID.unique(), email, password, name });
  const { secret } = await users.createSession({ userId: id });
  return { id, email, password, name, session: secret };
}

/** Require that `actual` has every member of `expected`, whatever else it has. */
export function has(actual, expected) {
  const chosen = Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]]));
  same(chosen, expected);
}

/** Require that `actual` equals `expected`; the packages parse JSON into objects without a prototype. */
export function same(actual, expected) {
  assert.deepEqual(structuredClone(actual), expected);
}
