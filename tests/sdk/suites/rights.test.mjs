// Every method of Account, Users and Teams, of every package, as a table: who may call it, who may not, and what it says
// when something is wrong. What the methods do when all is well is in the other suites.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';

import * as node from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { call } from '../lib/rest.mjs';
import { CLIENTS, MANAGERS, fails, nodeClient, person } from '../lib/sdk.mjs';

/** The packages once more, without the wrapper that notes calls: their own text tells the parameters. */
const plain = createRequire(import.meta.url);
const UNAUTHORIZED = [401, 'general_unauthorized_scope'];
const NO_MEMBER = [401, 'user_unauthorized'];
const password = 'correct horse battery';

/**
 * Not in these tables: consents, installations and the keys of an account have suites of their own, usage figures too, and what is
 * about money in Appwrite's cloud is not there.
 */
const ELSEWHERE = /Consent|Installation|Key|Billing|Payment|Invoice|Coupon|Usage/;

/** A value for every parameter, of the right form and of nobody in particular. */
const VALUES = {
  email: () => `${unique('nobody')}@example.org`, password: () => password, oldPassword: () => password, name: () => 'Name',
  queries: () => [], total: () => true, search: () => '', userId: () => 'nobody', teamId: () => 'nobody', secret: () => 'none',
  identityId: () => 'none', sessionId: () => 'none', challengeId: () => 'none', membershipId: () => 'none', targetId: () => 'none',
  providerId: () => '', identifier: () => unique('token'), duration: () => 60, mfa: () => false, type: () => 'totp', otp: () => '123456',
  factor: () => 'email', phone: () => '+4930111111', number: () => '+4930222222', prefs: () => ({}), url: () => 'http://localhost/page',
  phrase: () => false, provider: () => 'github', success: () => 'http://localhost/in', failure: () => 'http://localhost/out', scopes: () => [],
  impersonator: () => false, labels: () => ['vip'], status: () => true, providerType: () => 'push', length: () => 6, expire: () => 60,
  emailVerification: () => true, phoneVerification: () => true, roles: () => ['member'], passwordSalt: () => 'c2FsdA==',
  passwordSaltSeparator: () => 'Bw==', passwordSignerKey: () => 'c2lnbmVy', passwordCpu: () => 8, passwordMemory: () => 14, passwordParallel: () => 1,
  passwordLength: () => 64, passwordVersion: () => 'sha256',
};

/** The methods of a package's service with the names of their parameters, as the package declares them. */
function methods(name, word) {
  const service = plain(name)[word];
  const names = Object.getOwnPropertyNames(service.prototype).filter((name) => name !== 'constructor');
  return names.filter((name) => !ELSEWHERE.test(name)).map((name) => {
    const [declared] = [...service.prototype[name].toString().matchAll(/params = \{([^}]*)\}/gs)];
    return { name, parameters: [...(declared?.[1] ?? '').matchAll(/(\w+):/g)].map(([, parameter]) => parameter) };
  });
}

function anything(parameters) {
  return Object.fromEntries(parameters.map((name) => [name, VALUES[name]?.() ?? assert.fail(`a value for ${name}`)]));
}

/** Whether a method was reached: it did something, or said what is wrong with what it was asked. */
async function reaches(work, name) {
  try {
    await work();
  } catch (error) {
    assert.equal(error.constructor.name, 'AppwriteException', String(error.stack));
    const refusals = ['general_unauthorized_scope', 'general_access_forbidden', 'general_route_not_found', 'general_unknown'];
    assert.ok(!refusals.includes(error.type) && error.code < 500 || error.type === 'general_smtp_disabled', `${name}: ${error.code} ${error.type}`);
  }
}

/** A new user with a session, and without a password, which would take its time. */
async function somebody(own) {
  const users = new node.Users(nodeClient(own, { key: own.key }));
  const { $id: id } = await users.create({ userId: node.ID.unique(), email: `${unique('somebody')}@example.org` });
  return { id, session: (await users.createSession({ userId: id })).secret };
}

/** A key of the project that may do nothing with people. */
async function bareKey(own) {
  const body = { keyId: 'unique()', name: 'Bare', scopes: ['databases.read'] };
  const answer = await call('POST', `/projects/${own.id}/keys`, { headers: own.admin.headers, body, expect: 201 });
  return answer.body.secret;
}

