// Links, codes, invitations and texts of mails, with every package: the mails are real, and read on loopback.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as node from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { codeOf, linkOf, mailbox } from '../lib/mailbox.mjs';
import { CLIENTS, adminClient, fails, has, nodeClient, person, same } from '../lib/sdk.mjs';

const url = 'http://localhost/go';

/** A project that sends its mail to `box`, with a user whose mails arrive there. */
async function setUp(box) {
  const own = await project(await administrator());
  const settings = new node.Project(nodeClient(own, { key: own.key }));
  const shown = await settings.updateSMTP({ host: '127.0.0.1', port: box.port, senderEmail: 'shop@example.org', senderName: 'Shop' });
  assert.equal(shown.smtpEnabled, true, 'a mail server that answers is used');
  return { own, settings, users: new node.Users(nodeClient(own, { key: own.key })), ada: await person(own, 'ada') };
}

for (const { name, sdk, connect } of CLIENTS) {
  describe(`Messages by ${name}`, { concurrency: false }, () => {
    let box, own, settings, users, ada;
    const of = (session) => new sdk.Account(connect(own, { session }));

    before(async () => {
      box = await mailbox();
      ({ own, settings, users, ada } = await setUp(box));
    });
    after(() => box.close());

    test('a link signs in, once', async () => {
      const email = `${unique('bob')}@example.org`;
      const made = await of().createMagicURLToken({ userId: sdk.ID.unique(), email, url, phrase: true });
      has(made, { secret: '' });
      const mail = await box.last(email);
      assert.ok(mail.text.includes(made.phrase), 'the mail shows the phrase');
      const { userId, secret } = linkOf(mail);
      assert.equal(userId, made.userId);
      has(await of().updateMagicURLSession({ userId, secret }), { userId, provider: 'magic-url', factors: ['email'] });
      await fails(() => of().createSession({ userId, secret }), 401, 'user_invalid_token');
      assert.equal((await users.get({ userId })).emailVerification, true);
      const elsewhere = () => of().createMagicURLToken({ userId: sdk.ID.unique(), email, url: 'https://evil.example/' });
      await fails(elsewhere, 400, 'general_argument_invalid');
    });

    test('a code by mail signs in', async () => {
      const made = await of().createEmailToken({ userId: sdk.ID.unique(), email: ada.email });
      has(made, { userId: ada.id, secret: '', phrase: '' });
      const secret = codeOf(await box.last(ada.email));
      has(await of().createSession({ userId: ada.id, secret }), { provider: 'token', factors: ['email'] });
      // Whoever was in the account before its address was proved is out.
      await fails(() => of(ada.session).get(), 401, 'general_unauthorized_scope');
      ada.session = (await users.createSession({ userId: ada.id })).secret;
      const signedIn = () => of(ada.session).createSession({ userId: ada.id, secret });
      await fails(signedIn, 401, 'user_session_already_exists');
    });

    test('a code by phone signs in and proves the number', async () => {
      const number = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
      await settings.createMockPhone({ number, otp: '424242' });
      const made = await of().createPhoneToken({ userId: sdk.ID.unique(), phone: number });
      const { userId } = made;
      has(await of().updatePhoneSession({ userId, secret: '424242' }), { provider: 'phone', factors: ['phone'] });
      await users.updatePhoneVerification({ userId, phoneVerification: false });
      const { secret } = await users.createSession({ userId });
      has(await of(secret).createPhoneVerification(), { userId, secret: '' });
      has(await of().updatePhoneVerification({ userId, secret: '424242' }), { userId });
      await fails(() => of(secret).createPhoneVerification(), 409, 'user_phone_already_verified');
      await fails(() => of(ada.session).createPhoneVerification(), 400, 'user_phone_not_found');
      await fails(() => of().updatePhoneVerification({ userId, secret: '424242' }), 401, 'user_invalid_token');
    });

    test('a token of a server signs in', async () => {
      const made = await users.createToken({ userId: ada.id, length: 20, expire: 60 });
      assert.equal(made.secret.length, 20, 'keys see the secret');
      has(await of().createSession({ userId: ada.id, secret: made.secret }), { userId: ada.id, factors: ['token'] });
      await fails(() => users.createToken({ userId: 'nobody' }), 404, 'user_not_found');
      await fails(() => users.createToken({ userId: ada.id, length: 3 }), 400, 'general_argument_invalid');
    });

    test('an address is proved by a link', async () => {
      const account = of((await users.createSession({ userId: ada.id })).secret);
      await users.updateEmailVerification({ userId: ada.id, emailVerification: false });
      for (const [create, update] of [
        ['createEmailVerification', 'updateEmailVerification'],
        ['createVerification', 'updateVerification'],
      ]) {
        await users.updateEmailVerification({ userId: ada.id, emailVerification: false });
        has(await account[create]({ url }), { userId: ada.id, secret: '' });
        const { userId, secret } = linkOf(await box.last(ada.email));
        has(await of()[update]({ userId, secret }), { userId: ada.id });
        await fails(() => of()[update]({ userId, secret }), 401, 'user_invalid_token');
      }
      await fails(() => account.createEmailVerification({ url }), 409, 'user_email_already_verified');
      await fails(() => of().createEmailVerification({ url }), 401, 'general_unauthorized_scope');
      await fails(() => of().updateEmailVerification({ userId: 'nobody', secret: 'x' }), 404, 'user_not_found');
    });

    test('a lost password is replaced', async () => {
      has(await of().createRecovery({ email: ada.email, url }), { userId: ada.id, secret: '' });
      const { userId, secret } = linkOf(await box.last(ada.email));
      const password = 'battery staple horse';
      has(await of().updateRecovery({ userId, secret, password }), { userId });
      await fails(() => of().updateRecovery({ userId, secret, password }), 401, 'user_invalid_token');
      has(await of().createEmailPasswordSession({ email: ada.email, password }), { userId });
      await fails(() => of().createRecovery({ email: `${unique('no')}@example.org`, url }), 404, 'user_not_found');
    });

    test('an invitation by mail is accepted', async () => {
      const { secret: session } = await users.createSession({ userId: ada.id });
      const [mine, nobodys] = [new sdk.Teams(connect(own, { session })), new sdk.Teams(connect(own))];
      const { $id: teamId } = await mine.create({ teamId: sdk.ID.unique(), name: 'Climbers' });
      const email = `${unique('cem')}@example.org`;
      has(await mine.createMembership({ teamId, roles: ['guide'], email, url, name: 'Cem' }), { confirm: false, joined: '' });
      await box.last(email);
      await mine.createMembership({ teamId, roles: ['guide'], email, url });
      const { membershipId, userId, secret } = linkOf(await box.last(email));
      const accept = (params) => nobodys.updateMembershipStatus({ teamId, membershipId, userId, secret, ...params });
      await fails(() => accept({ secret: 'wrong' }), 401, 'team_invalid_secret');
      await fails(() => accept({ userId: ada.id }), 401, 'team_invite_mismatch');
      await fails(() => accept({ membershipId: 'none' }), 404, 'membership_not_found');
      has(await accept(), { confirm: true, userId, teamId, roles: ['guide'] });
      await fails(() => accept(), 409, 'membership_already_confirmed');
      assert.equal((await mine.get({ teamId })).total, 2);
    });
  });
}

