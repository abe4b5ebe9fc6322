// Documents and rows that relate to others, with the official packages in both vocabularies.

import { before, describe, test } from 'node:test';

import * as web from 'appwrite';
import * as node from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { until } from '../lib/rest.mjs';
import { fails, has, nodeClient, person, same, webClient } from '../lib/sdk.mjs';
import { DOCUMENTS, TABLES } from '../lib/vocabulary.mjs';

const { Permission, Query, RelationMutate, RelationshipType, Role } = node;

for (const words of [DOCUMENTS, TABLES]) {
  const { service, things, field, item, thingsId, itemId, fields, items, security } = words;
  const lower = (word) => word.toLowerCase();
  describe(`relationships of ${service}`, { concurrency: false }, () => {
    const databaseId = 'library';
    const at = (thing) => ({ databaseId, [thingsId]: thing });
    let own, api;
    const column = (method, thing, key, rest) => api[method]({ ...at(thing), key, ...rest });
    const create = (thing, id, data, rest) => api[`create${item}`]({ ...at(thing), [itemId]: id, data, ...rest });
    const update = (thing, id, data) => api[`update${item}`]({ ...at(thing), [itemId]: id, data });
    const get = (thing, id, ...selected) => api[`get${item}`]({
      ...at(thing), [itemId]: id, queries: selected.length ? [Query.select(selected)] : undefined,
    });
    const find = async (thing, ...queries) => (await api[`list${item}s`]({ ...at(thing), queries }))[items].map(({ $id }) => $id);
    const remove = (thing, id) => api[`delete${item}`]({ ...at(thing), [itemId]: id });
    const relate = async (thing, related, key, type, rest) => {
      const made = await api[`createRelationship${field}`]({
        ...at(thing), [`related${things}Id`]: related, type, key, ...rest,
      });
      await until(
        () => column(`get${field}`, thing, key),
        ({ status }) => status === 'available',
        key,
      );
      return made;
    };

    before(async () => {
      own = await project(await administrator());
      api = new node[service](nodeClient(own, { key: own.key }));
      await api.create({ databaseId, name: 'Library' });
      for (const thing of ['books', 'authors', 'tags', 'shelves']) {
        await api[`create${things}`]({
          ...at(thing),
          name: thing,
          permissions: [Permission.read(Role.users())],
          [fields]: [{ key: 'name', type: 'string', size: 40 }],
        });
      }
    });

    test('are made, told of, changed and refused', async () => {
      const rest = { twoWay: true, twoWayKey: 'books', onDelete: RelationMutate.SetNull };
      const made = await relate('books', 'authors', 'author', RelationshipType.ManyToOne, rest);
      const told = {
        key: 'author', type: 'relationship', required: false, array: false, [`related${things}`]: 'authors',
        relationType: 'manyToOne', twoWay: true, twoWayKey: 'books', onDelete: 'setNull', side: 'parent',
      };
      has(made, { ...told, status: 'processing' });
      has(await column(`get${field}`, 'books', 'author'), told);
      const listed = await api[`list${field}s`]({ ...at('authors'), queries: [Query.equal('type', 'relationship')] });
      has(listed[fields][0], { ...told, key: 'books', [`related${things}`]: 'books', twoWayKey: 'author', side: 'child' });
      await relate('books', 'tags', 'tags', RelationshipType.ManyToMany, { twoWay: true, twoWayKey: 'books', onDelete: RelationMutate.SetNull });
      await relate('shelves', 'books', 'books', RelationshipType.OneToMany, { onDelete: RelationMutate.Restrict });
      await relate('books', 'books', 'sequel', RelationshipType.OneToOne, { onDelete: RelationMutate.Cascade });
      const again = () => relate('books', 'authors', 'Author', RelationshipType.ManyToOne);
      await fails(again, 409, `${lower(field)}_already_exists`);
      await fails(() => relate('books', 'nothing', 'x', RelationshipType.OneToOne), 404, `${lower(things)}_not_found`);
      const changed = await column(`updateRelationship${field}`, 'authors', 'books', { onDelete: RelationMutate.Cascade });
      has(changed, { key: 'books', onDelete: 'cascade' });
      has(await column(`get${field}`, 'books', 'author'), { onDelete: 'cascade' });
      await column(`updateRelationship${field}`, 'books', 'author', { onDelete: RelationMutate.SetNull, newKey: 'writer' });
      has(await column(`get${field}`, 'authors', 'books'), { twoWayKey: 'writer', onDelete: 'setNull' });
      await column(`updateRelationship${field}`, 'books', 'writer', { newKey: 'author' });
      const wrong = () => column(`updateRelationship${field}`, 'books', 'name', { onDelete: RelationMutate.Cascade });
      await fails(wrong, 400, `${lower(field)}_type_invalid`);
      const guest = new node[service](nodeClient(own));
      await fails(() => guest[`createRelationship${field}`]({ ...at('books'), [`related${things}Id`]: 'tags', type: 'oneToOne' }), 401, 'general_unauthorized_scope');
    });

    test('are written and read through each other', async () => {
      const made = await create('books', 'emma', {
        name: 'Emma',
        author: { $id: 'austen', name: 'Jane Austen' },
        tags: [{ $id: 'novel', name: 'novel' }, { $id: 'england', name: 'england' }],
      });
      has(made.author, { $id: 'austen', name: 'Jane Austen', $databaseId: databaseId, [`$${thingsId}`]: 'authors' });
      same(made.tags.map(({ name }) => name), ['novel', 'england']);
      await create('books', 'persuasion', { name: 'Persuasion', author: 'austen', tags: ['novel'], sequel: 'emma' });
      has(await get('books', 'persuasion'), { author: 'austen', sequel: 'emma', tags: undefined });
      has(await get('authors', 'austen'), { name: 'Jane Austen', books: undefined });
      const author = await get('authors', 'austen', 'name', 'books.name', 'books.tags.name');
      same(author.books.map(({ name, tags }) => [name, tags.map((tag) => tag.name)]), [
        ['Emma', ['novel', 'england']],
        ['Persuasion', ['novel']],
      ]);
      has(await get('books', 'emma', '*', 'author.name'), { name: 'Emma', tags: undefined });
      same(await find('books', Query.equal('author.name', ['Jane Austen']), Query.equal('tags.name', ['england'])), ['emma']);
      same(await find('authors', Query.startsWith('books.name', 'Pers')), ['austen']);
      same(await find('books', Query.equal('author', ['austen']), Query.isNotNull('sequel')), ['persuasion']);
      same(await find('books', Query.isNull('sequel')), ['emma']);
      await fails(() => find('authors', Query.equal('books', ['emma'])), 400, 'general_query_invalid');
      const moved = await update('shelves', 'none', { name: 'x' }).catch(({ code }) => code);
      same(moved, 404);
      await create('shelves', 'top', { name: 'top', books: ['emma', 'persuasion'] });
      await create('shelves', 'low', { name: 'low', books: ['emma'] });
      same((await get('shelves', 'top', 'books.$id')).books.map(({ $id }) => $id), ['persuasion']);
      const changed = await update('books', 'emma', { author: null, tags: ['england'] });
      same([changed.author, changed.tags.map(({ $id }) => $id)], [null, ['england']]);
      has(await update('books', 'emma', { author: { $id: 'austen', name: 'J. Austen' } }), { name: 'Emma' });
      has(await get('authors', 'austen'), { name: 'J. Austen' });
      await fails(() => update('books', 'emma', { author: ['austen'] }), 400, 'relationship_value_invalid');
      await fails(() => update('books', 'emma', { tags: 'novel' }), 400, 'relationship_value_invalid');
      const upserted = await api[`upsert${item}`]({ ...at('books'), [itemId]: 'emma', data: { name: 'Emma', tags: [] } });
      same(upserted.tags, []);
    });

    test('are deleted as the rule says', async () => {
      await fails(() => remove('shelves', 'low'), 403, `${lower(item)}_delete_restricted`);
      await remove('authors', 'austen');
      has(await get('books', 'emma'), { author: null });
      await remove('books', 'persuasion');
      await fails(() => get('books', 'emma'), 404, `${lower(item)}_not_found`);
      await remove('shelves', 'low');
      await api[`delete${field}`]({ ...at('authors'), key: 'books' });
      const gone = ({ total }) => total === 3;
      await until(() => api[`list${field}s`](at('books')), gone, 'deletion');
      await api[`delete${things}`](at('tags'));
      same((await api[`list${field}s`](at('books')))[fields].map(({ key }) => key), ['name', 'sequel']);
    });

    test('show a user what it may read, with the package appwrite', async () => {
      await api[`update${things}`]({ ...at('authors'), name: 'authors', permissions: [], [security]: true });
      await relate('books', 'authors', 'author', RelationshipType.ManyToOne, { onDelete: RelationMutate.SetNull });
      const ada = await person(own, 'ada');
      const hers = new web[service](webClient(own, { session: ada.session }));
      const author = (id, ...permissions) => create('authors', id, { name: 'A' }, { permissions });
      await author('shown', Permission.read(Role.user(ada.id)));
      await author('hidden');
      await create('books', 'one', { name: '1', author: 'shown' });
      await create('books', 'two', { name: '2', author: 'hidden' });
      const seen = await hers[`list${item}s`]({ ...at('books'), queries: [web.Query.select(['*', 'author.*'])] });
      same(seen[items].map(({ author }) => author?.$id ?? null), ['shown', null]);
      const found = await hers[`list${item}s`]({ ...at('books'), queries: [web.Query.equal('author.name', ['A'])] });
      same([found.total, found[items].map(({ author }) => author)], [1, ['shown']]);
      has(await hers[`get${item}`]({ ...at('books'), [itemId]: 'two' }), { author: null });
      const link = () => hers[`update${item}`]({ ...at('books'), [itemId]: 'one', data: { author: null } });
      await fails(link, 401, 'user_unauthorized');
    });
  });
}
