// Every method of the services of databases, in every package that has it: with the actors that may call it, with those
// that may not, and with every error that the server's own description of the API documents for it.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as consoleSdk from '@appwrite.io/console';
import * as web from 'appwrite';
import * as node from 'node-appwrite';

import { administrator, project, unique } from '../lib/console.mjs';
import { ELSEWHERE, headersOf, methods } from '../lib/every-method.mjs';
import { call, origin } from '../lib/rest.mjs';
import { fails, person } from '../lib/sdk.mjs';

const { Permission, Role } = node;
const PACKAGES = { 'node-appwrite': node, '@appwrite.io/console': consoleSdk, appwrite: web };
const STATUS = {
  general_unauthorized_scope: 401, user_unauthorized: 401, document_delete_restricted: 403,
  transaction_limit_exceeded: 400, transaction_expired: 410,
};
/** What every route may answer, or every route that writes, whatever it does. */
const OF_ALL = new Set([
  'media_type_missing', 'unsupported_media_type', 'idempotency_key_reused', 'idempotency_key_in_use',
  'body_invalid', 'commit_outcome_unknown', 'request_body_too_large', 'storage_full', 'general_rate_limit_exceeded',
  'general_argument_invalid', 'general_bad_request', 'general_unauthorized_scope', 'user_unauthorized',
]);

/** Indexes that a collection may have. */
const INDEXES_MAX = 58;

/** The words of tables for what is written in those of documents. */
const NOUNS = [
  ['Collection', 'Table'], ['collection', 'table'], ['Attribute', 'Column'], ['attribute', 'column'],
  ['Documents', 'Rows'], ['documents', 'rows'], ['Document', 'Row'], ['document', 'row'],
];
const inTables = (word) => NOUNS.reduce((text, [from, to]) => text.replace(from, to), word);

function translated(value) {
  if (Array.isArray(value)) return value.map(translated);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [inTables(key), translated(inner)]));
}

const VOCABULARIES = [
  { service: 'Databases', word: (text) => text, code: (text) => text, params: (value) => value },
  {
    service: 'TablesDB',
    word: inTables,
    code: (text) => inTables(text.startsWith('index_') ? `column_${text}` : text),
    params: translated,
  },
];