describe('A project and its mail', { concurrency: false }, () => {
  let box, own, settings, users, ada;

  before(async () => {
    box = await mailbox();
    ({ own, settings, users, ada } = await setUp(box));
  });
  after(() => box.close());

  test('its own words', async () => {
    const [templateId, locale] = ['recovery', 'de'];
    const ours = await settings.getEmailTemplate({ templateId });
    assert.ok(ours.message.includes('{{redirect}}'));
    const subject = '{{project}}: neues Passwort';
    const kept = await settings.updateEmailTemplate({ templateId, locale, subject, message: '<p>{{user}}: {{redirect}}</p>', replyToName: 'Hilfe' });
    has(kept, { templateId, locale, subject, replyToName: 'Hilfe' });
    same((await settings.listEmailTemplates()).templates.map((template) => template.locale), [locale]);
    const account = new node.Account(nodeClient(own).setLocale(locale));
    await account.createRecovery({ email: ada.email, url });
    assert.equal((await box.last(ada.email)).headers.subject, 'Suite: neues Passwort');
    await fails(() => settings.updateEmailTemplate({ templateId, locale: 'xx', subject, message: 'x' }), 400, 'general_argument_invalid');
    await fails(() => new node.Project(nodeClient(own)).listEmailTemplates(), 401, 'general_unauthorized_scope');
  });

  test('a sample, and a server that does not answer', async () => {
    await settings.createSMTPTest({ emails: ['sample@example.org'] });
    assert.ok((await box.last('sample@example.org')).text.includes('Shop (shop@example.org)'));
    const gone = await mailbox();
    gone.close();
    await fails(() => settings.updateSMTP({ port: gone.port, enabled: true }), 400, 'project_smtp_config_invalid');
    await settings.updateSMTP({ enabled: false });
    await fails(() => settings.createSMTPTest({ emails: ['sample@example.org'] }), 400, 'general_argument_invalid');
    await fails(() => new node.Account(nodeClient(own)).createRecovery({ email: ada.email, url }), 503, 'general_smtp_disabled');
    await settings.updateSMTP({ enabled: true });
  });

  test('which addresses are taken', async () => {
    const rules = [
      ['updateDenyDisposableEmailPolicy', 'deny-disposable-email', 'a@mailinator.com', 'user_email_disposable'],
      ['updateDenyAliasedEmailPolicy', 'deny-aliased-email', 'a+b@gmail.com', 'user_email_not_canonical'],
      ['updateDenyFreeEmailPolicy', 'deny-free-email', 'ab@gmail.com', 'user_email_free'],
      ['updateDenyCorporateEmailPolicy', 'deny-corporate-email', 'ab@outlook.com', 'user_email_not_corporate'],
    ];
    for (const [method, policyId, email, type] of rules) {
      await settings[method]({ enabled: true });
      same(await settings.getPolicy({ policyId }), { $id: policyId, enabled: true });
      await fails(() => users.create({ userId: node.ID.unique(), email }), 400, type);
      await settings[method]({ enabled: false });
      await fails(() => new node.Project(nodeClient(own))[method]({ enabled: true }), 401, 'general_unauthorized_scope');
    }
  });

  test('an administrator too', async () => {
    const shown = await new node.Project(adminClient(own)).getEmailTemplate({ templateId: 'otpSession' });
    assert.ok(shown.message.includes('{{otp}}'));
  });
});
