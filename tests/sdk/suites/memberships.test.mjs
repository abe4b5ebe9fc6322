// Teams, with every package: teams, their preferences and memberships, by those who run the project and by its people.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Teams } from 'node-appwrite';

import { administrator, project } from '../lib/console.mjs';
import { CLIENTS, MANAGERS, fails, has, nodeClient, person, same } from '../lib/sdk.mjs';

for (const { name, sdk, manage } of MANAGERS) {
  describe(`Teams of a project, by ${name}`, { concurrency: false }, () => {
    let own, teams, ada;

    before(async () => {
      own = await project(await administrator());
      teams = new sdk.Teams(manage(own));
      ada = await person(own, 'ada');
    });

    test('whoever runs the project makes and changes teams', async () => {
      const teamId = 'makers';
      const made = await teams.create({ teamId, name: 'Makers', roles: ['owner'] });
      has(made, { $id: teamId, name: 'Makers', total: 0, prefs: {} });
      await fails(() => teams.create({ teamId, name: 'Again' }), 409, 'team_already_exists');
      assert.equal((await teams.updateName({ teamId, name: 'Builders' })).name, 'Builders');
      assert.equal((await teams.get({ teamId })).name, 'Builders');
      same(await teams.updatePrefs({ teamId, prefs: { color: 'red' } }), { color: 'red' });
      same(await teams.getPrefs({ teamId }), { color: 'red' });
      await teams.create({ teamId: sdk.ID.unique(), name: 'Others' });
      const found = await teams.list({ queries: [sdk.Query.equal('name', 'Builders')] });
      same([found.total, found.teams[0].$id], [1, teamId]);
      same((await teams.list({ search: 'Others' })).teams.map(({ name }) => name), ['Others']);
    });

    test('memberships are joined at once', async () => {
      const teamId = 'makers';
      const made = await teams.createMembership({ teamId, roles: ['writer'], userId: ada.id });
      has(made, { userId: ada.id, userEmail: ada.email, teamId, teamName: 'Builders', roles: ['writer'], confirm: true });
      const membershipId = made.$id;
      same((await teams.getMembership({ teamId, membershipId })).roles, ['writer']);
      same((await teams.updateMembership({ teamId, membershipId, roles: ['owner', 'x'] })).roles, ['owner', 'x']);
      const list = await teams.listMemberships({ teamId, queries: [sdk.Query.equal('userId', ada.id)] });
      same([list.total, list.memberships[0].$id], [1, membershipId]);
      assert.equal((await teams.get({ teamId })).total, 1);
      await fails(() => teams.getMembership({ teamId, membershipId: 'none' }), 404, 'membership_not_found');
      await teams.deleteMembership({ teamId, membershipId });
      await fails(() => teams.getMembership({ teamId, membershipId }), 404, 'membership_not_found');
      await teams.delete({ teamId });
      await fails(() => teams.get({ teamId }), 404, 'team_not_found');
    });
  });
}

for (const { name, sdk, connect } of CLIENTS) {
  describe(`Teams of people, by ${name}`, { concurrency: false }, () => {
    test('a user owns the team that the user makes', async () => {
      const own = await project(await administrator());
      const server = new Teams(nodeClient(own, { key: own.key }));
      const [ada, bob] = await Promise.all([person(own, 'ada'), person(own, 'bob')]);
      const [mine, theirs] = [ada, bob].map(({ session }) => new sdk.Teams(connect(own, { session })));
      const team = await mine.create({ teamId: sdk.ID.unique(), name: 'Ada and friends' });
      const teamId = team.$id;
      assert.equal((await mine.get({ teamId })).name, 'Ada and friends');
      same((await mine.list()).teams.map(({ $id }) => $id), [teamId]);
      await fails(() => theirs.get({ teamId }), 404, 'team_not_found');
      assert.equal((await theirs.list()).total, 0);

      const joined = await server.createMembership({ teamId, roles: ['guest'], userId: bob.id });
      assert.equal((await theirs.get({ teamId })).total, 2);
      await fails(() => theirs.updateName({ teamId, name: 'Bob' }), 401, 'user_unauthorized');
      assert.equal((await mine.updateName({ teamId, name: 'Friends' })).name, 'Friends');
      same(await mine.updatePrefs({ teamId, prefs: { a: 1 } }), { a: 1 });
      same(await theirs.getPrefs({ teamId }), { a: 1 });
      const membershipId = joined.$id;
      same((await mine.updateMembership({ teamId, membershipId, roles: ['friend'] })).roles, ['friend']);
      same((await theirs.getMembership({ teamId, membershipId })).roles, ['friend']);
      assert.equal((await theirs.listMemberships({ teamId })).total, 2);
      await theirs.deleteMembership({ teamId, membershipId });
      await fails(() => theirs.get({ teamId }), 404, 'team_not_found');
      await mine.delete({ teamId });
      assert.equal((await mine.list()).total, 0);
    });
  });
}
