// Every helper of `Query`, against rows of every type. What needs vectors is refused, because there are none; in the end
// every helper was called.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Databases, Query as Helpers, TablesDB } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { watched } from '../lib/helpers.mjs';
import { call } from '../lib/rest.mjs';
import { fails, nodeClient, person, same } from '../lib/sdk.mjs';

const [Query, requireAll] = watched('Query', 54);

const place = { databaseId: 'planets', tableId: 'planets' };
const ROWS = [
  { $id: 'mercury', name: 'Mercury', moons: 0, mass: 0.055, rings: false, found: null, tags: ['rock'], about: 'The swift planet, nearest to the sun', at: [1, 1], path: [[0, 0], [2, 2]], area: [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]] },
  { $id: 'earth', name: 'Earth', moons: 1, mass: 1, rings: false, found: null, tags: ['rock', 'water', 'life'], about: 'Blue planet with an ocean of water', at: [2, 1], path: [[0, 1], [2, 1]], area: [[[10, 10], [14, 10], [14, 14], [10, 14], [10, 10]]] },
  { $id: 'mars', name: 'Mars', moons: 2, mass: 0.107, rings: false, found: null, tags: ['rock', 'water'], about: 'Red planet, once an ocean', at: [5, 5], path: [[5, 5], [6, 6]], area: [[[20, 20], [24, 20], [24, 24], [20, 24], [20, 20]]] },
  { $id: 'uranus', name: 'Uranus', moons: 28, mass: 14.5, rings: true, found: '1781-03-13T00:00:00.000+00:00', tags: ['ice'], about: 'Ice giant', at: [50, 10], path: [[30, 30], [31, 31]], area: [[[30, 30], [34, 30], [34, 34], [30, 34], [30, 30]]] },
  { $id: 'neptune', name: 'Neptune', moons: 16, mass: 17.1, rings: true, found: '1846-09-23T00:00:00.000+00:00', tags: [], about: 'Blue ice giant', at: [-60, -10], path: [[40, 40], [41, 41]], area: [[[40, 40], [44, 40], [44, 44], [40, 44], [40, 40]]] },
];
const PAST = '2001-01-01T00:00:00.000+00:00';
const FUTURE = '2101-01-01T00:00:00.000+00:00';
const ALL = ROWS.map(({ $id }) => $id);

