// The suite of databases, for one vocabulary.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as web from 'appwrite';
import * as node from 'node-appwrite';

import { administrator, project } from './console.mjs';
import { until } from './rest.mjs';
import { fails, has, nodeClient, person, same, webClient } from './sdk.mjs';
import { TYPES } from './vocabulary.mjs';

const { ID, Permission, Query, Role } = node;

/** Call every method of the service that has a plain meaning in one database, with the answers' members. */
export function databases(words) {
  const { service, things, field, item, thingsId, itemId, fields, items, security } = words;
  const lower = (word) => word.toLowerCase();
  describe(`${service} of node-appwrite`, { concurrency: false }, () => {
    const databaseId = 'main';
    const place = { databaseId, [thingsId]: 'things' };
    let own, api;
    const create = (id, data, rest) => api[`create${item}`]({ ...place, [itemId]: id, data, ...rest });
    const get = (id, rest) => api[`get${item}`]({ ...place, [itemId]: id, ...rest });
    const list = (queries) => api[`list${item}s`]({ ...place, queries });
    const column = (method, key, rest) => api[method]({ ...place, key, ...rest });
    const ready = (key, kind) => until(
      () => column(`get${kind}`, key),
      ({ status }) => status === 'available',
      `${kind} ${key}`,
    );

    before(async () => {
      own = await project(await administrator());
      api = new node[service](nodeClient(own, { key: own.key }));
      await api.create({ databaseId, name: 'Main' });
      await api[`create${things}`]({ ...place, name: 'Things', permissions: [Permission.read(Role.any())] });
    });

    test('databases', async () => {
      const made = await api.create({ databaseId: 'second', name: 'Second', enabled: true });
      has(made, { $id: 'second', name: 'Second', enabled: true });
      await fails(() => api.create({ databaseId: 'second', name: 'Again' }), 409, 'database_already_exists');
      has(await api.update({ databaseId: 'second', name: 'Two', enabled: false }), { name: 'Two', enabled: false });
      has(await api.get({ databaseId: 'second' }), { $id: 'second', name: 'Two', enabled: false });
      const found = await api.list({ queries: [Query.equal('name', 'Two')] });
      same([found.total, found.databases.map(({ $id }) => $id)], [1, ['second']]);
      await api.delete({ databaseId: 'second' });
      await fails(() => api.get({ databaseId: 'second' }), 404, 'database_not_found');
    });

    test(`${lower(things)}s`, async () => {
      const second = { databaseId, [thingsId]: 'second' };
      const made = await api[`create${things}`]({
        ...second,
        name: 'Second',
        permissions: [Permission.create(Role.users())],
        [security]: true,
        [fields]: [{ key: 'name', type: 'string', size: 20, required: true }],
        indexes: [{ key: 'by_name', type: 'key', attributes: ['name'] }],
      });
      has(made, { $id: 'second', databaseId, name: 'Second', enabled: true, [security]: true });
      same(made[fields].map(({ key, status }) => [key, status]), [['name', 'available']]);
      same(made.indexes.map(({ key }) => key), ['by_name']);
      const change = { ...second, name: 'Two', permissions: [Permission.read(Role.any())], [security]: false, enabled: false };
      has(await api[`update${things}`](change), { name: 'Two', $permissions: ['read("any")'], [security]: false, enabled: false });
      has(await api[`get${things}`](second), { $id: 'second', name: 'Two' });
      const found = await api[`list${things}s`]({ databaseId, queries: [Query.equal('name', ['Two'])] });
      assert.equal(found.total, 1);
      assert.equal((await api[`list${things}s`]({ databaseId, search: 'Two' })).total, 1);
      await api[`delete${things}`](second);
      await fails(() => api[`get${things}`](second), 404, `${lower(things)}_not_found`);
    });

    for (const { type, make, change, default: value, shown } of TYPES) {
      test(`${lower(field)} of type ${type}`, async () => {
        const key = lower(type);
        const made = await column(`create${type}${field}`, key, { ...make, required: true });
        has(made, { key, required: true, array: false, status: 'processing', ...shown });
        await ready(key, field);
        const changed = await column(`update${type}${field}`, key, { ...change, required: false, xdefault: value });
        has(changed, { key, required: false, default: value });
        has(await column(`get${field}`, key), { key, default: value, ...shown, ...(change?.elements ? change : {}) });
        const again = () => column(`create${type}${field}`, key, { ...make, required: false });
        await fails(again, 409, `${lower(field)}_already_exists`);
        const wrong = () => column(`create${type}${field}`, `${key}_wrong`, { ...make, required: true, xdefault: value });
        await fails(wrong, 400, `${lower(field)}_default_unsupported`);
      });
    }

    test('defaults of every type fill what is left out', async () => {
      const made = await create('defaults', { string: 'given' });
      has(made, { string: 'given', ...Object.fromEntries(TYPES.slice(1).map(({ type, default: value }) => [lower(type), value])) });
      same(await get('defaults'), structuredClone(made));
      await api[`delete${item}`]({ ...place, [itemId]: 'defaults' });
    });

    test(`${fields} are renamed, listed and deleted`, async () => {
      await column(`createString${field}`, 'tags', { size: 20, required: false, array: true });
      await ready('tags', field);
      const renamed = await column(`updateString${field}`, 'string', { required: false, xdefault: null, newKey: 'title' });
      has(renamed, { key: 'title', default: null });
      await column(`delete${field}`, 'mediumtext');
      await until(
        () => api[`list${field}s`](place),
        (listed) => listed.total === TYPES.length,
        'deletion',
      );
      await fails(() => column(`get${field}`, 'mediumtext'), 404, `${lower(field)}_not_found`);
      const listed = await api[`list${field}s`]({ ...place, queries: [Query.equal('type', 'datetime')] });
      same(listed[fields].map(({ key }) => key), ['datetime']);
    });

    test('indexes of words and shapes, built on what is there', async () => {
      await create('here', { text: 'a red fox', point: [1, 1] });
      await create('there', { text: 'a blue hen', point: [50, 50] });
      await fails(() => list([Query.search('text', 'fox')]), 400, 'general_query_invalid');
      await column('createIndex', 'words', { type: 'fulltext', [fields]: ['text'] });
      await column('createIndex', 'places', { type: 'spatial', [fields]: ['point'] });
      await ready('words', 'Index');
      await ready('places', 'Index');
      const again = () => column('createIndex', 'words', { type: 'fulltext', [fields]: ['text'] });
      await fails(again, 409, `${lower(field) === 'column' ? 'column_' : ''}index_already_exists`);
      const wrong = (type, name) => () => column('createIndex', 'wrong', { type, [fields]: [name] });
      for (const bad of [wrong('fulltext', 'integer'), wrong('spatial', 'text'), wrong('key', 'point')]) {
        await fails(bad, 400, `${lower(field) === 'column' ? 'column_' : ''}index_invalid`);
      }
      const ids = async (query) => (await list([query])).rows?.map(({ $id }) => $id) ?? (await list([query])).documents.map(({ $id }) => $id);
      same(await ids(Query.search('text', 'fox')), ['here']);
      same(await ids(Query.distanceLessThan('point', [1, 1], 1_000)), ['here']);
      await api[`update${item}`]({ ...place, [itemId]: 'here', data: { text: 'a hen too', point: [50, 50] } });
      same(await ids(Query.search('text', 'fox')), []);
      same(await ids(Query.search('text', 'hen')), ['here', 'there']);
      same(await ids(Query.distanceLessThan('point', [50, 50], 1_000)), ['here', 'there']);
      for (const id of ['here', 'there']) await api[`delete${item}`]({ ...place, [itemId]: id });
      same(await ids(Query.search('text', 'hen')), []);
      for (const key of ['words', 'places']) await column('deleteIndex', key);
      await until(() => api.listIndexes(place), ({ total }) => total === 0, 'deletion');
      await fails(() => list([Query.search('text', 'fox')]), 400, 'general_query_invalid');
    });

    test('an index that cannot be built says why', async () => {
      await create('one', { title: 'same' });
      await create('two', { title: 'same' });
      await column('createIndex', 'once', { type: 'unique', [fields]: ['title'] });
      const failed = await until(() => column('getIndex', 'once'), ({ status }) => status !== 'processing', 'the index');
      has(failed, { status: 'failed' });
      assert.match(failed.error, /equal values/);
      await create('three', { title: 'same' });
      for (const id of ['one', 'two', 'three']) await api[`delete${item}`]({ ...place, [itemId]: id });
      await column('deleteIndex', 'once');
    });

    test('indexes', async () => {
      const made = await column('createIndex', 'by_title', { type: 'key', [fields]: ['title', 'integer'], orders: ['ASC', 'DESC'] });
      has(made, { key: 'by_title', type: 'key', [fields]: ['title', 'integer'], orders: ['ASC', 'DESC'] });
      await ready('by_title', 'Index');
      await column('createIndex', 'one_email', { type: 'unique', [fields]: ['email'] });
      await ready('one_email', 'Index');
      const listed = await api.listIndexes({ ...place, queries: [Query.equal('type', 'unique')] });
      same([listed.total, listed.indexes[0].key], [1, 'one_email']);
      await create('one', { email: 'one@example.org' });
      const twin = () => create('two', { email: 'one@example.org' });
      await fails(twin, 409, `${lower(item)}_unique_constraint_violation`);
      await column('deleteIndex', 'one_email');
      await until(() => api.listIndexes(place), ({ total }) => total === 1, 'deletion');
      await fails(() => column('getIndex', 'one_email'), 404, `${lower(field) === 'column' ? 'column_' : ''}index_not_found`);
      await api[`delete${item}`]({ ...place, [itemId]: 'one' });
    });

    test(`${items} are written`, async () => {
      const made = await create('first', { title: 'First', integer: 2, tags: ['x', 'y'] }, { permissions: [] });
      has(made, { $id: 'first', $databaseId: databaseId, title: 'First', integer: 2, tags: ['x', 'y'], $permissions: [] });
      await fails(() => create('first', { title: 'Again' }), 409, `${lower(item)}_already_exists`);
      await fails(() => create(ID.unique(), { integer: 99 }), 400, `${lower(item)}_invalid_structure`);
      const changed = await api[`update${item}`]({ ...place, [itemId]: 'first', data: { title: 'Changed' } });
      has(changed, { title: 'Changed', integer: 2 });
      assert.ok(changed.$updatedAt >= made.$updatedAt);
      const upsert = (id, data) => api[`upsert${item}`]({ ...place, [itemId]: id, data });
      has(await upsert('first', { title: 'Once more' }), { $id: 'first', title: 'Once more' });
      has(await upsert('other', { title: 'Other', integer: 4 }), { $id: 'other', title: 'Other', integer: 4 });
      const step = (method, value, rest) => api[method]({ ...place, [itemId]: 'other', [words.stepped]: 'integer', value, ...rest });
      assert.equal((await step(words.increment, 2, { max: 9 })).integer, 6);
      assert.equal((await step(words.decrement, 5, { min: 1 })).integer, 1);
      await fails(() => step(words.increment, 5, { max: 3 }), 400, `${lower(field)}_limit_exceeded`);
      has(await get('other', { queries: [Query.select(['title'])] }), { title: 'Other', integer: undefined });
      assert.equal((await list([])).total, 2);
      await api[`delete${item}`]({ ...place, [itemId]: 'other' });
      await fails(() => get('other'), 404, `${lower(item)}_not_found`);
    });

    test(`a user's own ${items}, with the package appwrite`, async () => {
      await api[`update${things}`]({ ...place, name: 'Things', permissions: [Permission.create(Role.users())], [security]: true });
      const [ada, bob] = [await person(own, 'ada'), await person(own, 'bob')];
      const [hers, his] = [ada, bob].map(({ session }) => new web[service](webClient(own, { session })));
      const note = { ...place, [itemId]: 'note' };
      const made = await hers[`create${item}`]({ ...note, data: { title: 'Note', integer: 3 } });
      has(made, { title: 'Note', $permissions: ['read', 'update', 'delete'].map((may) => `${may}("user:${ada.id}")`) });
      has(await hers[`get${item}`](note), { $id: 'note', title: 'Note' });
      await fails(() => his[`get${item}`](note), 404, `${lower(item)}_not_found`);
      assert.equal((await his[`list${item}s`](place)).total, 0);
      assert.equal((await hers[`list${item}s`]({ ...place, queries: [web.Query.equal('title', 'Note')] })).total, 1);
      assert.equal((await hers[`update${item}`]({ ...note, data: { title: 'Mine' } })).title, 'Mine');
      assert.equal((await hers[`upsert${item}`]({ ...note, data: { title: 'Still', integer: 3 } })).title, 'Still');
      assert.equal((await hers[words.increment]({ ...note, [words.stepped]: 'integer' })).integer, 4);
      assert.equal((await hers[words.decrement]({ ...note, [words.stepped]: 'integer' })).integer, 3);
      await fails(() => his[`delete${item}`](note), 401, 'user_unauthorized');
      await hers[`delete${item}`](note);
      await fails(() => hers[`get${item}`](note), 404, `${lower(item)}_not_found`);
    });
  });
}
