// The first capabilities once per wire version, chosen by `X-Appwrite-Response-Format`.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Account, ID, Query, TablesDB, Teams, Users } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { fails, nodeClient, person } from '../lib/sdk.mjs';

describe('wire versions', { concurrency: false }, () => {
  let own;

  before(async () => {
    own = await project(await administrator());
  });

  for (const [format, sequence] of [['1.8.0', 'number'], ['1.9.5', 'string'], ['2.0.0', 'string']]) {
    test(format, async () => {
      const client = nodeClient(own, { key: own.key, format });
      const tables = new TablesDB(client);
      const place = { databaseId: `db-${format}`, tableId: 'things' };
      await tables.create({ databaseId: place.databaseId, name: 'D' });
      await tables.createTable({
        ...place,
        name: 'Things',
        columns: [{ key: 'size', type: 'integer', required: true }],
      });
      const row = await tables.createRow({ ...place, rowId: ID.unique(), data: { size: 3 } });
      assert.equal(typeof row.$sequence, sequence);
      const found = await tables.listRows({ ...place, queries: [Query.equal('size', [3])] });
      assert.deepEqual(found.rows.map(({ $id }) => $id), [row.$id]);
      await fails(() => tables.getRow({ ...place, rowId: 'none' }), 404, 'row_not_found');

      const ada = await person(own, 'ada');
      assert.equal((await new Users(client).get({ userId: ada.id })).email, ada.email);
      assert.equal((await new Account(nodeClient(own, { session: ada.session, format })).get()).$id, ada.id);
      const team = await new Teams(client).create({ teamId: ID.unique(), name: 'T' });
      assert.equal(team.total, 0);
    });
  }
});