for (const { name: packageName, sdk, connect } of CLIENTS) {
  /** Methods that are there for whoever is not signed in. */
  const open = /^(create|createRecovery|updateRecovery|createAnonymousSession|createEmailPasswordSession|createSession|update(MagicURL|Phone)Session|create(Email|MagicURL|OAuth2|Phone)Token|createOAuth2Session|update(Email|Phone)?Verification)$/;
  /** In the web package these leave the page. */
  const leaves = /^createOAuth2/;

  describe(`rights of Account in ${packageName}`, { concurrency: false }, () => {
    let own, ada, bob;
    const of = (session) => new sdk.Account(connect(own, { session }));

    before(async () => {
      own = await project(await administrator());
      [ada, bob] = await Promise.all([person(own, 'ada'), person(own, 'bob')]);
    });

    for (const { name, parameters } of methods(packageName, 'Account')) {
      test(name, async () => {
        const ask = (account) => account[name](anything(parameters));
        if (leaves.test(name)) {
          const address = connect === nodeClient ? undefined : await of()[name](anything(parameters));
          if (address) assert.match(String(address), /\/account\/(sessions|tokens)\/oauth2\/github\?/);
          // The package tells of a redirect that did not come no more than the status.
          else await fails(() => ask(of()), 412, '');
          return;
        }
        if (!open.test(name)) {
          await fails(() => ask(of()), ...UNAUTHORIZED);
          if (connect === nodeClient && !/Target/.test(name)) {
            await fails(() => ask(new sdk.Account(connect(own, { key: own.key }))), ...UNAUTHORIZED);
          }
        }
        const { session } = open.test(name) ? {} : await somebody(own);
        await reaches(() => ask(of(session)), name);
      });
    }

    const nobody = { userId: 'no-such-user', secret: 'none' };
    const wrong = { userId: () => ada.id, secret: 'none' };
        /** Method, who asks, with what beside anything, and what is said. */
    const errors = [
      ['create', 'guest', { userId: 'unique()', email: () => ada.email }, 409, 'user_already_exists'],
      ['create', 'guest', { userId: 'unique()', email: 'no address' }, 400, 'general_argument_invalid'],
      ['create', 'guest', { userId: 'unique()', password: 'short' }, 400, 'general_argument_invalid'],
      ['updateEmail', 'ada', { password: 'wrong horse battery' }, 401, 'user_invalid_credentials'],
      ['updateEmail', 'ada', { email: () => bob.email }, 409, 'user_target_already_exists'],
      ['updatePhone', 'ada', { password: 'wrong horse battery' }, 401, 'user_invalid_credentials'],
      ['updatePhone', 'ada', { phone: 'no number' }, 400, 'general_argument_invalid'],
      ['updatePassword', 'ada', { oldPassword: 'wrong horse battery' }, 401, 'user_invalid_credentials'],
      ['updatePassword', 'ada', { password: 'short' }, 400, 'general_argument_invalid'],
      ['updateName', 'ada', { name: 'x'.repeat(129) }, 400, 'general_argument_invalid'],
      ['updatePrefs', 'ada', { prefs: 'none' }, 400, 'general_argument_invalid'],
      ['listIdentities', 'ada', { queries: ['none'] }, 400, 'general_query_invalid'],
      ['listLogs', 'ada', { queries: ['none'] }, 400, 'general_query_invalid'],
      ['deleteIdentity', 'ada', {}, 404, 'user_identity_not_found'],
      ['createJWT', 'ada', { duration: 3601 }, 400, 'general_argument_invalid'],
      ['updateMFA', 'ada', { mfa: 'none' }, 400, 'general_argument_invalid'],
      ['createRecovery', 'guest', {}, 503, 'general_smtp_disabled'],
      ['updateRecovery', 'guest', nobody, 404, 'user_not_found'],
      ['updateRecovery', 'guest', wrong, 401, 'user_invalid_token'],
      ['createEmailPasswordSession', 'guest', {}, 401, 'user_invalid_credentials'],
      ['createEmailPasswordSession', 'ada', { email: () => ada.email }, 401, 'user_session_already_exists'],
      ['createAnonymousSession', 'ada', {}, 401, 'user_session_already_exists'],
      ['createEmailToken', 'guest', { userId: 'unique()' }, 503, 'general_smtp_disabled'],
      ['createMagicURLToken', 'guest', { userId: 'unique()' }, 503, 'general_smtp_disabled'],
      ['createMagicURLToken', 'guest', { userId: 'unique()', url: 'http://elsewhere.example.org' }, 400, 'general_argument_invalid'],
      ['createPhoneToken', 'guest', { userId: 'unique()', phone: 'no number' }, 400, 'general_argument_invalid'],
      ['createPhoneVerification', 'ada', {}, 400, 'user_phone_not_found'],
      ['getSession', 'ada', {}, 404, 'user_session_not_found'],
      ['updateSession', 'ada', {}, 404, 'user_session_not_found'],
      ['deleteSession', 'ada', {}, 404, 'user_session_not_found'],
      ...['createSession', 'updateMagicURLSession', 'updatePhoneSession'].flatMap((method) => [
        [method, 'guest', nobody, 401, 'user_invalid_token'],
        [method, 'guest', wrong, 401, 'user_invalid_token'],
        [method, 'ada', wrong, 401, 'user_session_already_exists'],
      ]),
      ...['createEmailVerification', 'createVerification'].flatMap((method) => [
        [method, 'ada', {}, 503, 'general_smtp_disabled'],
        [method, 'ada', { url: 'http://elsewhere.example.org' }, 400, 'general_argument_invalid'],
      ]),
      ...['updateEmailVerification', 'updateVerification', 'updatePhoneVerification'].flatMap((method) => [
        [method, 'guest', nobody, 404, 'user_not_found'],
        [method, 'guest', wrong, 401, 'user_invalid_token'],
      ]),
      ...['Mfa', 'MFA'].flatMap((word) => [
        [`create${word}Authenticator`, 'ada', { type: 'none' }, 400, 'general_argument_invalid'],
        [`create${word}Challenge`, 'ada', { factor: 'none' }, 400, 'general_argument_invalid'],
        [`create${word}Challenge`, 'ada', { factor: 'phone' }, 400, 'user_phone_not_found'],
        [`update${word}Challenge`, 'ada', {}, 401, 'user_invalid_token'],
        [`update${word}Authenticator`, 'ada', {}, 404, 'user_authenticator_not_found'],
        [`delete${word}Authenticator`, 'ada', {}, 401, 'user_challenge_required'],
        [`get${word}RecoveryCodes`, 'ada', {}, 401, 'user_challenge_required'],
        [`update${word}RecoveryCodes`, 'ada', {}, 401, 'user_challenge_required'],
      ]),
      ...(connect === nodeClient ? [] : [
        ['createPushTarget', 'ada', { targetId: 'unique()', identifier: 'x'.repeat(256) }, 400, 'general_argument_invalid'],
        ['updatePushTarget', 'ada', {}, 404, 'user_target_not_found'],
        ['deletePushTarget', 'ada', {}, 404, 'user_target_not_found'],
      ]),
    ];

    for (const [method, who, given, code, type] of errors) {
      test(`${method}: ${type}`, async () => {
        const { parameters } = methods(packageName, 'Account').find(({ name }) => name === method);
        const resolved = Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
        const account = of(who === 'ada' ? ada.session : undefined);
        await fails(() => account[method]({ ...anything(parameters), ...Object.fromEntries(resolved) }), code, type);
      });
    }

    if (connect !== nodeClient) {
      test('a push target is its session\'s', async () => {
        const users = new node.Users(nodeClient(own, { key: own.key }));
        const owner = await somebody(own);
        const account = of(owner.session);
        const [targetId, identifier] = [unique('phone'), unique('token')];
        const made = await account.createPushTarget({ targetId, identifier });
        assert.deepEqual([made.$id, made.providerType, made.identifier, made.userId], [targetId, 'push', identifier, owner.id]);
        await fails(() => account.createPushTarget({ targetId, identifier: unique('token') }), 409, 'user_target_already_exists');
        await fails(() => of(ada.session).createPushTarget({ targetId: 'unique()', identifier }), 409, 'user_target_already_exists');
        for (const method of ['updatePushTarget', 'deletePushTarget']) {
          await fails(() => of(ada.session)[method]({ targetId, identifier }), 404, 'user_target_not_found');
        }
        const other = unique('token');
        assert.equal((await account.updatePushTarget({ targetId, identifier: other })).identifier, other);
        await account.deletePushTarget({ targetId });
        await account.createPushTarget({ targetId, identifier });
        await account.deleteSession({ sessionId: 'current' });
        await fails(() => users.getTarget({ userId: owner.id, targetId }), 404, 'user_target_not_found');
      });
    }
  });
}

