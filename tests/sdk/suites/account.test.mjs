// Account, with every package in Node: what a signed-in user does with the own account.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';

import { administrator, project, unique } from '../lib/console.mjs';
import { CLIENTS, consoleClient, fails, has, person, same } from '../lib/sdk.mjs';

const password = 'correct horse battery';

/** An account of the console itself, in the form of a person of a project. */
async function member(console) {
  const { email, password, headers } = await administrator();
  const session = decodeURIComponent(headers.cookie.split('=')[1]);
  const { $id: id } = await new consoleSdk.Account(consoleClient(console, { session })).get();
  return { id, email, password, name: 'Ada', session };
}

/** Who has accounts where: `open` makes a place, `join` an account in it. */
const PLACES = [
  ...CLIENTS.map((client) => ({ ...client, open: async () => project(await administrator()), join: person, hasGuests: true })),
  { name: '@appwrite.io/console, of the console', sdk: consoleSdk, connect: consoleClient, open: () => ({ id: 'console' }), join: member, hasGuests: false },
];

for (const { name, sdk, connect, open, join, hasGuests } of PLACES) {
  describe(`Account of ${name}`, { concurrency: false }, () => {
    let own, ada, account;
    const of = (session) => new sdk.Account(connect(own, { session }));

    before(async () => {
      own = await open();
      ada = await join(own, 'ada');
      account = of(ada.session);
    });

    test('sign-up without a session', async () => {
      const email = `${unique('eve')}@Example.org`;
      const made = await of().create({ userId: sdk.ID.unique(), email, password, name: 'Eve' });
      has(made, { email: email.toLowerCase(), name: 'Eve', status: true, emailVerification: false, prefs: {}, labels: [] });
      assert.equal(made.password, undefined);
      same(made.targets.map(({ identifier }) => identifier), [email.toLowerCase()]);
      const again = () => of().create({ userId: sdk.ID.unique(), email, password });
      await fails(again, 409, 'user_already_exists');
      const short = () => of().create({ userId: sdk.ID.unique(), email: `${unique('x')}@example.org`, password: 'short' });
      await fails(short, 400, 'general_argument_invalid');

      const session = await of().createEmailPasswordSession({ email, password });
      has(session, { userId: made.$id, provider: 'email', current: true, secret: '' });
      const wrong = () => of().createEmailPasswordSession({ email, password: 'wrong horse battery' });
      await fails(wrong, 401, 'user_invalid_credentials');
    });

    test('a guest without a name', async () => {
      if (!hasGuests) return fails(() => of().createAnonymousSession(), 401, 'user_anonymous_console_prohibited');
      const session = await of().createAnonymousSession();
      has(session, { provider: 'anonymous', providerUid: '', current: true });
      await fails(() => account.createAnonymousSession(), 401, 'user_session_already_exists');
    });

    test('profile', async () => {
      has(await account.get(), { $id: ada.id, email: ada.email, name: ada.name });
      assert.equal((await account.updateName({ name: 'Ada Lovelace' })).name, 'Ada Lovelace');
      same((await account.updatePrefs({ prefs: { theme: 'dark', sizes: [1, 2] } })).prefs, {
        theme: 'dark',
        sizes: [1, 2],
      });
      same(await account.getPrefs(), { theme: 'dark', sizes: [1, 2] });
      ada.email = `${unique('countess')}@example.org`;
      has(await account.updateEmail({ email: ada.email, password: ada.password }), {
        email: ada.email,
        emailVerification: false,
      });
      const phone = `+4930${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
      has(await account.updatePhone({ phone, password: ada.password }), { phone, phoneVerification: false });
      const wrong = () => account.updateEmail({ email: ada.email, password: 'wrong horse battery' });
      await fails(wrong, 401, 'user_invalid_credentials');
    });

    test('password', async () => {
      const changed = 'a much longer battery';
      const wrong = () => account.updatePassword({ password: changed, oldPassword: 'wrong horse battery' });
      await fails(wrong, 401, 'user_invalid_credentials');
      const before = (await account.get()).passwordUpdate;
      const user = await account.updatePassword({ password: changed, oldPassword: ada.password });
      assert.ok(user.passwordUpdate > before, 'the time of the change is noted');
      ada.password = changed;
      assert.equal((await of().createEmailPasswordSession({ email: ada.email, password: changed })).userId, ada.id);
    });

    test('sessions', async () => {
      const list = await account.listSessions();
      assert.equal(list.total, list.sessions.length);
      const current = list.sessions.find((session) => session.current);
      assert.equal((await account.getSession({ sessionId: 'current' })).$id, current.$id);
      assert.equal((await account.getSession({ sessionId: current.$id })).current, true);
      has(await account.updateSession({ sessionId: 'current' }), { $id: current.$id, userId: ada.id });
      await fails(() => account.getSession({ sessionId: 'none' }), 404, 'user_session_not_found');
      const other = list.sessions.find((session) => !session.current);
      assert.ok(other, 'the sign-in with the new password has a session');
      await account.deleteSession({ sessionId: other.$id });
      await fails(() => account.getSession({ sessionId: other.$id }), 404, 'user_session_not_found');
    });

    test('a JWT stands for the session', async () => {
      const { jwt } = await account.createJWT({ duration: 60 });
      const bearer = () => new sdk.Account(connect(own).setJWT(jwt));
      assert.equal((await bearer().get()).$id, ada.id);
      await account.deleteSessions();
      await fails(() => account.get(), 401, 'general_unauthorized_scope');
      await fails(() => bearer().get(), 401, 'general_unauthorized_scope');
    });

    test('closing the account', async () => {
      const bob = await join(own, 'bob');
      const closed = await of(bob.session).updateStatus();
      assert.equal(closed.status, false);
      const signIn = () => of().createEmailPasswordSession({ email: bob.email, password: bob.password });
      await fails(signIn, 403, 'user_blocked');
    });
  });
}
