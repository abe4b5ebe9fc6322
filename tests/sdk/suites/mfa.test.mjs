// Second factors, with every package and both spellings: enrolment, challenges, recovery codes, administration, the log.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';

import * as node from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { CLIENTS, MANAGERS, fails, has, nodeClient, person, same } from '../lib/sdk.mjs';

/** Methods that have two names, as the suites call them by turns. */
const SPELLINGS = ['MFA', 'Mfa'];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of an authenticator, `offset` steps from now (RFC 6238). */
function totp(secret, offset = 0) {
  const bits = [...secret].map((digit) => ALPHABET.indexOf(digit).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + offset));
  const digest = createHmac('sha1', key).update(counter).digest();
  const word = digest.readUInt32BE(digest[19] & 0xf) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

/** The service with the methods of one spelling under the names of the other. */
function spelt(service, spelling) {
  return new Proxy(service, {
    get: (target, name) => {
      const method = target[String(name).replace('MFA', spelling)] ?? target[name];
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

for (const { name, sdk, connect } of CLIENTS) {
  for (const spelling of SPELLINGS) {
    describe(`Second factors of ${name}, ${spelling}`, { concurrency: false }, () => {
      let own, ada, account, secret, codes;
      const of = (session) => spelt(new sdk.Account(connect(own, { session })), spelling);
      const answer = async (account, factor, otp) => {
        const { $id: challengeId, userId, expire } = await account.createMFAChallenge({ factor });
        assert.equal(userId, ada.id);
        assert.ok(Date.parse(expire) > Date.now());
        return account.updateMFAChallenge({ challengeId, otp });
      };

      before(async () => {
        own = await project(await administrator());
        ada = await person(own, 'ada');
        account = of(ada.session);
      });

      test('an authenticator', async () => {
        await fails(() => of().listMFAFactors(), 401, 'general_unauthorized_scope');
        const otp = '000000';
        await fails(() => account.updateMFAAuthenticator({ type: 'totp', otp }), 404, 'user_authenticator_not_found');
        const made = await account.createMFAAuthenticator({ type: 'totp' });
        secret = made.secret;
        assert.match(made.uri, /^otpauth:\/\/totp\/Suite%3A.+issuer=Suite&secret=[A-Z2-7]{32}$/);
        await fails(() => account.updateMFAAuthenticator({ type: 'totp', otp: 'wrong' }), 401, 'user_invalid_token');
        const changed = await account.updateMFAAuthenticator({ type: 'totp', otp: totp(secret, -1) });
        assert.equal(changed.$id, ada.id);
        await fails(() => account.createMFAAuthenticator({ type: 'totp' }), 409, 'user_authenticator_already_verified');
        same(await account.listMFAFactors(), {
          totp: true, phone: false, email: false, recoveryCode: false, custom: false,
        });
      });

      test('a second factor is asked of every other session', async () => {
        const users = new node.Users(nodeClient(own, { key: own.key }));
        const { secret: session } = await users.createSession({ userId: ada.id });
        assert.equal((await account.updateMFA({ mfa: true })).mfa, true);
        assert.equal((await account.get()).mfa, true);
        const other = of(session);
        await fails(() => other.get(), 401, 'user_more_factors_required');
        const used = totp(secret, -1);
        await fails(() => answer(other, 'totp', used), 401, 'user_invalid_token');
        const proved = await answer(other, 'totp', totp(secret));
        same(proved.factors, ['server', 'totp']);
        assert.notEqual(proved.mfaUpdatedAt, '');
        assert.equal((await other.get()).$id, ada.id);
        await fails(() => answer(other, 'totp', totp(secret)), 401, 'user_invalid_token');
      });

      test('recovery codes', async () => {
        await fails(() => account.getMFARecoveryCodes(), 401, 'user_challenge_required');
        await fails(() => account.updateMFARecoveryCodes(), 401, 'user_challenge_required');
        codes = (await account.createMFARecoveryCodes()).recoveryCodes;
        assert.equal(new Set(codes).size, 6);
        await fails(() => account.createMFARecoveryCodes(), 409, 'user_recovery_codes_already_exists');
        has(await answer(account, 'recoveryCode', codes[0]), { userId: ada.id });
        await fails(() => answer(account, 'recoveryCode', codes[0]), 401, 'user_invalid_token');
        same((await account.getMFARecoveryCodes()).recoveryCodes, codes.slice(1));
        const anew = (await account.updateMFARecoveryCodes()).recoveryCodes;
        assert.ok(anew.length === 6 && anew.every((code) => !codes.includes(code)));
      });

      test('factors that are closed', async () => {
        await fails(() => answer(account, 'custom', '000000'), 501, 'user_auth_method_unsupported');
        await fails(() => answer(account, 'sign language', '000000'), 400, 'general_argument_invalid');
      });

      test('the log', async () => {
        const { logs, total } = await account.listLogs({ queries: [sdk.Query.limit(2)] });
        assert.ok(total > 4 && logs.length === 2);
        has(logs[0], { event: 'user.update', userId: ada.id, userType: 'user', mode: 'default', countryCode: '--' });
        await fails(() => account.listLogs({ queries: [sdk.Query.equal('event', 'x')] }), 400, 'general_query_invalid');
      });

      test('taking it away', async () => {
        await account.deleteMFAAuthenticator({ type: 'totp' });
        await fails(() => account.deleteMFAAuthenticator({ type: 'totp' }), 404, 'user_authenticator_not_found');
        assert.equal((await account.updateMFA({ mfa: false })).mfa, false);
      });
    });
  }
}

for (const { name, sdk, manage, userType } of MANAGERS) {
  for (const spelling of SPELLINGS) {
    describe(`Administration of second factors by ${name}, ${spelling}`, { concurrency: false }, () => {
      let own, ada, users, account;

      before(async () => {
        own = await project(await administrator());
        ada = await person(own, 'ada');
        users = spelt(new sdk.Users(manage(own)), spelling);
        account = spelt(new node.Account(nodeClient(own, { session: ada.session })), spelling);
      });

      test('factors, codes and the authenticator', async () => {
        const userId = ada.id;
        await fails(() => users.listMFAFactors({ userId: 'nobody' }), 404, 'user_not_found');
        await fails(() => users.getMFARecoveryCodes({ userId }), 404, 'user_recovery_codes_not_found');
        await fails(() => users.updateMFARecoveryCodes({ userId }), 404, 'user_recovery_codes_not_found');
        const made = await users.createMFARecoveryCodes({ userId });
        await fails(() => users.createMFARecoveryCodes({ userId }), 409, 'user_recovery_codes_already_exists');
        same((await users.getMFARecoveryCodes({ userId })).recoveryCodes, [...made.recoveryCodes]);
        assert.notDeepEqual((await users.updateMFARecoveryCodes({ userId })).recoveryCodes, made.recoveryCodes);
        await fails(() => users.deleteMFAAuthenticator({ userId, type: 'totp' }), 404, 'user_authenticator_not_found');
        const { secret } = await account.createMFAAuthenticator({ type: 'totp' });
        await account.updateMFAAuthenticator({ type: 'totp', otp: totp(secret) });
        has(await users.listMFAFactors({ userId }), { totp: true, email: false });
        assert.equal((await users.updateMFA({ userId, mfa: true })).mfa, true);
        await fails(() => account.get(), 401, 'user_more_factors_required').catch(() => {});
        await users.deleteMFAAuthenticator({ userId, type: 'totp' });
        assert.equal((await users.updateMFA({ userId, mfa: false })).mfa, false);
      });

      test('the log of a user', async () => {
        const { logs } = await users.listLogs({ userId: ada.id });
        has(logs[0], { event: 'user.update', userType });
        await fails(() => users.listLogs({ userId: 'nobody' }), 404, 'user_not_found');
      });
    });
  }
}