/** A name for the test, the queries, and the rows that match, in the order of `ROWS` where no other is asked for. */
const CASES = [
  ['equal', [Query.equal('name', 'Mars')], ['mars']],
  ['equal one of', [Query.equal('moons', [0, 1])], ['mercury', 'earth']],
  ['equal of booleans', [Query.equal('rings', true)], ['uranus', 'neptune']],
  ['equal of ids', [Query.equal('$id', ['mars', 'none'])], ['mars']],
  ['notEqual', [Query.notEqual('name', 'Mars')], ALL.filter((id) => id !== 'mars')],
  ['lessThan', [Query.lessThan('moons', 2)], ['mercury', 'earth']],
  ['lessThanEqual', [Query.lessThanEqual('mass', 0.107)], ['mercury', 'mars']],
  ['greaterThan', [Query.greaterThan('mass', 1)], ['uranus', 'neptune']],
  ['greaterThanEqual', [Query.greaterThanEqual('mass', 1)], ['earth', 'uranus', 'neptune']],
  ['greaterThan of datetimes', [Query.greaterThan('found', '1800-01-01T00:00:00.000+00:00')], ['neptune']],
  ['isNull', [Query.isNull('found')], ['mercury', 'earth', 'mars']],
  ['isNotNull', [Query.isNotNull('found')], ['uranus', 'neptune']],
  ['between', [Query.between('moons', 1, 16)], ['earth', 'mars', 'neptune']],
  ['notBetween', [Query.notBetween('moons', 1, 16)], ['mercury', 'uranus']],
  ['startsWith', [Query.startsWith('name', 'M')], ['mercury', 'mars']],
  ['notStartsWith', [Query.notStartsWith('name', 'M')], ['earth', 'uranus', 'neptune']],
  ['endsWith', [Query.endsWith('name', 'us')], ['uranus']],
  ['notEndsWith', [Query.notEndsWith('name', 's')], ['mercury', 'earth', 'neptune']],
  ['contains in a text', [Query.contains('name', 'ar')], ['earth', 'mars']],
  ['contains in an array', [Query.contains('tags', ['life', 'ice'])], ['earth', 'uranus']],
  ['containsAny', [Query.containsAny('tags', ['life', 'ice'])], ['earth', 'uranus']],
  ['containsAny in a text', [Query.containsAny('name', ['rs', 'rth'])], ['earth', 'mars']],
  ['containsAll', [Query.containsAll('tags', ['rock', 'water'])], ['earth', 'mars']],
  ['notContains', [Query.notContains('tags', ['rock'])], ['uranus', 'neptune']],
  ['elemMatch', [Query.elemMatch('tags', [Query.greaterThan('tags', 'rock'), Query.startsWith('tags', 'w')])], ['earth', 'mars']],
  ['elemMatch with or', [Query.elemMatch('tags', [Query.or([Query.equal('tags', 'ice'), Query.endsWith('tags', 'fe')])])], ['earth', 'uranus']],
  ['createdBefore', [Query.createdBefore(FUTURE)], ALL],
  ['createdAfter', [Query.createdAfter(FUTURE)], []],
  ['createdBetween', [Query.createdBetween(PAST, FUTURE)], ALL],
  ['updatedBefore', [Query.updatedBefore(PAST)], []],
  ['updatedAfter', [Query.updatedAfter(PAST)], ALL],
  ['updatedBetween', [Query.updatedBetween(PAST, FUTURE)], ALL],
  ['and', [Query.and([Query.greaterThan('moons', 0), Query.lessThan('moons', 3)])], ['earth', 'mars']],
  ['or', [Query.or([Query.equal('name', 'Mars'), Query.equal('name', 'Earth')])], ['earth', 'mars']],
  [
    'or of ands',
    [Query.or([Query.and([Query.equal('rings', true), Query.lessThan('moons', 20)]), Query.equal('moons', 0)])],
    ['mercury', 'neptune'],
  ],
  ['regex', [Query.regex('name', '^M.*(y|s)$')], ['mercury', 'mars']],
  ['regex without case', [Query.regex('name', '(?i)^m')], ['mercury', 'mars']],
  ['exists', [Query.exists(['found', 'name'])], ['uranus', 'neptune']],
  ['notExists', [Query.notExists(['found'])], ['mercury', 'earth', 'mars']],
  ['search', [Query.search('about', 'ocean')], ['earth', 'mars']],
  ['search for any word', [Query.search('about', 'swift ice')], ['mercury', 'uranus', 'neptune']],
  ['search for a beginning', [Query.search('about', 'oce')], ['earth', 'mars']],
  ['search for a phrase', [Query.search('about', '"blue ice"')], ['neptune']],
  ['search for a short word', [Query.search('about', 'an')], ['earth', 'mars']],
  ['the best first', [Query.search('about', 'blue ocean'), Query.orderDesc('$relevance')], ['earth', 'mars', 'neptune']],
  ['the best after one', [Query.search('about', 'blue ocean'), Query.orderDesc('$relevance'), Query.cursorAfter('earth')], ['mars', 'neptune'], 3],
  ['the worst first', [Query.search('about', 'blue ocean'), Query.orderAsc('$relevance'), Query.orderDesc('name')], ['neptune', 'mars', 'earth']],
  ['notSearch', [Query.notSearch('about', 'planet')], ['uranus', 'neptune']],
  ['intersects', [Query.intersects('area', [12, 12])], ['earth']],
  ['notIntersects', [Query.notIntersects('area', [12, 12])], ALL.filter((id) => id !== 'earth')],
  ['crosses', [Query.crosses('path', [[0, 2], [2, 0]])], ['mercury', 'earth']],
  ['notCrosses', [Query.notCrosses('path', [[0, 2], [2, 0]])], ['mars', 'uranus', 'neptune']],
  ['overlaps', [Query.overlaps('area', [[[2, 2], [12, 2], [12, 12], [2, 12], [2, 2]]])], ['mercury', 'earth']],
  ['notOverlaps', [Query.notOverlaps('area', [[[2, 2], [12, 2], [12, 12], [2, 12], [2, 2]]])], ['mars', 'uranus', 'neptune']],
  ['touches', [Query.touches('area', [24, 22])], ['mars']],
  ['notTouches', [Query.notTouches('area', [24, 22])], ALL.filter((id) => id !== 'mars')],
  ['equal of points', [Query.equal('at', [[5, 5]])], ['mars']],
  ['notEqual of points', [Query.notEqual('at', [[5, 5]])], ALL.filter((id) => id !== 'mars')],
  ['contains a point', [Query.contains('area', [[32, 32]])], ['uranus']],
  ['distanceEqual', [Query.distanceEqual('at', [1, 1], 1, false)], ['earth']],
  ['distanceNotEqual', [Query.distanceNotEqual('at', [1, 1], 1, false)], ALL.filter((id) => id !== 'earth')],
  ['distanceGreaterThan', [Query.distanceGreaterThan('at', [1, 1], 1_000_000)], ['uranus', 'neptune']],
  ['distanceLessThan', [Query.distanceLessThan('at', [1, 1], 200_000)], ['mercury', 'earth']],
  ['shapes beside others', [Query.distanceLessThan('at', [1, 1], 1_000_000), Query.greaterThan('moons', 0)], ['earth', 'mars']],
  ['several at once', [Query.equal('rings', false), Query.greaterThan('moons', 1)], ['mars']],
  ['orderAsc', [Query.orderAsc('moons')], ['mercury', 'earth', 'mars', 'neptune', 'uranus']],
  ['orderDesc', [Query.orderDesc('mass')], ['neptune', 'uranus', 'earth', 'mars', 'mercury']],
  ['two orders', [Query.orderDesc('rings'), Query.orderAsc('name')], ['neptune', 'uranus', 'earth', 'mars', 'mercury']],
  ['limit', [Query.limit(2)], ['mercury', 'earth'], 5],
  ['offset', [Query.limit(2), Query.offset(3)], ['uranus', 'neptune'], 5],
  ['cursorAfter', [Query.limit(2), Query.cursorAfter('earth')], ['mars', 'uranus'], 5],
  ['cursorBefore', [Query.limit(2), Query.cursorBefore('uranus')], ['earth', 'mars'], 5],
  ['cursorAfter in an order', [Query.orderDesc('moons'), Query.cursorAfter('mars')], ['earth', 'mercury'], 5],
];