for (const { name: packageName, sdk, connect, manage } of MANAGERS) {
  describe(`rights of Users by ${packageName}`, { concurrency: false }, () => {
    let own, ada, users, others;
    const target = { targetId: 'none' };

    before(async () => {
      own = await project(await administrator());
      const [user, bare, admin] = await Promise.all([person(own, 'ada'), bareKey(own), administrator()]);
      ada = user;
      users = new sdk.Users(manage(own));
      others = [connect(own), connect(own, { session: ada.session })].map((client) => [client, UNAUTHORIZED]);
      // Of keys and administrators, one that may do nothing with people, and one of another organization.
      others.push(connect === nodeClient ? [nodeClient(own, { key: bare }), UNAUTHORIZED] : [manage({ ...own, admin }), NO_MEMBER]);
    });

    for (const { name, parameters } of methods(packageName, 'Users')) {
      test(name, async () => {
        for (const [at, [client, refusal]] of others.entries()) {
          // Guests and users have the scope of their own sessions, and are told that these are none.
          const isOwn = at < 2 && /^(create|delete)Sessions?$/.test(name);
          await fails(() => new sdk.Users(client)[name](anything(parameters)), ...(isOwn ? NO_MEMBER : refusal));
        }
        const made = name.startsWith('create') && parameters.includes('password');
        if (parameters.includes('userId') && !made) {
          await fails(() => users[name](anything(parameters)), 404, 'user_not_found');
          const { id } = await somebody(own);
          await reaches(() => users[name]({ ...anything(parameters), userId: id }), name);
        } else if (made) {
          await fails(() => users[name]({ ...anything(parameters), userId: ada.id, password: hashed[name] ?? password }), 409, 'user_already_exists');
        } else {
          await reaches(() => users[name](anything(parameters)), name);
        }
        if (parameters.includes('queries')) {
          await fails(() => users[name]({ userId: ada.id, queries: ['none'] }), 400, 'general_query_invalid');
        }
      });
    }

    /** Hashes that could be some password's. */
    const hashed = {
      createArgon2User: '$argon2id$v=19$m=65536,t=4,p=3$c29tZXNhbHRzb21lc2FsdA$mEmHEO9ZrmWlyHnB3l1mMQuUDpTEZMWzVrFf5nUkbZI',
      createBcryptUser: '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
      createMD5User: '5f4dcc3b5aa765d61d8327deb882cf99',
      createPHPassUser: '$P$B55D6LjfHDkINU5wF.v2BuuzO0/XPk/',
      createScryptUser: 'ab'.repeat(64),
      createScryptModifiedUser: 'UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==',
      createSHAUser: 'ab'.repeat(32),
    };

    const errors = [
      ['create', { userId: 'unique()', email: () => ada.email }, 409, 'user_already_exists'],
      ['create', { userId: 'unique()', password: 'short' }, 400, 'general_argument_invalid'],
      ['updateEmail', { email: 'no address' }, 400, 'general_argument_invalid'],
      ['updatePhone', { number: 'no number' }, 400, 'general_argument_invalid'],
      ['updatePassword', { password: 'short' }, 400, 'general_argument_invalid'],
      ['updateLabels', { labels: ['no label!'] }, 400, 'general_argument_invalid'],
      ['deleteIdentity', {}, 404, 'user_identity_not_found'],
      ['deleteSession', {}, 404, 'user_session_not_found'],
      ['getTarget', target, 404, 'user_target_not_found'],
      ['updateTarget', target, 404, 'user_target_not_found'],
      ['deleteTarget', target, 404, 'user_target_not_found'],
      ['createTarget', { targetId: 'unique()', providerType: 'email', identifier: 'no address' }, 400, 'general_invalid_email'],
      ['createTarget', { targetId: 'unique()', identifier: () => ada.email }, 409, 'user_target_already_exists'],
      ['createToken', { length: 3 }, 400, 'general_argument_invalid'],
      ...['Mfa', 'MFA'].flatMap((word) => [
        [`delete${word}Authenticator`, {}, 404, 'user_authenticator_not_found'],
        [`get${word}RecoveryCodes`, {}, 404, 'user_recovery_codes_not_found'],
        [`update${word}RecoveryCodes`, {}, 404, 'user_recovery_codes_not_found'],
      ]),
    ];

    for (const [method, given, code, type] of errors) {
      test(`${method}: ${type}`, async () => {
        const { parameters } = methods(packageName, 'Users').find(({ name }) => name === method);
        const resolved = Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
        await fails(() => users[method]({ ...anything(parameters), userId: ada.id, ...Object.fromEntries(resolved) }), code, type);
      });
    }

    test('codes are made once', async () => {
      const { id: userId } = await somebody(own);
      await users.createMFARecoveryCodes({ userId });
      await fails(() => users.createMfaRecoveryCodes({ userId }), 409, 'user_recovery_codes_already_exists');
    });
  });
}

