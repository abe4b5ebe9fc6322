// The quick start of README.md, with `node-appwrite` as it comes from npm: a database, a table, rows, and who sees them.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, ID, Permission, Query, Role, TablesDB, Users } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { until } from '../lib/rest.mjs';
import { fails, nodeClient } from '../lib/sdk.mjs';

const databaseId = 'shop';
const tableId = 'books';

describe('quick start with node-appwrite', { concurrency: false }, () => {
  let own;
  let tables;

  before(async () => {
    own = await project(await administrator());
    tables = new TablesDB(nodeClient(own, { key: own.key }));
  });

  test('a database and a table', async () => {
    const database = await tables.create({ databaseId, name: 'Shop' });
    assert.equal(database.$id, databaseId);
    const table = await tables.createTable({
      databaseId,
      tableId,
      name: 'Books',
      permissions: [Permission.read(Role.any()), Permission.create(Role.users())],
      rowSecurity: true,
    });
    assert.deepEqual(table.$permissions, ['read("any")', 'create("users")']);
    await fails(() => tables.createTable({ databaseId, tableId, name: 'Again' }), 409, 'table_already_exists');
  });

  test('columns become available', async () => {
    const title = await tables.createStringColumn({ databaseId, tableId, key: 'title', size: 200, required: true });
    assert.equal(title.status, 'processing');
    await tables.createIntegerColumn({ databaseId, tableId, key: 'year', required: false, min: 1450, max: 2100 });
    const done = await until(
      () => tables.listColumns({ databaseId, tableId }),
      ({ columns }) => columns.length === 2 && columns.every(({ status }) => status === 'available'),
      'columns',
    );
    assert.deepEqual(done.columns.map(({ key, type }) => [key, type]), [['title', 'string'], ['year', 'integer']]);
  });

  test('an index becomes available', async () => {
    await tables.createIndex({ databaseId, tableId, key: 'by_year', type: 'key', columns: ['year'] });
    await until(
      () => tables.getIndex({ databaseId, tableId, key: 'by_year' }),
      ({ status }) => status === 'available',
      'index',
    );
  });

  test('rows are written, read and queried', async () => {
    for (const [rowId, title, year] of [['emma', 'Emma', 1815], ['dune', 'Dune', 1965], ['momo', 'Momo', 1973]]) {
      const row = await tables.createRow({ databaseId, tableId, rowId, data: { title, year } });
      assert.deepEqual([row.$id, row.title, row.year], [rowId, title, year]);
    }
    const found = await tables.listRows({
      databaseId,
      tableId,
      queries: [Query.greaterThan('year', 1900), Query.orderDesc('year'), Query.limit(10)],
    });
    assert.equal(found.total, 2);
    assert.deepEqual(found.rows.map(({ title }) => title), ['Momo', 'Dune']);
    const one = await tables.getRow({ databaseId, tableId, rowId: 'emma' });
    assert.equal(one.title, 'Emma');
  });

  test('rows are changed and deleted', async () => {
    const changed = await tables.updateRow({ databaseId, tableId, rowId: 'emma', data: { year: 1816 } });
    assert.deepEqual([changed.title, changed.year], ['Emma', 1816]);
    await tables.upsertRow({ databaseId, tableId, rowId: 'ulysses', data: { title: 'Ulysses', year: 1922 } });
    await tables.deleteRow({ databaseId, tableId, rowId: 'ulysses' });
    await fails(() => tables.getRow({ databaseId, tableId, rowId: 'ulysses' }), 404, 'row_not_found');
  });

  test('bad data is refused by name', async () => {
    const create = (data) => () => tables.createRow({ databaseId, tableId, rowId: ID.unique(), data });
    await fails(create({ year: 2000 }), 400, 'row_invalid_structure');
    await fails(create({ title: 'Too early', year: 1000 }), 400, 'row_invalid_structure');
    await fails(create({ title: 'T', unknown: 1 }), 400, 'row_invalid_structure');
    await fails(
      () => tables.listRows({ databaseId, tableId, queries: [Query.equal('unknown', 1)] }),
      400,
      'general_query_invalid',
    );
  });

  test('a user sees what is permitted and owns what is created', async () => {
    const users = new Users(nodeClient(own, { key: own.key }));
    const session = async (name) => {
      const user = await users.create({
        userId: ID.unique(),
        email: `${name}@example.org`,
        password: 'correct horse battery',
        name,
      });
      const { secret } = await users.createSession({ userId: user.$id });
      return { id: user.$id, client: nodeClient(own, { session: secret }) };
    };
    const [ada, bob] = [await session('ada'), await session('bob')];
    assert.equal((await new Account(ada.client).get()).$id, ada.id);

    const [ofAda, ofBob] = [new TablesDB(ada.client), new TablesDB(bob.client)];
    const row = await ofAda.createRow({ databaseId, tableId, rowId: 'persuasion', data: { title: 'Persuasion' } });
    const own_rights = ['read', 'update', 'delete'].map((action) => `${action}("user:${ada.id}")`);
    assert.deepEqual(row.$permissions, own_rights);
    assert.equal((await ofBob.getRow({ databaseId, tableId, rowId: 'persuasion' })).title, 'Persuasion');
    const steal = () => ofBob.updateRow({ databaseId, tableId, rowId: 'persuasion', data: { title: 'Mine' } });
    await fails(steal, 401, 'user_unauthorized');
    const mine = await ofAda.updateRow({ databaseId, tableId, rowId: 'persuasion', data: { title: 'Still Ada' } });
    assert.equal(mine.title, 'Still Ada');

    const guest = new TablesDB(nodeClient(own));
    assert.equal((await guest.listRows({ databaseId, tableId })).total, 4);
    const write = () => guest.createRow({ databaseId, tableId, rowId: ID.unique(), data: { title: 'No' } });
    await fails(write, 401, 'user_unauthorized');
  });
});