/** What is refused: a name for the test, the query and the exception's type where it is a special one. */
const REFUSED = [
  ['an unknown column', Query.equal('unknown', 1)],
  ['an order by an unknown column', Query.orderAsc('unknown')],
  ['a text for a number', Query.equal('moons', 'many')],
  ['a number for a text', Query.equal('name', 1)],
  ['a number for a boolean', Query.equal('rings', 1)],
  ['no date for a datetime', Query.greaterThan('found', 'yesterday')],
  ['a negative limit', Query.limit(-1)],
  ['an unknown cursor', Query.cursorAfter('none'), 'general_cursor_not_found'],
  ['search without an index for it', Query.search('name', 'Mars')],
  ['notSearch without an index for it', Query.notSearch('name', 'Mars')],
  ['a pattern that is none', Query.regex('name', '(')],
  ['a pattern that looks around', Query.regex('name', '(?=M)')],
  ['exists of an unknown column', Query.exists(['unknown'])],
  ['a relation of a text', Query.crosses('name', [[0, 0], [1, 1]])],
  ['a relation to no shape', Query.intersects('area', [1])],
  ['meters between others than points', Query.distanceLessThan('area', [1, 1], 5)],
  ['lessThan of a point', Query.lessThan('at', [1, 1])],
  ['an order by a point', Query.orderAsc('at')],
  ['vectorDot of no vector', Query.vectorDot('mass', [1, 2])],
  ['vectorCosine of no vector', Query.vectorCosine('mass', [1, 2])],
  ['vectorEuclidean of no vector', Query.vectorEuclidean('mass', [1, 2])],
  ['elemMatch of another column', Query.elemMatch('tags', [Query.equal('name', 'rock')])],
  ['elemMatch of no list', Query.elemMatch('name', [Query.equal('name', 'rock')])],
  ['elemMatch of nothing', Query.elemMatch('tags', [])],
  ['the best first without a search', Query.orderDesc('$relevance')],
  ['or of one', Query.or([Query.equal('name', 'Mars')])],
  ['startsWith of a number', Query.startsWith('moons', '1')],
  ['lessThan of an array', Query.lessThan('tags', 'a')],
];