for (const { name: packageName, sdk, connect } of CLIENTS) {
  describe(`rights of Teams in ${packageName}`, { concurrency: false }, () => {
    const manager = MANAGERS.find(({ name }) => name === packageName);
    let own, owner, member, stranger, refused, teamId, membership;
    const of = (session) => new sdk.Teams(connect(own, { session }));

    before(async () => {
      own = await project(await administrator());
      [owner, member, stranger] = await Promise.all(['owner', 'member', 'stranger'].map((who) => person(own, who)));
      // Of keys and administrators, one that may do nothing with teams, and one of another organization.
      if (connect === nodeClient) refused = [nodeClient(own, { key: await bareKey(own) }), UNAUTHORIZED];
      else if (manager) refused = [manager.manage({ ...own, admin: await administrator() }), NO_MEMBER];
      const server = new node.Teams(nodeClient(own, { key: own.key }));
      teamId = unique('team');
      await server.create({ teamId, name: 'Team' });
      await server.createMembership({ teamId, roles: ['owner'], userId: owner.id });
      membership = await server.createMembership({ teamId, roles: ['member'], userId: member.id });
    });

    for (const { name, parameters } of methods(packageName, 'Teams')) {
      // It is asked with the secret of an invitation, by whoever has it.
      const isOpen = name === 'updateMembershipStatus';
      const changes = /^(updateName|delete|updateMembership|createMembership|updatePrefs)$/.test(name);
      test(name, async () => {
        const asked = () => ({ ...anything(parameters), teamId, membershipId: membership.$id });
        if (!isOpen) {
          await fails(() => of()[name](asked()), ...UNAUTHORIZED);
          if (refused) await fails(() => new sdk.Teams(refused[0])[name](asked()), ...refused[1]);
        }
        if (parameters.includes('teamId') && name !== 'create') {
          // These look for the membership first; an invitation by a user needs a mail server before anything else.
          const told = { deleteMembership: 'team_invite_not_found', updateMembershipStatus: 'membership_not_found' }[name];
          if (name !== 'createMembership') await fails(() => of(owner.session)[name](anything(parameters)), 404, told ?? 'team_not_found');
          if (!isOpen && name !== 'createMembership') {
            await fails(() => of(stranger.session)[name](asked()), 404, 'team_not_found');
          }
        }
        if (changes && name !== 'createMembership') {
          await fails(() => of(member.session)[name](asked()), 401, 'user_unauthorized');
        }
        if (parameters.includes('membershipId') && !isOpen) {
          const told = name === 'deleteMembership' ? 'team_invite_not_found' : 'membership_not_found';
          await fails(() => of(owner.session)[name]({ ...asked(), membershipId: 'none' }), 404, told);
        }
        if (parameters.includes('queries')) {
          await fails(() => of(owner.session)[name]({ ...asked(), queries: ['none'] }), 400, 'general_query_invalid');
        }
        if (!['delete', 'deleteMembership', 'create'].includes(name)) {
          await reaches(() => of(owner.session)[name](asked()), name);
        }
      });
    }

    const errors = [
      ['create', 'owner', { teamId: () => teamId }, 409, 'team_already_exists'],
      ['create', 'owner', { teamId: 'unique()', name: '' }, 400, 'general_argument_invalid'],
      ['updateName', 'owner', { name: 'x'.repeat(129) }, 400, 'general_argument_invalid'],
      ...(manager ? [
        ['createMembership', 'manager', { email: '', phone: '', userId: 'nobody' }, 404, 'user_not_found'],
        ['createMembership', 'manager', { teamId: 'nobody', email: '', phone: '', userId: () => member.id }, 404, 'team_not_found'],
        ['createMembership', 'manager', { email: '', phone: '', userId: () => member.id }, 409, 'membership_already_confirmed'],
      ] : []),
      ['createMembership', 'owner', {}, 503, 'general_smtp_disabled'],
      ['createMembership', 'stranger', { roles: ['no role!'] }, 400, 'general_argument_invalid'],
      ['updateMembershipStatus', 'stranger', { membershipId: 'none', userId: () => member.id }, 404, 'membership_not_found'],
      ['updateMembershipStatus', 'stranger', { membershipId: () => membership.$id, userId: () => member.id }, 401, 'team_invalid_secret'],
    ];
    for (const [method, who, given, code, type] of errors) {
      test(`${method}: ${type}`, async () => {
        const { parameters } = methods(packageName, 'Teams').find(({ name }) => name === method);
        const resolved = Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
        const teams = who === 'manager' ? new sdk.Teams(manager.manage(own)) : of({ owner, member, stranger }[who].session);
        await fails(() => teams[method]({ ...anything(parameters), teamId, ...Object.fromEntries(resolved) }), code, type);
      });
    }
  });
}