for (const words of VOCABULARIES) {
  describe(`every method of ${words.service}`, { concurrency: false }, () => {
    const has = (pkg, method) => typeof PACKAGES[pkg][words.service].prototype[words.word(method)] === 'function';
    /** The package whose words an error is asked in: the first that has the method. */
    const first = (method) => Object.keys(PACKAGES).find((name) => has(name, method));
    const rows = methods(words.service === 'TablesDB').filter(({ method }) => first(method));
    const shown = new Map();
    const called = new Set();
    let world, services, documented;

    before(async () => {
      const own = await project(await administrator());
      const [ada, eve] = [await person(own, 'ada'), await person(own, 'eve')];
      const weakKey = await call('POST', `/projects/${own.id}/keys`, {
        headers: own.admin.headers, body: { keyId: 'unique()', name: 'Weak', scopes: ['users.read'] }, expect: 201,
      });
      const actors = {
        key: { 'X-Appwrite-Key': own.key },
        weak: { 'X-Appwrite-Key': weakKey.body.secret },
        admin: { cookie: own.admin.headers.cookie, 'X-Appwrite-Mode': 'admin' },
        user: { 'X-Appwrite-Session': ada.session },
        other: { 'X-Appwrite-Session': eve.session },
        guest: {},
      };
      services = (pkg, actor, headers = {}) => {
        const client = new PACKAGES[pkg].Client().setEndpoint(`${origin}/v1`).setProject(own.id);
        Object.assign(client.headers, actors[actor], headers);
        return new PACKAGES[pkg][words.service](client);
      };
      world = await prepare(words, (method, params, actor = 'key') => run('node-appwrite', method, params, actor));
      documented = await documentedErrors(words.service);
    });

    function run(pkg, method, params, actor, headers) {
      called.add(`${pkg} ${words.word(method)}`);
      const api = services(pkg, actor, headers);
      const given = words.params(params);
      return given === undefined ? api[words.word(method)]() : api[words.word(method)](given);
    }

    for (const row of rows) {
      const { method } = row;
      test(words.word(method), async () => {
        for (const pkg of Object.keys(PACKAGES).filter((name) => has(name, method))) {
          const mayCall = pkg === 'appwrite' ? ['user'] : row.right;
          for (const actor of mayCall) {
            const at = await world.fresh(row.has);
            await run(pkg, method, await row.call(at, world, actor), actor).catch((error) => {
              throw new Error(`${pkg} as ${actor}: ${error.type} ${error.message}`);
            });
          }
        }
        const pkg = first(method);
        for (const [actor, type] of Object.entries(row.wrong)) {
          await refused(row, type, pkg, await row.call(await world.still(row.has), world, 'key'), actor);
        }
        for (const [type, change] of Object.entries({ ...ofIds(row), ...row.fails })) {
          const at = await (row.isTouching ? world.fresh : world.still)(row.has);
          const right = await row.call(at, world, 'key');
          const wrong = await change(at, right, world);
          await refused(row, type, pkg, wrong, 'key', headersOf(type));
          const group = row.group ?? method;
          shown.set(group, (shown.get(group) ?? new Set()).add(words.code(type)));
        }
      });
    }

    async function refused(row, type, pkg, params, actor, headers) {
      const code = words.code(type);
      const error = await run(pkg, row.method, params, actor, headers).then(() => undefined, (reason) => reason);
      assert.equal(error?.type, code, `${row.method} as ${actor} with ${JSON.stringify(params)}: ${error?.type} ${error?.message}`);
      assert.equal(error.code, status(type), `${code}: ${error.message}`);
    }

    test('every error that is documented is shown', () => {
      const left = [];
      for (const row of rows) {
        const all = documented.get(words.word(row.method)) ?? assert.fail(`${words.word(row.method)} is not described`);
        const known = shown.get(row.group ?? row.method) ?? new Set();
        const elsewhere = new Set(Object.keys(ELSEWHERE).map(words.code));
        for (const type of all) {
          const one = `${words.word(row.method)}: ${type}`;
          if (![OF_ALL, known].some((some) => some.has(type)) && ![type, one].some((name) => elsewhere.has(name))) left.push(one);
        }
        for (const type of known) {
          if (!OF_ALL.has(type) && !row.group && !all.has(type)) left.push(`${words.word(row.method)}: ${type} is not documented`);
        }
      }
      assert.deepEqual(left, []);
    });

    test('every method of every package is called', () => {
      const left = Object.keys(PACKAGES).flatMap((name) => Object.getOwnPropertyNames(PACKAGES[name][words.service].prototype)
        .filter((method) => method !== 'constructor' && !called.has(`${name} ${method}`))
        .map((method) => `${name} ${method}`));
      assert.deepEqual(left, []);
    });
  });
}

function status(type) {
  if (STATUS[type]) return STATUS[type];
  if (type.endsWith('_not_found')) return type === 'general_cursor_not_found' ? 400 : 404;
  if (/_already_exists$|_conflict$|_unique_constraint_violation$|index_dependency$/.test(type)) return 409;
  return 400;
}

/** Errors of whatever has an id that is nobody's, or is none. */
function ofIds({ method }) {
  const isNew = ['create', 'list', 'listUsage', 'listSpecifications'].includes(method) || /Transactions?$|Operations$/.test(method);
  if (isNew) return {};
  const nobody = (name) => (at, params) => ({ ...params, [name]: 'none' });
  const found = { database_not_found: nobody('databaseId'), general_argument_invalid: (at, params) => ({ ...params, databaseId: '!' }) };
  const ofDatabase = ['get', 'update', 'delete', 'getUsage', 'listLogs', 'getStatus', 'getReplicas', 'createFailover', 'listCollections', 'createCollection'];
  return ofDatabase.includes(method) ? found : { ...found, collection_not_found: nobody('collectionId') };
}

/** The errors of each method of a service, as the server describes them. */
async function documentedErrors(service) {
  const { paths } = await (await fetch(`${origin}/openapi.json`)).json();
  const namespace = service === 'TablesDB' ? 'tablesDB' : 'databases';
  const errors = new Map();
  for (const operation of Object.values(paths).flatMap((verbs) => Object.values(verbs))) {
    if (!operation.tags?.includes(namespace)) continue;
    const references = Object.values(operation.responses).map(({ $ref }) => $ref?.split('/').pop()).filter(Boolean);
    const all = new Set(references.flatMap((name) => name.split('-')).map((name) => (
      name.endsWith('.tables') ? VOCABULARIES[1].code(name.slice(0, -'.tables'.length)) : name
    )));
    const about = operation['x-appwrite'];
    for (const { name } of about.methods ?? [{ name: about.method }]) errors.set(name, all);
  }
  const common = [...errors.values()].reduce((left, all) => new Set([...left].filter((type) => all.has(type))));
  for (const [name, all] of errors) errors.set(name, new Set([...all].filter((type) => !common.has(type))));
  return errors;
}

