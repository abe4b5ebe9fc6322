// What each page of the guide takes for granted: names that its examples use, and tables that are there.

import * as node from 'node-appwrite';

import { administrator, project } from './console.mjs';
import { endpoint, until } from './rest.mjs';
import { nodeClient, person } from './sdk.mjs';

const { Permission, Role } = node;
const MINE = [Permission.read(Role.users()), Permission.create(Role.users())];

/** A project with a key's client, and the databases that the page speaks of. */
async function world(databases = []) {
  const own = await project(await administrator());
  const client = nodeClient(own, { key: own.key });
  const tablesDB = new node.TablesDB(client);
  for (const databaseId of databases) await tablesDB.create({ databaseId, name: databaseId });
  const settle = async () => {
    for (const { $id: databaseId } of (await tablesDB.list()).databases) {
      const isReady = ({ tables }) => tables.every(({ columns, indexes }) => [...columns, ...indexes].every(({ status }) => status === 'available'));
      await until(() => tablesDB.listTables({ databaseId }), isReady, `the schema of ${databaseId}`);
    }
  };
  const names = { ...node, client, tablesDB, endpoint, project: own.id, key: own.key, crypto };
  return { own, client, tablesDB, names, settle };
}

const text = (key, rest) => ({ key, type: 'string', size: 200, ...rest });
const table = (tablesDB, databaseId, tableId, columns, rest) => tablesDB.createTable({ databaseId, tableId, name: tableId, columns, ...rest });

/** By the name of the page. */
export const PAGES = {
  databases: async () => {
    const made = await world();
    made.names.userId = (await person(made.own, 'ada')).id;
    return made;
  },

  permissions: async () => {
    const made = await world(['library']);
    const ada = await person(made.own, 'ada');
    const session = nodeClient(made.own, { session: ada.session });
    Object.assign(made.names, { userId: ada.id, session });
    return made;
  },

  queries: async () => {
    const made = await world(['atlas']);
    const [databaseId, tableId] = ['atlas', 'places'];
const columns = [
      text('name'), { key: 'open', type: 'boolean' }, text('about'), { key: 'year', type: 'integer' }, text('author'),
      { key: 'pages', type: 'integer' },
    ];
    await table(made.tablesDB, databaseId, tableId, columns, { indexes: [{ key: 'about', type: 'fulltext', attributes: ['about'] }] });
    const books = [['Herbert', 1965, 604], ['Herbert', 1969, 421], ['Woolf', 1927, 209], ['Austen', 1815, 474]];
    for (const [author, year, pages] of books) {
      await made.tablesDB.createRow({ databaseId, tableId, rowId: node.ID.unique(), data: { author, year, pages } });
    }
    Object.assign(made.names, { databaseId, tableId });
    return made;
  },

  relationships: async () => {
    const made = await world(['library']);
    await table(made.tablesDB, 'library', 'authors', [text('name')]);
    await table(made.tablesDB, 'library', 'books', [text('title'), { key: 'year', type: 'integer' }]);
    return made;
  },

  transactions: async () => {
    const made = await world(['library', 'bank', 'log']);
    const books = [
      text('title'), { key: 'stars', type: 'integer' }, text('shelf'), { key: 'lent', type: 'integer' },
      text('tags', { array: true }), { key: 'due', type: 'datetime' },
    ];
    await table(made.tablesDB, 'library', 'books', books, { permissions: MINE });
    await table(made.tablesDB, 'bank', 'accounts', [{ key: 'balance', type: 'integer', default: 100 }]);
    await table(made.tablesDB, 'log', 'moves', [text('from'), text('to'), { key: 'sum', type: 'integer' }]);
    for (const rowId of ['ada', 'emma']) {
      await made.tablesDB.createRow({ databaseId: 'bank', tableId: 'accounts', rowId, data: { balance: 100 } });
    }
    return made;
  },
};
