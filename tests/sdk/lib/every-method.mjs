// Every method of both services of databases as data: how the right actors call it, and how it fails.
//
// Everything is written in the words of documents; `suites/every-method.test.mjs` says it in those of tables too.

import * as node from 'node-appwrite';

import { TYPES } from './vocabulary.mjs';

const { Query } = node;
const LONG = 'x'.repeat(30);

/** Who may call a method, and what the others are told. */
const REFUSED = 'general_unauthorized_scope';
const MANAGERS = { right: ['key', 'admin'], wrong: { guest: REFUSED, user: REFUSED, weak: REFUSED } };
const READERS = { right: ['key', 'admin', 'user'], wrong: { weak: REFUSED } };
const WRITERS = { right: ['key', 'admin', 'user'], wrong: { guest: 'user_unauthorized', weak: REFUSED } };
const TOLD = { right: ['key', 'admin'], wrong: { guest: 'user_unauthorized', user: 'user_unauthorized', weak: REFUSED } };
const OWNERS = { right: ['key', 'admin', 'user'], wrong: { other: 'transaction_not_found', guest: 'transaction_not_found', weak: REFUSED } };
const OPENERS = { right: ['key', 'admin', 'user'], wrong: { weak: REFUSED } };

/** What is shown to be refused elsewhere, by its type or the method with it, and why not here. */
export const ELSEWHERE = {
  attribute_not_available: 'the background would have to stand still: scenarios set the state',
  transaction_expired: 'a minute would have to pass: scenarios have a clock',
  transaction_already_exists: 'the packages do not choose the id of a transaction',
  'createTransaction: transaction_limit_exceeded': 'a thousand transactions would have to be open: the tests of the rules open them',
  general_usage_disabled: 'a setting of the server: scenarios have servers of their own',
};

/** Errors of requests that name a transaction. */
const STAGED = {
  transaction_not_found: (at, call) => ({ ...call, transactionId: 'none' }),
  transaction_not_ready: (at, call, w) => ({ ...call, transactionId: w.ended }),
  transaction_limit_exceeded: (at, call, w) => ({ ...call, transactionId: w.full }),
};
const LISTED = {
  general_query_invalid: (at, call) => ({ ...call, queries: [Query.equal('nothing', 1)] }),
  general_cursor_not_found: (at, call) => ({ ...call, queries: [Query.cursorAfter('none')] }),
};
/** Logs know pages and nothing else. */
const LOGGED = {
  general_argument_invalid: (at, call) => ({ ...call, queries: [Query.orderAsc('$id')] }),
  general_query_invalid: (at, call) => ({ ...call, queries: ['not a query'] }),
};

const databases = [
  {
    method: 'create',
    ...MANAGERS,
    call: (at, w) => ({ databaseId: w.name(), name: 'New' }),
    fails: { database_already_exists: (at) => ({ databaseId: at.databaseId, name: 'Again' }) },
    tablesFail: { general_feature_unsupported: (at, call) => ({ ...call, specification: 's-2vcpu-2gb' }) },
  },
  { method: 'list', ...MANAGERS, call: () => ({ search: 'main', queries: [Query.equal('name', 'Main')] }), fails: LISTED },
  { method: 'get', ...MANAGERS, call: ({ databaseId }) => ({ databaseId }) },
  { method: 'update', ...MANAGERS, call: ({ databaseId }) => ({ databaseId, name: 'Main' }) },
  { method: 'delete', ...MANAGERS, call: async (at, w) => ({ databaseId: await w.database() }) },
  { method: 'listUsage', ...MANAGERS, call: () => ({ range: '24h' }) },
  { method: 'getUsage', ...MANAGERS, call: ({ databaseId }) => ({ databaseId, range: '90d' }) },
  { method: 'listLogs', ...MANAGERS, call: ({ databaseId }) => ({ databaseId, queries: [Query.limit(1)] }), fails: LOGGED },
];

const machines = [
  { method: 'listSpecifications', ...MANAGERS, call: () => undefined },
  { method: 'getStatus', ...MANAGERS, call: ({ databaseId }) => ({ databaseId }) },
  { method: 'getReplicas', right: [], wrong: MANAGERS.wrong, call: ({ databaseId }) => ({ databaseId }), fails: { general_feature_unsupported: (at, call) => call } },
  { method: 'createFailover', right: [], wrong: MANAGERS.wrong, call: ({ databaseId }) => ({ databaseId }), fails: { general_feature_unsupported: (at, call) => call } },
];