/** What the calls are made on: a database, and a fresh collection for each, with the documents `one` and `two`. */
async function prepare(words, act) {
  const databaseId = 'main';
  const all = [Permission.read(Role.users()), Permission.create(Role.users()), Permission.update(Role.users()), Permission.delete(Role.users())];
  const title = { key: 'title', type: 'string', size: 20 };
  const unique_ = { key: 'titles', type: 'unique', attributes: ['title'] };
  const count = { key: 'count', type: 'integer', min: 0, max: 9 };
  const make = async (rest, collectionId = unique('fresh')) => {
    const at = { databaseId, collectionId };
    await act('createCollection', { ...at, name: 'fresh', permissions: all, attributes: [title, count], ...rest });
    return at;
  };
  const stills = new Map();
  const document = (at, documentId, data) => act('createDocument', { ...at, documentId, data });
  const world = {
    name: () => unique('n'),
    call: act,
    database: async () => (await act('create', { databaseId: world.name(), name: 'Other' })).$id,
    fresh: async (more = []) => {
      const at = await make({ attributes: [title, count, ...more], indexes: [unique_] });
      await document(at, 'one', { title: 'one', count: 1 });
      await document(at, 'two', { title: 'two' });
      return at;
    },
    /** A collection for calls that are refused: they leave it as it is. */
    still: (more = []) => {
      const key = JSON.stringify(more);
      if (!stills.has(key)) stills.set(key, world.fresh(more));
      return stills.get(key);
    },
    /** A collection whose rows have room for little more. */
    wide: () => make({ attributes: [title, { key: 'wide', type: 'varchar', size: 15_900 }] }),
    /** A collection with a unique index over two attributes. */
    paired: () => make({ indexes: [{ key: 'pairs', type: 'unique', attributes: ['title', 'count'] }] }),
    /** A collection that has as many indexes as it may have. */
    indexed: () => {
      const keys = Array.from({ length: INDEXES_MAX }, (_, place) => `n${place}`);
      const attributes = [title, count, ...keys.map((key) => ({ key, type: 'integer' }))];
      return make({ attributes, indexes: keys.map((key) => ({ key, type: 'key', attributes: [key] })) });
    },
    /** A collection whose document `one` cannot go, because `two` relates to it. */
    family: async () => {
      const collectionId = unique('family');
      const parent = { key: 'parent', type: 'relationship', relatedCollection: collectionId, relationType: 'manyToOne' };
      const at = await make({ attributes: [title, count, parent], indexes: [unique_] }, collectionId);
      await document(at, 'one', { title: 'one' });
      await document(at, 'two', { title: 'two', parent: 'one' });
      return at;
    },
    begin: async (actor) => (await act('createTransaction', { ttl: 600 }, actor)).$id,
    stage: async (...operations) => {
      const transactionId = await world.begin();
      await act('createOperations', { transactionId, operations });
      return transactionId;
    },
    /** A transaction whose change of a document was overtaken. */
    conflict: async () => {
      const at = await world.fresh();
      const transactionId = await world.stage({ action: 'update', ...at, documentId: 'one', data: { count: 7 } });
      await act('updateDocument', { ...at, documentId: 'one', data: { count: 8 } });
      return { ...at, transactionId };
    },
  };
  await act('create', { databaseId, name: 'Main' });
  await act('createCollection', { databaseId, collectionId: 'things', name: 'Things', permissions: all, attributes: [title, count] });
  const spare = await world.fresh();
  world.ended = await world.begin();
  await act('updateTransaction', { transactionId: world.ended, rollback: true });
  const operation = (_, place) => ({ action: 'create', ...spare, documentId: `d${place}`, data: { title: `t${place}` } });
  world.full = await world.stage(...Array.from({ length: 100 }, operation));
  return world;
}
