// Users who come from elsewhere, and users who act as others.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, Users } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { MANAGERS, fails, has, nodeClient, person } from '../lib/sdk.mjs';

/** Every hash is of `appwrite`. */
const HASHES = [
  ['createMD5User', 'md5', { password: '144fa7eaa4904e8ee120651997f70dcc' }],
  ['createBcryptUser', 'bcrypt', { password: '$2y$05$abcdefghijklmnopqrstuuOToP16KV78Z9oaRd7Vc5jOMmcZVx.cS' }],
  ['createArgon2User', 'argon2', {
    password: '$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI',
  }],
  ['createPHPassUser', 'phpass', { password: '$P$Br387rwferoKN7uwHZqNMu98q3U8RO.' }],
  ['createSHAUser', 'sha', {
    password: '4243da0a694e8a2f727c8060fe0507c8fa01ca68146c76d2c190805b638c20c6bf6ba04e21f11ae138785d0bff63c416e6f87badbffad37f6dee50094cc38c70',
    passwordVersion: 'sha512',
  }],
  ['createScryptUser', 'scrypt', {
    password: '3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b',
    passwordSalt: 'appwrite',
    passwordCpu: 16384,
    passwordMemory: 13,
    passwordParallel: 2,
    passwordLength: 64,
  }],
  ['createScryptModifiedUser', 'scryptMod', {
    password: 'UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==',
    passwordSalt: 'UxLMreBr6tYyjQ==',
    passwordSaltSeparator: 'Bw==',
    passwordSignerKey: 'XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ==',
  }],
];

for (const { name, sdk, manage } of MANAGERS) {
  describe(`Hashes from elsewhere, by ${name}`, { concurrency: false }, () => {
    let own, users;

    before(async () => {
      own = await project(await administrator());
      users = new sdk.Users(manage(own));
    });

    for (const [method, hash, more] of HASHES) {
      test(method, async () => {
        const email = `${hash.toLowerCase()}@example.org`;
        const made = await users[method]({ userId: sdk.ID.unique(), email, name: hash, ...more });
        has(made, { email, hash, password: more.password });
        assert.equal(made.hashOptions.type, hash);
        await fails(() => users[method]({ userId: sdk.ID.unique(), email, ...more }), 409, 'user_already_exists');
        const nonsense = () => users[method]({ userId: sdk.ID.unique(), email: 'x@example.org', ...more, password: 'no hash of that kind' });
        await fails(nonsense, 400, 'general_argument_invalid');
        const account = new Account(nodeClient(own));
        const wrong = () => account.createEmailPasswordSession({ email, password: 'Appwrite' });
        await fails(wrong, 401, 'user_invalid_credentials');
        await account.createEmailPasswordSession({ email, password: 'appwrite' });
        const upgraded = await users.get({ userId: made.$id });
        assert.equal(upgraded.hash, 'argon2');
        assert.match(upgraded.password, /^\$argon2id\$/);
        await account.createEmailPasswordSession({ email, password: 'appwrite' });
      });
    }
  });
}

describe('Acting as others', { concurrency: false }, () => {
  test('updateImpersonator', async () => {
    const own = await project(await administrator());
    const users = new Users(nodeClient(own, { key: own.key }));
    const [ada, bob] = [await person(own, 'ada'), await person(own, 'bob')];
    const as = (id) => {
      const client = nodeClient(own, { session: ada.session });
      client.headers['X-Appwrite-Impersonate-User-Id'] = id;
      return new Account(client);
    };
    assert.equal((await as(bob.id).get()).$id, ada.id);
    assert.equal((await users.updateImpersonator({ userId: ada.id, impersonator: true })).impersonator, true);
    has(await as(bob.id).get(), { $id: bob.id, impersonatorUserId: ada.id });
    const found = await new Users(nodeClient(own, { session: ada.session })).list();
    assert.ok(found.users.every(({ password }) => password === null));
    await fails(() => as(bob.id).createJWT(), 404, 'user_session_not_found');
    await fails(() => users.updateImpersonator({ userId: 'nobody', impersonator: true }), 404, 'user_not_found');
    assert.equal((await users.updateImpersonator({ userId: ada.id, impersonator: false })).impersonator, false);
    assert.equal((await as(bob.id).get()).$id, ada.id);
  });
});
