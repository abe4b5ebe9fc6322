// Every method of Account, Users and Teams, of both packages, as a table: who may call it, who may not, and what it says
// when something is wrong. What the methods do when all is well is in the other suites.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as web from 'appwrite';
import * as node from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { call } from '../lib/rest.mjs';
import { fails, nodeClient, person, webClient } from '../lib/sdk.mjs';

const PACKAGES = { 'node-appwrite': [node, nodeClient], appwrite: [web, webClient] };
const UNAUTHORIZED = [401, 'general_unauthorized_scope'];
const password = 'correct horse battery';

/** A value for every parameter, of the right form and of nobody in particular. */
const VALUES = {
  email: () => `${unique('nobody')}@example.org`, password: () => password, oldPassword: () => password, name: () => 'Name',
  queries: () => [], total: () => true, search: () => '', userId: () => 'nobody', teamId: () => 'nobody', secret: () => 'none',
  identityId: () => 'none', sessionId: () => 'none', challengeId: () => 'none', membershipId: () => 'none', targetId: () => 'none',
  providerId: () => '', identifier: () => unique('token'), duration: () => 60, mfa: () => false, type: () => 'totp', otp: () => '123456',
  factor: () => 'email', phone: () => '+4930111111', number: () => '+4930222222', prefs: () => ({}), url: () => 'http://localhost/page',
  phrase: () => false, provider: () => 'github', success: () => 'http://localhost/in', failure: () => 'http://localhost/out', scopes: () => [],
  impersonator: () => false, labels: () => ['vip'], status: () => true, providerType: () => 'email', length: () => 6, expire: () => 60,
  emailVerification: () => true, phoneVerification: () => true, roles: () => ['member'], passwordSalt: () => 'c2FsdA==',
  passwordSaltSeparator: () => 'Bw==', passwordSignerKey: () => 'c2lnbmVy', passwordCpu: () => 8, passwordMemory: () => 14, passwordParallel: () => 1,
  passwordLength: () => 64, passwordVersion: () => 'sha256',
};

/** The methods of a service with the names of their parameters, as the package declares them. */
function methods(service) {
  const names = Object.getOwnPropertyNames(service.prototype).filter((name) => name !== 'constructor');
  return names.filter((name) => !/Consent|Installation/.test(name)).map((name) => {
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

/** A key of the project that may do nothing with people. */
async function bareKey(own) {
  const body = { keyId: 'unique()', name: 'Bare', scopes: ['databases.read'] };
  const answer = await call('POST', `/projects/${own.id}/keys`, { headers: own.admin.headers, body, expect: 201 });
  return answer.body.secret;
}

for (const [name, [sdk, connect]] of Object.entries(PACKAGES)) {
  /** Methods that are there for whoever is not signed in. */
  const open = /^(create|createRecovery|updateRecovery|createAnonymousSession|createEmailPasswordSession|createSession|update(MagicURL|Phone)Session|create(Email|MagicURL|OAuth2|Phone)Token|createOAuth2Session|update(Email|Phone)?Verification)$/;
  /** In the web package these leave the page. */
  const leaves = /^createOAuth2/;

  describe(`rights of Account in ${name}`, { concurrency: false }, () => {
    let own, ada, bob;
    const of = (session) => new sdk.Account(connect(own, { session }));

    before(async () => {
      own = await project(await administrator());
      [ada, bob] = await Promise.all([person(own, 'ada'), person(own, 'bob')]);
    });

    for (const { name, parameters } of methods(sdk.Account)) {
      test(name, async () => {
        const ask = (account) => account[name](anything(parameters));
        if (leaves.test(name)) {
          const address = connect === webClient ? await of()[name](anything(parameters)) : undefined;
          if (address) assert.match(String(address), /\/account\/(sessions|tokens)\/oauth2\/github\?/);
          else await fails(() => ask(of()), 412, 'project_provider_disabled');
          return;
        }
        if (!open.test(name)) {
          await fails(() => ask(of()), ...UNAUTHORIZED);
          if (connect === nodeClient && !/Target/.test(name)) {
            await fails(() => ask(new sdk.Account(connect(own, { key: own.key }))), ...UNAUTHORIZED);
          }
        }
        const somebody = open.test(name) ? undefined : (await person(own, 'somebody')).session;
        await reaches(() => ask(of(somebody)), name);
      });
    }

    const nobody = { userId: 'nobody', secret: 'none' };
    const wrong = { userId: () => ada.id, secret: 'none' };
    const factor = /^(update|delete)M(fa|FA)Authenticator$/;
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
        [`get${word}RecoveryCodes`, 'ada', {}, 404, 'user_recovery_codes_not_found'],
        [`update${word}RecoveryCodes`, 'ada', {}, 404, 'user_recovery_codes_not_found'],
      ]),
      ...methods(sdk.Account).filter(({ name }) => factor.test(name)).map(({ name }) => [name, 'ada', {}, 404, 'user_authenticator_not_found']),
      ...(connect === webClient ? [
        ['createPushTarget', 'ada', { targetId: 'unique()', identifier: 'x'.repeat(256) }, 400, 'general_argument_invalid'],
        ['updatePushTarget', 'ada', {}, 404, 'user_target_not_found'],
        ['deletePushTarget', 'ada', {}, 404, 'user_target_not_found'],
      ] : []),
    ];

    for (const [method, who, given, code, type] of errors) {
      test(`${method}: ${type}`, async () => {
        const { parameters } = methods(sdk.Account).find(({ name }) => name === method);
        const resolved = Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
        const account = of(who === 'ada' ? ada.session : undefined);
        await fails(() => account[method]({ ...anything(parameters), ...Object.fromEntries(resolved) }), code, type);
      });
    }

    if (connect === webClient) {
      test('a push target is its session\'s', async () => {
        const users = new node.Users(nodeClient(own, { key: own.key }));
        const somebody = await person(own, 'somebody');
        const account = of(somebody.session);
        const [targetId, identifier] = [unique('phone'), unique('token')];
        const made = await account.createPushTarget({ targetId, identifier });
        assert.deepEqual([made.$id, made.providerType, made.identifier, made.userId], [targetId, 'push', identifier, somebody.id]);
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
        await fails(() => users.getTarget({ userId: somebody.id, targetId }), 404, 'user_target_not_found');
      });
    }
  });
}

