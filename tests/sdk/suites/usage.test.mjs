// Usage figures and logs as consoles ask for them: what was done is told at once, in both vocabularies.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';
import * as node from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { consoleClient, fails, has, nodeClient, person, same } from '../lib/sdk.mjs';

const { Query } = node;

describe('usage and logs', { concurrency: false }, () => {
  const at = { databaseId: 'main', tableId: 'books' };
  let own, rows, old, asUser, projects, teams, users;

  before(async () => {
    own = await project(await administrator());
    const admin = consoleClient(own, { admin: true });
    [rows, old, projects] = [new consoleSdk.TablesDB(admin), new consoleSdk.Databases(admin), new consoleSdk.Project(admin)];
    teams = new consoleSdk.Teams(admin);
    users = new consoleSdk.Users(admin);
    const ada = await person(own, 'ada');
    asUser = new consoleSdk.Project(consoleClient(own, { session: ada.session }));
    const key = new node.TablesDB(nodeClient(own, { key: own.key }));
    await key.create({ databaseId: 'main', name: 'Main' });
    await key.createTable({ ...at, name: 'Books', columns: [{ key: 'title', type: 'string', size: 20 }] });
    for (const rowId of ['one', 'two', 'three']) await key.createRow({ ...at, rowId, data: { title: rowId } });
    await key.listRows(at);
    await key.deleteRow({ ...at, rowId: 'three' });
  });

  test('a table, its database and all of them', async () => {
    const newest = (points) => points.at(-1).value;
    const table = await rows.getTableUsage({ ...at, range: '24h' });
    same([table.range, table.rowsTotal, table.rows.length, newest(table.rows)], ['24h', 2, 24, 2]);
    const database = await rows.getUsage({ databaseId: 'main' });
    has(database, { range: '30d', tablesTotal: 1, collectionsTotal: 1, rowsTotal: 2, documentsTotal: 2, databaseReadsTotal: 3, databaseWritesTotal: 4 });
    same([newest(database.databaseReads), newest(database.databaseWrites)], [3, 4]);
    assert.ok(database.storageTotal > 0 && newest(database.storage) === database.storageTotal);
    has(await old.getUsage({ databaseId: 'main', range: '90d' }), { documentsTotal: 2, databaseWritesTotal: 4 });
    has(await old.getCollectionUsage({ databaseId: 'main', collectionId: 'books' }), { documentsTotal: 2 });
    const all = await rows.listUsage({ range: '24h' });
    has(all, { databasesTotal: 1, tablesTotal: 1, rowsTotal: 2, databasesReadsTotal: 3, databasesWritesTotal: 4 });
    same(structuredClone(await old.listUsage({ range: '24h' })), structuredClone(all));
  });

  test('the project', async () => {
    const day = 24 * 60 * 60 * 1000;
    const span = { startDate: new Date(Date.now() - day).toISOString(), endDate: new Date().toISOString() };
    const usage = await projects.getUsage({ ...span, period: '1h' });
    has(usage, { rowsTotal: 2, documentsTotal: 2, databasesTotal: 1, databasesReadsTotal: 3, databasesWritesTotal: 4, usersTotal: 1, executionsTotal: 0 });
    assert.equal(usage.requests.length, 25);
    const sum = (points) => points.reduce((total, { value }) => total + value, 0);
    assert.ok(sum(usage.requests) >= 8 && sum(usage.network) === usage.networkTotal, JSON.stringify(usage));
    same(usage.databasesStorageBreakdown.map(({ resourceId, name }) => [resourceId, name]), [['main', 'Main']]);
    assert.equal((await projects.getUsage({ ...span, period: '1d' })).requests.length, 2);
    await fails(() => projects.getUsage({ startDate: span.endDate, endDate: span.startDate }), 400, 'general_argument_invalid');
    await fails(() => asUser.getUsage(span), 401, 'user_unauthorized');
  });

  test('users', async () => {
    const usage = await users.getUsage({ range: '24h' });
    has(usage, { range: '24h', usersTotal: 1, sessionsTotal: 1 });
    same([usage.users.length, usage.users.at(-1).value, usage.sessions.at(-1).value], [24, 1, 1]);
    await fails(() => new consoleSdk.Users(asUser.client).getUsage({}), 401, 'general_unauthorized_scope');
  });

  test('logs of a team', async () => {
    await teams.create({ teamId: 'climbers', name: 'Climbers' });
    await teams.updateName({ teamId: 'climbers', name: 'Hikers' });
    const { total, logs } = await teams.listLogs({ teamId: 'climbers' });
    same([total, logs.map(({ event, mode }) => `${mode} ${event}`)], [2, ['admin team.update', 'admin team.create']]);
    assert.equal((await teams.listLogs({ teamId: 'climbers', queries: [Query.limit(1)], total: false })).total, 0);
    await fails(() => teams.listLogs({ teamId: 'nobody' }), 404, 'team_not_found');
    await fails(() => new consoleSdk.Teams(asUser.client).listLogs({ teamId: 'climbers' }), 404, 'team_not_found');
    await fails(() => teams.listLogs({ teamId: 'climbers', queries: [Query.orderAsc('$id')] }), 400, 'general_argument_invalid');
  });

  test('logs', async () => {
    const logged = async (list) => (await list).logs.map(({ event, userType }) => `${userType} ${event}`);
    await rows.updateRow({ ...at, rowId: 'one', data: { title: 'more' } });
    same(await logged(rows.listRowLogs({ ...at, rowId: 'one' })), ['admin row.update']);
    same(await logged(old.listDocumentLogs({ databaseId: 'main', collectionId: 'books', documentId: 'one' })), ['admin document.update']);
    const made = ['keyProject row.create', 'keyProject row.create', 'keyProject row.create', 'keyProject table.create'];
    same(await logged(rows.listTableLogs(at)), made);
    same(await logged(rows.listTableLogs({ ...at, queries: [Query.limit(1), Query.offset(3)] })), made.slice(3));
    same(await logged(old.listLogs({ databaseId: 'main' })), ['keyProject database.create']);
  });
});
