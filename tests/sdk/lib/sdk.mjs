// Clients of the official packages, set up for a project.

import assert from 'node:assert/strict';

import * as node from 'node-appwrite';

import './methods.mjs';
import { endpoint } from './rest.mjs';

/** A `node-appwrite` client for `project`; with `key`, with the rights of its key. */
export function nodeClient(project, { key, session, format } = {}) {
  const client = new node.Client().setEndpoint(endpoint).setProject(project.id);
  if (key) client.setKey(key);
  if (session) client.setSession(session);
  if (format) client.addHeader('X-Appwrite-Response-Format', format);
  return client;
}

/** Require that `work` fails as the SDKs report it: an `AppwriteException` with this code and type. */
export async function fails(work, code, type) {
  await assert.rejects(work, (error) => {
    assert.equal(error.constructor.name, 'AppwriteException', String(error.stack));
    assert.deepEqual({ code: error.code, type: error.type }, { code, type }, error.message);
    return true;
  });
}
