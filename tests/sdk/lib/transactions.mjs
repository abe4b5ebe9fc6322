// The suite of bulk requests, update operators, transactions and idempotency keys, for one vocabulary.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';
import * as web from 'appwrite';
import * as node from 'node-appwrite';

import { administrator, project } from './console.mjs';
import { watched } from './helpers.mjs';
import { call } from './rest.mjs';
import { consoleClient, fails, has, nodeClient, person, same, webClient } from './sdk.mjs';

const { Condition, Permission, Query, Role } = node;
const [Operator, requireAllOperators] = watched('Operator', 20);

/** Call every method that changes documents many at once or staged, with right and wrong actors. */
export function transactions(words) {
  const { service, things, item, thingsId, itemId, fields, items, security, stepped, increment, decrement } = words;
  const lower = item.toLowerCase();
  describe(`bulk and transactions of ${service}`, { concurrency: false }, () => {
    const databaseId = 'main';
    const place = { databaseId, [thingsId]: 'things' };
    const packages = ['node-appwrite', '@appwrite.io/console'];
    let own, api, user, apis;
    /** Run a test with a key and with an administrator of the console. */
    const withBoth = (title, body) => packages.forEach((name) => test(`${title}, ${name}`, async () => {
      api = apis[name];
      await body().finally(() => { api = apis['node-appwrite']; });
    }));
    const create = (id, data, rest) => api[`create${item}`]({ ...place, [itemId]: id, data, ...rest });
    const update = (id, data, rest) => api[`update${item}`]({ ...place, [itemId]: id, data, ...rest });
    const get = (id, rest) => api[`get${item}`]({ ...place, [itemId]: id, ...rest });
    const list = async (rest = {}) => {
      const found = await api[`list${item}s`]({ ...place, queries: [Query.orderAsc('$id')], ...rest });
      return found[items].map(({ $id, stars }) => `${$id}:${stars}`).join(' ');
    };
    const begin = async () => (await api.createTransaction({ ttl: 60 })).$id;

    before(async () => {
      own = await project(await administrator());
      api = new node[service](nodeClient(own, { key: own.key }));
      await api.create({ databaseId, name: 'Main' });
      await api[`create${things}`]({
        ...place,
        name: 'Things',
        permissions: [Permission.create(Role.users())],
        [security]: true,
        [fields]: [
          { key: 'title', type: 'string', size: 40 },
          { key: 'stars', type: 'integer', default: 1 },
          { key: 'price', type: 'double' },
          { key: 'open', type: 'boolean' },
          { key: 'at', type: 'datetime' },
          { key: 'tags', type: 'string', size: 20, array: true },
        ],
        indexes: [{ key: 'titles', type: 'unique', attributes: ['title'] }],
      });
      const ada = await person(own, 'ada');
      apis = { 'node-appwrite': api, '@appwrite.io/console': new consoleSdk[service](consoleClient(own, { admin: true })) };
      user = new web[service](webClient(own, { session: ada.session }));
    });

    withBoth('many at once', async () => {
      const made = await api[`create${item}s`]({
        ...place,
        [items]: [{ $id: 'a', title: 'a', stars: 1 }, { $id: 'b', title: 'b', stars: 2, $permissions: ['read("any")'] }, { title: 'c' }],
      });
      assert.equal(made.total, 3);
      same(made[items].map(({ title, stars, $permissions }) => [title, stars, $permissions]), [
        ['a', 1, []], ['b', 2, ['read("any")']], ['c', 1, []],
      ]);
      const upserted = await api[`upsert${item}s`]({ ...place, [items]: [{ $id: 'a', title: 'a', stars: 1 }, { $id: 'b', stars: 7 }] });
      same([upserted.total, upserted[items].map(({ $id, stars }) => [$id, stars])], [1, [['b', 7]]]);
      const changed = await api[`update${item}s`]({
        ...place,
        data: { stars: Operator.increment(10) },
        queries: [Query.lessThan('stars', 5)],
      });
      same([changed.total, changed[items].map(({ stars }) => stars)], [2, [11, 11]]);
      const gone = await api[`delete${item}s`]({ ...place, queries: [Query.greaterThan('stars', 10)] });
      assert.equal(gone.total, 2);
      assert.equal(await list(), 'b:7');
      await fails(
        () => api[`create${item}s`]({ ...place, [items]: [{ $id: 'x', title: 'x' }, { $id: 'b', title: 'y' }] }),
        409,
        `${lower}_already_exists`,
      );
      await fails(
        () => api[`create${item}s`]({ ...place, [items]: [{ $id: 'x', title: 'x' }, { $id: 'y', title: 'b' }] }),
        409,
        `${lower}_unique_constraint_violation`,
      );
      await fails(() => api[`update${item}s`]({ ...place, data: { moons: 1 } }), 400, `${lower}_invalid_structure`);
      await fails(() => api[`update${item}s`]({ ...place, data: {} }), 400, `${lower}_missing_payload`);
      await fails(() => api[`delete${item}s`]({ ...place, queries: [Query.equal('moons', 1)] }), 400, 'general_query_invalid');
      assert.equal(await list(), 'b:7');
      const client = new node[service](nodeClient(own, { session: (await person(own, 'emma')).session }));
      for (const work of [
        () => client[`create${item}s`]({ ...place, [items]: [{ title: 'x' }] }),
        () => client[`upsert${item}s`]({ ...place, [items]: [{ title: 'x' }] }),
        () => client[`update${item}s`]({ ...place, data: { stars: 1 } }),
        () => client[`delete${item}s`]({ ...place }),
      ]) await fails(work, 401, 'general_unauthorized_scope');
      assert.equal((await api[`delete${item}s`]({ ...place })).total, 1);
    });

    test('operators', async () => {
      await create('o', { title: 'o', stars: 5, price: 2.5, open: false, at: '2026-01-02T03:04:05.678+00:00', tags: ['a', 'b', 'a'] });
      const steps = [
        ['stars', Operator.increment(5, 10), 10], ['stars', Operator.increment(1, 10), 10], ['stars', Operator.decrement(4, 0), 6],
        ['stars', Operator.multiply(3), 18], ['stars', Operator.divide(2), 9], ['stars', Operator.modulo(5), 4],
        ['stars', Operator.power(2), 16], ['price', Operator.increment(0.5), 3], ['open', Operator.toggle(), true],
        ['title', Operator.stringConcat('-o'), 'o-o'], ['title', Operator.stringReplace('o', 'p'), 'p-p'],
        ['tags', Operator.arrayAppend(['c']), ['a', 'b', 'a', 'c']], ['tags', Operator.arrayUnique(), ['a', 'b', 'c']],
        ['tags', Operator.arrayPrepend(['z']), ['z', 'a', 'b', 'c']], ['tags', Operator.arrayInsert(1, 'y'), ['z', 'y', 'a', 'b', 'c']],
        ['tags', Operator.arrayRemove('y'), ['z', 'a', 'b', 'c']], ['tags', Operator.arrayIntersect(['a', 'b', 'z']), ['z', 'a', 'b']],
        ['tags', Operator.arrayDiff(['z']), ['a', 'b']], ['tags', Operator.arrayFilter(Condition.NotEqual, 'a'), ['b']],
        ['at', Operator.dateAddDays(3), '2026-01-05T03:04:05.678+00:00'], ['at', Operator.dateSubDays(1), '2026-01-04T03:04:05.678+00:00'],
      ];
      for (const [key, operator, expected] of steps) {
        same((await update('o', { [key]: operator }))[key], expected);
      }
      const now = Date.parse((await update('o', { at: Operator.dateSetNow() })).at);
      assert.ok(Math.abs(now - Date.now()) < 60_000);
      const upserted = await api[`upsert${item}`]({ ...place, [itemId]: 'p', data: { title: 'p', stars: Operator.increment(1) } });
      assert.equal(upserted.stars, 2);
      for (const data of [{ title: Operator.increment(1) }, { stars: Operator.power(99) }, { tags: Operator.arrayInsert(99, 'x') }]) {
        await fails(() => update('o', data), 400, `${lower}_invalid_structure`);
      }
      await api[`delete${item}s`]({ ...place });
    });

    after(requireAllOperators);

    withBoth('a transaction from its beginning to its commit', async () => {
      await create('a', { title: 'a', stars: 1 });
      const transactionId = await begin();
      has(await api.getTransaction({ transactionId }), { $id: transactionId, status: 'pending', operations: 0 });
      has(await create('b', { title: 'b', stars: 2 }, { transactionId }), { $id: 'b', stars: 2 });
      has(await update('a', { stars: 5 }, { transactionId }), { $id: 'a', stars: 5 });
      has(await api[increment]({ ...place, [itemId]: 'a', [stepped]: 'stars', value: 5, transactionId }), { stars: 10 });
      has(await api[decrement]({ ...place, [itemId]: 'b', [stepped]: 'stars', value: 5, transactionId }), { stars: -3 });
      has(await api[`upsert${item}`]({ ...place, [itemId]: 'c', data: { title: 'c' }, transactionId }), { $id: 'c', stars: 1 });
      assert.equal((await api[`create${item}s`]({ ...place, [items]: [{ $id: 'd', title: 'd' }, { $id: 'e', title: 'e' }], transactionId })).total, 2);
      await api[`upsert${item}s`]({ ...place, [items]: [{ $id: 'e', stars: 9 }], transactionId });
      await api[`update${item}s`]({ ...place, data: { open: true }, queries: [Query.equal('$id', 'e')], transactionId });
      await api[`delete${item}s`]({ ...place, queries: [Query.equal('$id', 'd')], transactionId });
      await api[`delete${item}`]({ ...place, [itemId]: 'c', transactionId });
      const staged = await api.createOperations({
        transactionId,
        operations: [
          { action: 'create', databaseId, [thingsId]: 'things', [itemId]: 'f', data: { title: 'f', stars: 3 } },
          { action: 'increment', databaseId, [thingsId]: 'things', [itemId]: 'f', data: { [stepped]: 'stars', value: 4 } },
        ],
      });
      assert.equal(staged.operations, 12);
      assert.equal(await list({ transactionId }), 'a:10 b:-3 e:9 f:7');
      assert.equal((await get('b', { transactionId })).stars, -3);
      assert.equal(await list(), 'a:1');
      await fails(() => get('b'), 404, `${lower}_not_found`);
      has(await api.updateTransaction({ transactionId, commit: true }), { status: 'committed', operations: 12 });
      assert.equal(await list(), 'a:10 b:-3 e:9 f:7');
      await fails(() => api.updateTransaction({ transactionId, commit: true }), 400, 'transaction_not_ready');
      const found = await api.listTransactions({ queries: [Query.equal('status', 'committed')] });
      assert.equal(found.total, 1);
      await api.deleteTransaction({ transactionId });
      await fails(() => api.getTransaction({ transactionId }), 404, 'transaction_not_found');
      await api[`delete${item}s`]({ ...place });
    });

    withBoth('rollback, conflict and limits', async () => {
      let transactionId = await begin();
      await create('a', { title: 'a' }, { transactionId });
      has(await api.updateTransaction({ transactionId, rollback: true }), { status: 'failed' });
      assert.equal(await list(), '');
      transactionId = await begin();
      await create('a', { title: 'a' }, { transactionId });
      await create('a', { title: 'other' });
      await fails(() => api.updateTransaction({ transactionId, commit: true }), 409, 'transaction_conflict');
      await fails(() => api.updateTransaction({ transactionId: transactionId, commit: true, rollback: true }), 400, 'general_bad_request');
      await fails(() => api.createTransaction({ ttl: 1 }), 400, 'general_argument_invalid');
      await fails(() => api.createOperations({ transactionId: 'none', operations: [{}] }), 400, 'general_argument_invalid');
      await fails(() => create('x', { title: 'x' }, { transactionId: 'none' }), 404, 'transaction_not_found');
      await api[`delete${item}s`]({ ...place });
    });

    test('a user with a transaction of its own', async () => {
      const { $id: transactionId } = await user.createTransaction({ ttl: 60 });
      await user[`create${item}`]({ ...place, [itemId]: 'u', data: { title: 'u' }, transactionId });
      await user[`update${item}`]({ ...place, [itemId]: 'u', data: { stars: 4 }, transactionId });
      await user[increment]({ ...place, [itemId]: 'u', [stepped]: 'stars', transactionId });
      await user[decrement]({ ...place, [itemId]: 'u', [stepped]: 'stars', value: 2, transactionId });
      await user[`upsert${item}`]({ ...place, [itemId]: 'v', data: { title: 'v' }, transactionId });
      await user[`delete${item}`]({ ...place, [itemId]: 'v', transactionId });
      await user.createOperations({
        transactionId,
        operations: [{ action: 'update', databaseId, [thingsId]: 'things', [itemId]: 'u', data: { open: true } }],
      });
      assert.equal((await user[`get${item}`]({ ...place, [itemId]: 'u', transactionId })).stars, 3);
      assert.equal((await user[`list${item}s`]({ ...place, transactionId })).total, 1);
      assert.equal((await user.listTransactions()).total, 1);
      assert.equal((await user.getTransaction({ transactionId })).operations, 7);
      const other = new web[service](webClient(own, { session: (await person(own, 'eve')).session }));
      await fails(() => other.getTransaction({ transactionId }), 404, 'transaction_not_found');
      await fails(() => other.updateTransaction({ transactionId, commit: true }), 404, 'transaction_not_found');
      await fails(() => other.deleteTransaction({ transactionId }), 404, 'transaction_not_found');
      has(await user.updateTransaction({ transactionId, commit: true }), { status: 'committed' });
      has(await user[`get${item}`]({ ...place, [itemId]: 'u' }), { stars: 3, open: true });
      await user.deleteTransaction({ transactionId });
      await api[`delete${item}s`]({ ...place });
    });

    test('idempotency keys', async () => {
      const base = service === 'TablesDB' ? '/tablesdb/main/tables/things/rows' : '/databases/main/collections/things/documents';
      const headers = (key) => ({ 'x-appwrite-project': own.id, 'x-appwrite-key': own.key, 'x-appwrite-response-format': '2.0.0', 'idempotency-key': key });
      const body = { [itemId]: 'unique()', data: { title: 'once' } };
      const first = await call('POST', base, { headers: headers('k1'), body, expect: 201 });
      const second = await call('POST', base, { headers: headers('k1'), body, expect: 201 });
      assert.equal(second.text, first.text);
      assert.equal(second.headers.get('idempotent-replayed'), 'true');
      assert.equal(first.headers.get('idempotent-replayed'), null);
      await call('POST', base, { headers: headers('k1'), body: { ...body, data: { title: 'twice' } }, expect: 409 });
      const path = `${base}/${first.body.$id}`;
      const step = { data: { stars: Operator.increment(1) } };
      for (const key of ['k2', 'k2', 'k3']) await call('PATCH', path, { headers: headers(key), body: step, expect: 200 });
      assert.equal((await get(first.body.$id)).stars, 3);
      for (const key of ['k4', 'k4']) await call('DELETE', path, { headers: headers(key), expect: 204 });
      await call('DELETE', path, { headers: headers('k5'), expect: 404 });
    });
  });
}
