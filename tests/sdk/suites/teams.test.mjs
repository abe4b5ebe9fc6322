// Permissions between two users and a team, with the web package outside of a browser (`client.setSession`).

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, Databases, ID, Permission, Role } from 'appwrite';
import * as node from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { fails, nodeClient, person, webClient } from '../lib/sdk.mjs';

const place = { databaseId: 'office', collectionId: 'papers' };

describe('two users and a team', { concurrency: false }, () => {
  let own, server, teams;
  let ada, bob;

  before(async () => {
    own = await project(await administrator());
    server = new node.Databases(nodeClient(own, { key: own.key }));
    teams = new node.Teams(nodeClient(own, { key: own.key }));
    await server.create({ databaseId: place.databaseId, name: 'Office' });
    await server.createCollection({
      ...place,
      name: 'Papers',
      permissions: [Permission.create(Role.users())],
      documentSecurity: true,
      attributes: [{ key: 'title', type: 'string', size: 100, required: true }],
    });
    [ada, bob] = await Promise.all([person(own, 'ada'), person(own, 'bob')]);
    for (const user of [ada, bob]) user.databases = new Databases(webClient(own, { session: user.session }));
  });

  test('a session obtained by a key signs in', async () => {
    const me = await new Account(webClient(own, { session: ada.session })).get();
    assert.deepEqual([me.$id, me.email, me.name], [ada.id, ada.email, 'ada']);
    await fails(() => new Account(webClient(own)).get(), 401, 'general_unauthorized_scope');
  });

  test('a document is its owner\'s until it is shared with a team', async () => {
    const documentId = 'secret';
    await ada.databases.createDocument({ ...place, documentId, data: { title: 'Ada only' } });
    const read = () => bob.databases.getDocument({ ...place, documentId });
    await fails(read, 404, 'document_not_found');
    assert.equal((await bob.databases.listDocuments(place)).total, 0);

    await teams.create({ teamId: 'editors', name: 'Editors' });
    for (const [user, roles] of [[ada, ['owner']], [bob, ['reader']]]) {
      await teams.createMembership({ teamId: 'editors', roles, userId: user.id });
    }
    await ada.databases.updateDocument({
      ...place,
      documentId,
      permissions: [Permission.read(Role.team('editors')), Permission.update(Role.team('editors', 'owner'))],
    });
    assert.equal((await read()).title, 'Ada only');
    const change = () => bob.databases.updateDocument({ ...place, documentId, data: { title: 'Bob was here' } });
    await fails(change, 401, 'user_unauthorized');
    assert.equal((await bob.databases.listDocuments(place)).total, 1);
  });

  test('leaving the team ends what it gave, at once', async () => {
    const { memberships } = await teams.listMemberships({ teamId: 'editors' });
    const { $id: membershipId } = memberships.find(({ userId }) => userId === bob.id);
    await teams.deleteMembership({ teamId: 'editors', membershipId });
    await fails(() => bob.databases.getDocument({ ...place, documentId: 'secret' }), 404, 'document_not_found');
  });

  test('nobody grants a role that they do not hold', async () => {
    const permissions = [Permission.read(Role.user(ada.id))];
    const give = () => bob.databases.createDocument({ ...place, documentId: ID.unique(), data: { title: 't' }, permissions });
    await fails(give, 401, 'user_unauthorized');
  });
});
