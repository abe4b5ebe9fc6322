// Every list of the services of databases that are not documents: pages, orders, cursors, filters, words and totals.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as node from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { fails, nodeClient, same } from '../lib/sdk.mjs';
import { DOCUMENTS, TABLES } from '../lib/vocabulary.mjs';

const { Query } = node;

for (const words of [DOCUMENTS, TABLES]) {
  const { service, things, thingsId, field, fields } = words;
  describe(`lists of ${service}`, { concurrency: false }, () => {
    const databaseId = 'main';
    const at = { databaseId, [thingsId]: 'beta' };
    const plural = `${things.toLowerCase()}s`;
    let api;

    /** How a list is asked, what it calls what it has, and by what that is named and ordered. */
    const LISTS = {
      databases: { ask: (rest) => api.list(rest), id: '$id', name: 'name', finds: 'Second' },
      [plural]: { ask: (rest) => api[`list${things}s`]({ databaseId, ...rest }), id: '$id', name: 'name', finds: 'Beta' },
      [fields]: { ask: (rest) => api[`list${field}s`]({ ...at, ...rest }), id: 'key', name: 'key' },
      indexes: { ask: (rest) => api.listIndexes({ ...at, ...rest }), id: 'key', name: 'key' },
      transactions: { ask: (rest) => api.listTransactions(rest), id: '$id', name: '$id', hasTotal: false },
    };

    before(async () => {
      const own = await project(await administrator());
      api = new node[service](nodeClient(own, { key: own.key }));
      for (const [id, name] of [[databaseId, 'First'], ['second', 'Second'], ['third', 'Third']]) await api.create({ databaseId: id, name });
      for (const id of ['alpha', 'beta', 'gamma']) {
        await api[`create${things}`]({
          databaseId,
          [thingsId]: id,
          name: id[0].toUpperCase() + id.slice(1),
          [fields]: ['one', 'two', 'three'].map((key) => ({ key, type: 'integer' })),
          indexes: ['one', 'two', 'three'].map((key) => ({ key, type: 'key', attributes: [key] })),
        });
      }
      for (let count = 0; count < 3; count += 1) await api.createTransaction({ ttl: 600 });
    });

    for (const [name, { ask, id, name: by, finds, hasTotal = true }] of Object.entries(LISTS)) {
      const ids = async (queries, rest) => (await ask({ queries, ...rest }))[name].map((thing) => thing[id]);

      test(`${name}: pages meet each other in every order`, async () => {
        const all = await ids([]);
        assert.equal(all.length, 3);
        same(await ids([Query.limit(2)]), all.slice(0, 2));
        same(await ids([Query.limit(2), Query.offset(2)]), all.slice(2));
        const sorted = [...all].sort();
        for (const [order, expected] of [[Query.orderAsc(by), await named(sorted)], [Query.orderDesc(by), [...await named(sorted)].reverse()]]) {
          same(await ids([order]), expected);
          same(await ids([order, Query.cursorAfter(expected[0])]), expected.slice(1));
          same(await ids([order, Query.cursorBefore(expected[2])]), expected.slice(0, 2));
          same(await ids([order, Query.cursorAfter(expected[0]), Query.limit(1)]), expected.slice(1, 2));
        }
        await fails(() => ask({ queries: [Query.cursorAfter('nobody')] }), 400, 'general_cursor_not_found');
      });

      /** The ids in the order of their names. */
      const named = async (sorted) => {
        const all = (await ask({}))[name];
        return by === id ? sorted : [...all].sort((a, b) => (a[by] < b[by] ? -1 : 1)).map((thing) => thing[id]);
      };

      test(`${name}: filters and totals`, async () => {
        const first = (await ask({}))[name][0];
        const found = await ask({ queries: [Query.equal(by, [first[by]])] });
        same([found.total, found[name].map((thing) => thing[id])], [1, [first[id]]]);
        const others = await ask({ queries: [Query.notEqual(by, first[by]), Query.limit(1)] });
        same([others.total, others[name].length], [2, 1]);
        same(await ids([Query.or([Query.equal(by, first[by]), Query.startsWith(by, 'nobody')])]), [first[id]]);
        if (hasTotal) assert.equal((await ask({ total: false })).total, 0);
        await fails(() => ask({ queries: [Query.equal('nothing', 1)] }), 400, 'general_query_invalid');
        await fails(() => ask({ queries: ['not a query'] }), 400, 'general_query_invalid');
      });

      if (finds) {
        test(`${name}: words`, async () => {
          const found = await ask({ search: finds });
          same([found.total, found[name].map((thing) => thing.name)], [1, [finds]]);
          assert.equal((await ask({ search: 'nobody' })).total, 0);
          same((await ask({ search: finds.toLowerCase(), queries: [Query.notEqual('name', finds)] }))[name], []);
        });
      }
    }
  });
}
