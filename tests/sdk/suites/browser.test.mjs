// The web package in a real browser: once on the server's own site, where the session is a cookie, and once on another site,
// where the browser keeps no cookie and the package falls back to `X-Fallback-Cookies`.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { inPage, openBrowser } from '../lib/browser.mjs';
import { administrator, project, unique } from '../lib/console.mjs';
import { call } from '../lib/rest.mjs';

const SITES = [
  { name: 'on one site, with cookies', host: '127.0.0.1', hasCookie: true },
  { name: 'across sites, with X-Fallback-Cookies', host: 'localhost', hasCookie: false },
];

const signIn = async ({ client, Account, ID }, { email, password }) => {
  const account = new Account(client);
  const user = await account.create({ userId: ID.unique(), email, password, name: 'Ada' });
  const session = await account.createEmailPasswordSession({ email, password });
  return { userId: user.$id, session: session.$id, secret: session.secret };
};

const whoAmI = async ({ client, Account }) => (await new Account(client).get()).email;

const forgetFallback = () => globalThis.localStorage.removeItem('cookieFallback');

const signOut = async ({ client, Account }) => new Account(client).deleteSession({ sessionId: 'current' });

const writeAndList = async ({ client, Databases, ID, Query }) => {
  const databases = new Databases(client);
  const place = { databaseId: 'library', collectionId: 'notes' };
  const made = await databases.createDocument({ ...place, documentId: ID.unique(), data: { text: 'hello' } });
  const list = await databases.listDocuments({ ...place, queries: [Query.equal('text', 'hello')] });
  return { permissions: made.$permissions, ids: list.documents.map(({ $id }) => $id), made: made.$id };
};

describe('appwrite in a browser', { concurrency: false }, () => {
  let own;
  let browser;

  before(async () => {
    own = await project(await administrator(), { hostname: 'localhost' });
    const headers = { 'x-appwrite-project': own.id, 'x-appwrite-key': own.key };
    await call('POST', '/databases', { headers, body: { databaseId: 'library', name: 'Library' }, expect: 201 });
    await call('POST', '/databases/library/collections', {
      headers,
      body: {
        collectionId: 'notes',
        name: 'Notes',
        permissions: ['create("users")'],
        documentSecurity: true,
        attributes: [{ key: 'text', type: 'string', size: 100, required: true }],
      },
      expect: 201,
    });
    browser = await openBrowser();
  });

  after(() => browser?.close());

  for (const { name, host, hasCookie } of SITES) {
    test(name, async () => {
      const page = await browser.page(host);
      const person = { email: `${unique('ada')}@example.org`, password: 'correct horse battery' };

      const stranger = await inPage(page, own, whoAmI);
      const expected = { name: 'AppwriteException', code: 401, type: 'general_unauthorized_scope' };
      assert.deepEqual({ ...stranger.error, message: undefined }, { ...expected, message: undefined });

      const { value: signedIn, error } = await inPage(page, own, signIn, person);
      assert.equal(error, undefined);
      assert.equal(signedIn.secret, '', 'a page never sees the secret');
      if (hasCookie) await page.evaluate(forgetFallback);
      assert.deepEqual(await inPage(page, own, whoAmI), { value: person.email });

      const { value: written, error: refused } = await inPage(page, own, writeAndList);
      assert.equal(refused, undefined);
      const rights = ['read', 'update', 'delete'].map((action) => `${action}("user:${signedIn.userId}")`);
      assert.deepEqual(written, { permissions: rights, ids: [written.made], made: written.made });

      await inPage(page, own, signOut);
      assert.equal((await inPage(page, own, whoAmI)).error?.code, 401, 'signing out ends the session');
    });
  }
});