describe('rights of Users', { concurrency: false }, () => {
  let own, ada, bare, users;
  const target = { targetId: 'none' };

  before(async () => {
    own = await project(await administrator());
    [ada, bare] = await Promise.all([person(own, 'ada'), bareKey(own)]);
    users = new node.Users(nodeClient(own, { key: own.key }));
  });

  for (const { name, parameters } of methods(node.Users)) {
    test(name, async () => {
      for (const credentials of [{}, { session: ada.session }, { key: bare }]) {
        await fails(() => new node.Users(nodeClient(own, credentials))[name](anything(parameters)), ...UNAUTHORIZED);
      }
      const made = name.startsWith('create') && parameters.includes('password');
      if (parameters.includes('userId') && !made) {
        await fails(() => users[name](anything(parameters)), 404, 'user_not_found');
        const { id } = await person(own, 'somebody');
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
    ['createTarget', { targetId: 'unique()', identifier: 'no address' }, 400, 'general_email_invalid'],
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
      const { parameters } = methods(node.Users).find(({ name }) => name === method);
      const resolved = Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
      await fails(() => users[method]({ ...anything(parameters), userId: ada.id, ...Object.fromEntries(resolved) }), code, type);
    });
  }

  test('codes are made once', async () => {
    const { id: userId } = await person(own, 'somebody');
    await users.createMFARecoveryCodes({ userId });
    await fails(() => users.createMfaRecoveryCodes({ userId }), 409, 'user_recovery_codes_already_exists');
  });
});

for (const [name, [sdk, connect]] of Object.entries(PACKAGES)) {
  describe(`rights of Teams in ${name}`, { concurrency: false }, () => {
    let own, owner, member, stranger, bare, teamId, membership;
    const of = (session) => new sdk.Teams(connect(own, { session }));

    before(async () => {
      own = await project(await administrator());
      [owner, member, stranger] = await Promise.all(['owner', 'member', 'stranger'].map((who) => person(own, who)));
      bare = await bareKey(own);
      const server = new node.Teams(nodeClient(own, { key: own.key }));
      teamId = unique('team');
      await server.create({ teamId, name: 'Team' });
      await server.createMembership({ teamId, roles: ['owner'], userId: owner.id });
      membership = await server.createMembership({ teamId, roles: ['member'], userId: member.id });
    });

    for (const { name, parameters } of methods(sdk.Teams)) {
      // It is asked with the secret of an invitation, by whoever has it.
      const isOpen = name === 'updateMembershipStatus';
      const changes = /^(updateName|delete|updateMembership|createMembership|updatePrefs)$/.test(name);
      test(name, async () => {
        const asked = () => ({ ...anything(parameters), teamId, membershipId: membership.$id });
        if (!isOpen) {
          await fails(() => of()[name](asked()), ...UNAUTHORIZED);
          if (connect === nodeClient) {
            await fails(() => new sdk.Teams(connect(own, { key: bare }))[name](asked()), ...UNAUTHORIZED);
          }
        }
        if (parameters.includes('teamId') && name !== 'create') {
          await fails(() => of(owner.session)[name](anything(parameters)), 404, 'team_not_found');
          if (!isOpen && name !== 'createMembership') {
            await fails(() => of(stranger.session)[name](asked()), 404, 'team_not_found');
          }
        }
        if (changes && name !== 'createMembership') {
          await fails(() => of(member.session)[name](asked()), 401, 'user_unauthorized');
        }
        if (parameters.includes('membershipId') && !isOpen) {
          await fails(() => of(owner.session)[name]({ ...asked(), membershipId: 'none' }), 404, 'membership_not_found');
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
      ['createMembership', 'owner', { email: '', phone: '', userId: 'nobody' }, 404, 'user_not_found'],
      ['updateMembershipStatus', 'stranger', { membershipId: 'none', userId: () => member.id }, 404, 'membership_not_found'],
      ['updateMembershipStatus', 'stranger', { membershipId: () => membership.$id, userId: () => member.id }, 401, 'team_invalid_secret'],
    ];
    for (const [method, who, given, code, type] of errors) {
      test(`${method}: ${type}`, async () => {
        const { parameters } = methods(sdk.Teams).find(({ name }) => name === method);
        const resolved = Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
        const teams = of({ owner, member, stranger }[who].session);
        await fails(() => teams[method]({ ...anything(parameters), teamId, ...Object.fromEntries(resolved) }), code, type);
      });
    }
  });
}
