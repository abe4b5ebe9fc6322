// Webhooks of node-appwrite: stored and validated.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Query, Webhooks } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { fails, has, nodeClient, same } from '../lib/sdk.mjs';

describe('Webhooks of node-appwrite', { concurrency: false }, () => {
  let api;

  before(async () => {
    const own = await project(await administrator());
    api = new Webhooks(nodeClient(own, { key: own.key }));
  });

  test('webhooks', async () => {
    const webhookId = 'orders';
    const hook = { webhookId, url: 'https://hooks.example.org/orders', name: 'Orders', events: ['users.*.create'] };
    const made = await api.create({ ...hook, enabled: true, tls: true, authUsername: 'shop', authPassword: 'secret' });
    has(made, { $id: webhookId, url: hook.url, name: 'Orders', events: hook.events, enabled: true, tls: true });
    assert.notEqual(made.secret, '', 'the secret is shown to who makes the webhook');
    has(await api.get({ webhookId }), { $id: webhookId, name: 'Orders', authUsername: 'shop' });
    const changed = await api.update({ ...hook, name: 'Two', events: ['users.*.delete'], enabled: false });
    has(changed, { name: 'Two', events: ['users.*.delete'], enabled: false });
    const list = await api.list({ queries: [Query.equal('name', 'Two')] });
    same([list.total, list.webhooks.map(({ $id }) => $id)], [1, [webhookId]]);
    const renewed = await api.updateSecret({ webhookId });
    assert.notEqual(renewed.secret, made.secret);
    const wrong = () => api.create({ ...hook, webhookId: 'wrong', events: ['nothing.that.exists'] });
    await fails(wrong, 400, 'general_argument_invalid');
    await api.delete({ webhookId });
    await fails(() => api.get({ webhookId }), 404, 'webhook_not_found');
  });
});