/** A collection that would come with these attributes and no indexes, or with these indexes. */
const inline = (call, key, ...all) => ({ ...call, indexes: [], [key]: all });
const collections = [
  {
    method: 'createCollection',
    ...MANAGERS,
    call: ({ databaseId, collectionId }, w) => ({
      databaseId,
      collectionId: w.name(),
      name: 'New',
      attributes: [
        { key: 'title', type: 'string', size: 20 },
        { key: 'parent', type: 'relationship', relatedCollection: collectionId, relationType: 'manyToOne', onDelete: 'setNull' },
      ],
      indexes: [{ key: 'titles', type: 'key', attributes: ['title'] }],
    }),
    isNew: true,
    fails: {
      collection_already_exists: ({ collectionId }, call) => ({ ...call, collectionId }),
      collection_not_found: (at, call) => inline(call, 'attributes', { key: 'to', type: 'relationship', relatedCollection: 'none', relationType: 'oneToOne' }),
      collection_limit_exceeded: (at, call) => inline(call, 'attributes', ...['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, type: 'varchar', size: 4_000 }))),
      attribute_already_exists: (at, call) => inline(call, 'attributes', ...['title', 'title'].map((key) => ({ key, type: 'integer' }))),
      attribute_default_unsupported: (at, call) => inline(call, 'attributes', { key: 'title', type: 'integer', required: true, default: 1 }),
      attribute_type_not_supported: (at, call) => inline(call, 'attributes', { key: 'title', type: 'vector' }),
      attribute_format_unsupported: (at, call) => inline(call, 'attributes', { key: 'title', type: 'string', size: 9, format: 'none' }),
      attribute_value_invalid: (at, call) => inline(call, 'attributes', { key: 'title', type: 'integer', min: 2, max: 1 }),
      attribute_unknown: (at, call) => inline(call, 'indexes', { key: 'none', type: 'key', attributes: ['none'] }),
      index_already_exists: (at, call) => inline(call, 'indexes', ...[1, 2].map(() => ({ key: 'twice', type: 'key', attributes: ['title'] }))),
      index_invalid: (at, call) => inline(call, 'indexes', { key: 'shapes', type: 'spatial', attributes: ['title'] }),
    },
  },
  { method: 'listCollections', ...MANAGERS, call: ({ databaseId }) => ({ databaseId, search: 'fresh', queries: [Query.limit(1)] }), fails: LISTED },
  { method: 'getCollection', ...MANAGERS, call: (at) => at },
  { method: 'updateCollection', ...MANAGERS, call: (at) => ({ ...at, name: 'Renamed' }) },
  { method: 'deleteCollection', ...MANAGERS, call: (at) => at },
  { method: 'getCollectionUsage', ...MANAGERS, call: (at) => at },
  { method: 'listCollectionLogs', ...MANAGERS, call: (at) => at, fails: LOGGED },
];

/** A value that an attribute of the type does not take as its default. */
const WRONG = { String: LONG, Varchar: LONG, Integer: 99, Float: 9.5, Enum: 'violet' };
const attributes = TYPES.flatMap(({ type, make, change, default: value }) => {
  const wrong = WRONG[type] === undefined ? {} : { attribute_value_invalid: (at, call) => ({ ...call, required: false, xdefault: WRONG[type] }) };
  const size = make?.size ? { size: 20 } : {};
  return [
    {
      method: `create${type}Attribute`,
      group: 'create attribute',
      ...MANAGERS,
      call: (at) => ({ ...at, key: 'made', required: true, ...make, ...size }),
      fails: {
        ...wrong,
        attribute_already_exists: (at, call) => ({ ...call, key: 'title' }),
        attribute_default_unsupported: (at, call) => ({ ...call, xdefault: value }),
        ...(type === 'String' ? { attribute_limit_exceeded: async (at, call, w) => ({ ...call, ...await w.wide(), size: 16_000 }) } : {}),
      },
    },
    {
      method: `update${type}Attribute`,
      group: 'update attribute',
      ...MANAGERS,
      has: [{ key: 'made', type: type.toLowerCase(), ...shape(type), ...make, ...size }],
      call: (at) => ({ ...at, key: 'made', required: false, xdefault: value, ...change }),
      fails: {
        ...wrong,
        attribute_not_found: (at, call) => ({ ...call, key: 'none' }),
        attribute_type_invalid: (at, call) => ({ ...call, key: type === 'Integer' ? 'title' : 'count' }),
        attribute_already_exists: (at, call) => ({ ...call, newKey: 'title' }),
        attribute_default_unsupported: (at, call) => ({ ...call, required: true }),
        ...(type === 'String'
          ? {
            attribute_invalid_resize: (at, call) => ({ ...call, key: 'title', size: 1, xdefault: null }),
            attribute_limit_exceeded: async (at, call, w) => ({ ...call, ...await w.wide(), key: 'title', size: 16_000, xdefault: null }),
          }
          : {}),
      },
    },
  ];
});

/** What else an attribute has that comes with its collection. */
function shape(type) {
  const wire = { Float: 'double', Line: 'linestring' };
  return wire[type] ? { type: wire[type] } : {};
}

const relationship = { relatedCollectionId: 'things', type: 'manyToOne', key: 'made', onDelete: 'setNull' };
const schema = [
  { method: 'listAttributes', ...MANAGERS, call: (at) => ({ ...at, queries: [Query.equal('type', 'string')] }), fails: LISTED },
  { method: 'getAttribute', ...MANAGERS, call: (at) => ({ ...at, key: 'title' }), fails: { attribute_not_found: (at, call) => ({ ...call, key: 'none' }) } },
  { method: 'deleteAttribute', ...MANAGERS, call: (at) => ({ ...at, key: 'count' }), fails: { attribute_not_found: (at, call) => ({ ...call, key: 'none' }), index_dependency: async (at, call, w) => ({ ...call, ...await w.paired() }) } },
  {
    method: 'createRelationshipAttribute',
    ...MANAGERS,
    call: (at) => ({ ...at, ...relationship }),
    fails: {
      attribute_already_exists: (at, call) => ({ ...call, key: 'title' }),
      attribute_limit_exceeded: async (at, call, w) => ({ ...call, ...await w.wide() }),
    },
  },
  {
    method: 'updateRelationshipAttribute',
    ...MANAGERS,
    has: [{ key: 'made', type: 'relationship', relatedCollection: 'things', relationType: 'manyToOne' }],
    call: (at) => ({ ...at, key: 'made', onDelete: 'cascade' }),
    fails: {
      attribute_not_found: (at, call) => ({ ...call, key: 'none' }),
      attribute_type_invalid: (at, call) => ({ ...call, key: 'title' }),
      attribute_already_exists: (at, call) => ({ ...call, newKey: 'title' }),
    },
  },
  {
    method: 'createIndex',
    ...MANAGERS,
    call: (at) => ({ ...at, key: 'counts', type: 'key', attributes: ['count'], orders: ['DESC'] }),
    fails: {
      index_already_exists: (at, call) => ({ ...call, key: 'titles' }),
      index_invalid: (at, call) => ({ ...call, type: 'fulltext' }),
      attribute_unknown: (at, call) => ({ ...call, attributes: ['none'] }),
      attribute_type_invalid: async (at, call, w) => ({ ...call, ...await w.family(), attributes: ['parent'] }),
      index_limit_exceeded: async (at, call, w) => ({ ...call, ...await w.indexed() }),
    },
  },
  { method: 'listIndexes', ...MANAGERS, call: (at) => ({ ...at, queries: [Query.equal('type', 'unique')] }), fails: LISTED },
  { method: 'getIndex', ...MANAGERS, call: (at) => ({ ...at, key: 'titles' }), fails: { index_not_found: (at, call) => ({ ...call, key: 'none' }) } },
  { method: 'deleteIndex', ...MANAGERS, call: (at) => ({ ...at, key: 'titles' }), fails: { index_not_found: (at, call) => ({ ...call, key: 'none' }) } },
];

const one = (at) => ({ ...at, documentId: 'one' });
const missing = { document_not_found: (at, call) => ({ ...call, documentId: 'none' }) };
const unfit = {
  document_invalid_structure: (at, call) => ({ ...call, data: { title: 1 } }),
  document_unique_constraint_violation: (at, call) => ({ ...call, data: { title: 'two' } }),
  relationship_value_invalid: async (at, call, w) => ({ ...call, ...await w.family(), data: { parent: 7 } }),
};
/** The caller's copy is older than the document. */
const stale = { document_update_conflict: (at, call) => call };
const STALE = { 'X-Appwrite-Timestamp': '2020-01-01T00:00:00.000+00:00' };
const steps = (method) => ({
  method,
  ...WRITERS,
  call: (at) => ({ ...one(at), attribute: 'count', value: 1 }),
  fails: {
    ...missing,
    ...STAGED,
    attribute_not_found: (at, call) => ({ ...call, attribute: 'none' }),
    attribute_type_invalid: (at, call) => ({ ...call, attribute: 'title' }),
    attribute_limit_exceeded: (at, call) => ({ ...call, max: 1, min: 9 }),
    document_invalid_structure: (at, call) => ({ ...call, value: 100 }),
  },
});
const documents = [
  {
    method: 'createDocument',
    group: 'create documents',
    ...WRITERS,
    call: (at, w) => ({ ...at, documentId: w.name(), data: { title: w.name() } }),
    fails: {
      ...unfit,
      ...STAGED,
      document_already_exists: (at, call) => ({ ...call, documentId: 'one' }),
      document_missing_data: (at, call) => ({ ...call, data: {} }),
    },
  },
  {
    method: 'listDocuments',
    ...READERS,
    wrong: { ...READERS.wrong, guest: 'user_unauthorized' },
    call: (at) => ({ ...at, queries: [Query.equal('title', ['one', 'two'])] }),
    fails: {
      ...LISTED,
      transaction_not_found: STAGED.transaction_not_found,
      transaction_not_ready: STAGED.transaction_not_ready,
      transaction_conflict: async (at, call, w) => ({ ...call, ...await w.conflict() }),
      database_query_order_null: (at, call) => ({ ...call, queries: [Query.orderAsc('count'), Query.cursorAfter('two')] }),
    },
  },
  {
    method: 'getDocument',
    ...READERS,
    wrong: { ...READERS.wrong, guest: 'document_not_found' },
    call: one,
    fails: {
      ...missing,
      transaction_not_found: STAGED.transaction_not_found,
      transaction_not_ready: STAGED.transaction_not_ready,
      transaction_conflict: async (at, call, w) => ({ ...call, ...await w.conflict() }),
    },
  },
  {
    method: 'updateDocument',
    ...WRITERS,
    call: (at) => ({ ...one(at), data: { count: 2 } }),
    fails: { ...missing, ...unfit, ...STAGED, ...stale, document_missing_payload: (at, call) => ({ ...call, data: {} }) },
  },
  {
    method: 'upsertDocument',
    ...WRITERS,
    call: (at) => ({ ...one(at), data: { count: 3 } }),
    fails: { ...unfit, ...STAGED, ...stale, document_missing_payload: (at, call) => ({ ...call, data: {} }) },
  },
  {
    method: 'deleteDocument',
    ...WRITERS,
    call: one,
    fails: { ...missing, ...STAGED, ...stale, document_delete_restricted: async (at, call, w) => ({ ...call, ...await w.family() }) },
  },
  steps('incrementDocumentAttribute'),
  steps('decrementDocumentAttribute'),
  { method: 'listDocumentLogs', ...TOLD, call: one, fails: { ...missing, ...LOGGED } },
];

const many = (...all) => ({ documents: all });
const unfitMany = {
  ...STAGED,
  general_bad_request: async (at, call, w) => ({ ...call, ...await w.family(), documentId: undefined }),
};
const bulk = [
  {
    method: 'createDocuments',
    group: 'create documents',
    ...MANAGERS,
    call: (at, w) => ({ ...at, ...many({ $id: w.name(), title: w.name() }, { title: w.name() }) }),
    fails: {
      ...unfitMany,
      document_already_exists: (at, call) => ({ ...call, ...many({ $id: 'one' }) }),
      document_invalid_structure: (at, call) => ({ ...call, ...many({ title: 1 }) }),
      document_unique_constraint_violation: (at, call) => ({ ...call, ...many({ title: 'one' }) }),
    },
  },
  {
    method: 'upsertDocuments',
    ...MANAGERS,
    call: (at) => ({ ...at, ...many({ $id: 'one', count: 5 }) }),
    fails: {
      ...unfitMany,
      document_invalid_structure: (at, call) => ({ ...call, ...many({ title: 1 }) }),
      document_unique_constraint_violation: (at, call) => ({ ...call, ...many({ title: 'one' }) }),
    },
  },
  {
    method: 'updateDocuments',
    ...MANAGERS,
    call: (at) => ({ ...at, data: { count: 6 }, queries: [Query.equal('title', 'one')] }),
    fails: {
      ...LISTED,
      ...unfitMany,
      document_missing_payload: (at, call) => ({ ...call, data: {} }),
      document_invalid_structure: (at, call) => ({ ...call, data: { title: 1 } }),
      document_unique_constraint_violation: (at, call) => ({ ...call, data: { title: 'two' } }),
    },
  },
  { method: 'deleteDocuments', ...MANAGERS, call: (at) => ({ ...at, queries: [Query.equal('title', 'two')] }), fails: { ...LISTED, ...unfitMany } },
];

const operation = (at, rest) => ({ action: 'update', ...at, documentId: 'one', data: { count: 7 }, ...rest });
const commits = (stage) => async (at, call, w) => ({ transactionId: await stage(w, at), commit: true });
const transactions = [
  { method: 'createTransaction', ...OPENERS, call: () => ({ ttl: 60 }) },
  { method: 'listTransactions', ...OPENERS, call: () => ({ queries: [Query.limit(1)] }), fails: LISTED },
  { method: 'getTransaction', ...OWNERS, call: async (at, w, actor) => ({ transactionId: await w.begin(actor) }) },
  {
    method: 'createOperations',
    ...OWNERS,
    call: async (at, w, actor) => ({ transactionId: await w.begin(actor), operations: [operation(at)] }),
    fails: {
      database_not_found: (at, call) => ({ ...call, operations: [operation(at, { databaseId: 'none' })] }),
      collection_not_found: (at, call) => ({ ...call, operations: [operation(at, { collectionId: 'none' })] }),
      document_not_found: (at, call) => ({ ...call, operations: [operation(at, { documentId: 'none' })] }),
      transaction_invalid: (at, call, w) => ({ ...call, transactionId: w.ended }),
      transaction_limit_exceeded: (at, call, w) => ({ ...call, transactionId: w.full }),
    },
  },
  {
    method: 'updateTransaction',
    ...OWNERS,
    /** What makes a commit fail changes what there is. */
    isTouching: true,
    call: async (at, w, actor) => ({ transactionId: await w.begin(actor), commit: true }),
    fails: {
      transaction_not_ready: (at, call, w) => ({ ...call, transactionId: w.ended }),
      transaction_conflict: async (at, call, w) => ({ transactionId: (await w.conflict()).transactionId, commit: true }),
      transaction_failed: commits(async (w, at) => {
        const id = await w.stage(operation(at));
        await w.call('deleteCollection', at);
        return id;
      }),
      document_not_found: commits(async (w, at) => {
        const id = await w.stage(operation(at));
        await w.call('deleteDocument', one(at));
        return id;
      }),
      document_invalid_structure: commits((w, at) => w.stage(operation(at, { data: { title: LONG } }))),
      attribute_limit_exceeded: commits((w, at) => w.stage(operation(at, { action: 'increment', data: { attribute: 'count', value: 5, max: 2 } }))),
    },
  },
  { method: 'deleteTransaction', ...OWNERS, call: async (at, w, actor) => ({ transactionId: await w.begin(actor) }) },
].map((row) => (OWNERS.right === row.right && row.wrong === OWNERS.wrong
  ? { ...row, fails: { transaction_not_found: (at, call) => ({ ...call, transactionId: 'none' }), ...row.fails } }
  : row));

/** The rows of a service. */
export function methods(isTables) {
  const all = [...databases, ...(isTables ? machines : []), ...collections, ...attributes, ...schema, ...documents, ...bulk, ...transactions];
  return all.map((row) => ({ ...row, fails: { ...row.fails, ...(isTables ? row.tablesFail : {}) } }));
}

/** Headers of the call that is to fail so. */
export const headersOf = (type) => (type === 'document_update_conflict' ? STALE : {});