describe('Query', { concurrency: false }, () => {
  let tables, documents, stranger;
  const list = (queries) => tables.listRows({ ...place, queries });

  before(async () => {
    const own = await project(await administrator());
    tables = new TablesDB(nodeClient(own, { key: own.key }));
    documents = new Databases(nodeClient(own, { key: own.key }));
    stranger = new TablesDB(nodeClient(own));
    await tables.create({ databaseId: place.databaseId, name: 'Planets' });
    await tables.createTable({
      ...place,
      name: 'Planets',
      columns: [
        { key: 'name', type: 'string', size: 20, required: true },
        { key: 'moons', type: 'integer', required: true },
        { key: 'mass', type: 'double', required: true },
        { key: 'rings', type: 'boolean', required: true },
        { key: 'found', type: 'datetime', required: false },
        { key: 'tags', type: 'string', size: 20, required: false, array: true },
        { key: 'about', type: 'text', required: false },
        { key: 'at', type: 'point', required: false },
        { key: 'path', type: 'linestring', required: false },
        { key: 'area', type: 'polygon', required: false },
      ],
      indexes: [
        { key: 'about', type: 'fulltext', attributes: ['about'] },
        { key: 'at', type: 'spatial', attributes: ['at'] },
      ],
    });
    for (const { $id, ...data } of ROWS) await tables.createRow({ ...place, rowId: $id, data });
  });

  for (const [name, queries, expected, total = expected.length] of CASES) {
    test(name, async () => {
      const found = await list(queries);
      same([found.total, found.rows.map(({ $id }) => $id)], [total, expected]);
    });
  }

  test('select', async () => {
    const [row] = (await list([Query.select(['name', 'moons']), Query.equal('name', 'Mars')])).rows;
    same([row.name, row.moons], ['Mars', 2]);
    for (const column of ['mass', 'rings', 'found', 'tags']) assert.ok(!(column in row), column);
  });

  test('orderRandom', async () => {
    const { rows } = await list([Query.orderRandom()]);
    same(rows.map(({ $id }) => $id).sort(), [...ALL].sort());
  });

  test('aggregates, written by hand', async () => {
    const ask = (method, attribute, values) => new Helpers(method, attribute, values).toString();
    same(await list([ask('count'), Query.equal('rings', false)]), { total: 1, rows: [{ $count: 3 }] });
    const found = await list([ask('groupBy', 'rings'), ask('count'), ask('sum', 'moons'), ask('avg', 'moons'), ask('max', 'name')]);
    same(found, {
      total: 2,
      rows: [
        { rings: false, $count: 3, $sum: { moons: 3 }, $avg: { moons: 1 }, $max: { name: 'Mercury' } },
        { rings: true, $count: 2, $sum: { moons: 44 }, $avg: { moons: 22 }, $max: { name: 'Uranus' } },
      ],
    });
    same((await list([ask('distinct', 'rings'), Query.limit(1), Query.offset(1)])).rows, [{ rings: true }]);
    for (const bad of [ask('sum', 'name'), ask('groupBy', 'tags'), ask('groupBy'), ask('avg', 'unknown')]) {
      await fails(() => list([bad]), 400, 'general_query_invalid');
    }
    await fails(() => list([ask('count'), Query.orderAsc('name')]), 400, 'general_query_invalid');
    const counted = await documents.listDocuments({ databaseId: 'planets', collectionId: 'planets', queries: [ask('count'), ask('min', 'mass')] });
    same(counted, { total: 1, documents: [{ $count: 5, $min: { mass: 0.055 } }] });
    await fails(() => stranger.listRows({ ...place, queries: [ask('count')] }), 401, 'user_unauthorized');
  });

  test('who made a row, in tables that keep it', async () => {
    const own = await project(await administrator());
    const headers = { 'x-appwrite-project': own.id, 'x-appwrite-key': own.key };
    const at = { databaseId: 'main', tableId: 'notes' };
    const keyed = new TablesDB(nodeClient(own, { key: own.key }));
    await keyed.create({ databaseId: 'main', name: 'Main' });
    const permissions = ['create("users")', 'read("any")', 'update("users")'];
    const made = await call('POST', '/tablesdb/main/tables', {
      headers,
      body: { tableId: 'notes', name: 'Notes', permissions, rowAuthors: true, columns: [{ key: 'text', type: 'string', size: 20 }] },
    });
    same([made.status, made.body.rowAuthors, made.body.columns.length, made.body.indexes.length], [201, true, 1, 0]);
    const [ada, bob] = [await person(own, 'ada'), await person(own, 'bob')];
    const of = ({ session }) => new TablesDB(nodeClient(own, { session }));
    const row = await of(ada).createRow({ ...at, rowId: 'one', data: { text: 'a', $createdBy: 'me' } });
    same([row.$createdBy, row.$updatedBy], [ada.id, ada.id]);
    const changed = await of(bob).updateRow({ ...at, rowId: 'one', data: { text: 'b' } });
    same([changed.$createdBy, changed.$updatedBy], [ada.id, bob.id]);
    await keyed.createRow({ ...at, rowId: 'two', data: { text: 'c' } });
    const ids = async (...queries) => (await keyed.listRows({ ...at, queries })).rows.map(({ $id }) => $id);
    same(await ids(Query.equal('$createdBy', ada.id)), ['one']);
    same(await ids(Query.isNull('$updatedBy')), ['two']);
    same(await ids(Query.orderDesc('$createdBy')), ['one', 'two']);
    const found = await new Databases(nodeClient(own, { key: own.key })).getDocument({ databaseId: 'main', collectionId: 'notes', documentId: 'one' });
    same(found.$updatedBy, bob.id);
    // An SDK that does not know the setting leaves it alone.
    same((await keyed.updateTable({ ...at, name: 'Notes', permissions })).rowAuthors, true);
    const off = await call('PUT', '/tablesdb/main/tables/notes', { headers, body: { name: 'Notes', permissions, rowAuthors: false } });
    same([off.status, 'rowAuthors' in off.body, 'columns' in off.body], [200, false, true]);
    assert.ok(!('$createdBy' in (await keyed.getRow({ ...at, rowId: 'one' }))));
    await fails(() => ids(Query.equal('$createdBy', ada.id)), 400, 'general_query_invalid');
  });

  after(() => {
    requireAll();
  });

  for (const [name, query, type = 'general_query_invalid'] of REFUSED) {
    test(`refused: ${name}`, async () => {
      await fails(() => list([query]), 400, type);
    });
  }
});
