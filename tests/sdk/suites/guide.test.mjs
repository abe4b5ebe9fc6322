// The examples of the guide as a reader runs them: every block of JavaScript of a page, in its order, with the official SDK
// against a project that has what the page takes for granted. Where a comment behind a call says what comes of it, that comes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { PAGES } from '../lib/guide.mjs';

const AsyncFunction = (async () => {}).constructor;

/** The blocks of JavaScript of a page, without what they import. */
async function blocks(page) {
  const text = await readFile(new URL(`../../../docs/guide/${page}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((block) => block[1].replace(/^import .*\n/gm, ''));
}

/**
 * The block with its promises in code: a call with comment lines behind it that show a value becomes a check. What the
 * block declares is kept for the blocks behind it.
 */
function executable(block) {
  const done = [];
  const lines = block.split('\n');
  while (lines.length > 0) {
    const statement = [lines.shift()];
    while (lines.length > 0 && /^[\s})\]]/.test(lines[0])) statement.push(lines.shift());
    const shown = [];
    while (/^\/\/ [[{]/.test(lines[0] ?? '') || (shown.length > 0 && /^\/\/ /.test(lines[0] ?? ''))) shown.push(lines.shift().slice(3));
    const code = statement.join('\n').trimEnd();
    const isCall = code.startsWith('await ') && shown.length > 0;
    done.push(isCall ? `await check(${code.replace(/;$/, '')}, ${JSON.stringify(shown.join(' '))});` : kept(code));
  }
  return done.join('\n');
}

/** A declaration in a scope that lasts. */
function kept(statement) {
  const parts = /^const \{ ([^}]+) \} = ([\s\S]*);$/.exec(statement);
  if (!parts) return statement.replace(/^const (\w+) = /, 'scope.$1 = ');
  const names = parts[1].split(', ').map((name) => name.replace(/(?:(.+): )?(\w+)$/, (_, key, own) => `${key ?? own}: scope.${own}`));
  return `({ ${names.join(', ')} } = ${parts[2]});`;
}

/** Compare what came with what a page shows; `..` stands for more members. */
function check(value, promise) {
  const expected = new AsyncFunction(`return (${promise.replaceAll(/,? ?\.\.(?=[ ,}\]])/g, '')});`)();
  return expected.then((shown) => compare(rows(value, shown), shown, promise));
}

/** A list is shown without what is around it. */
function rows(value, shown) {
  if (!Array.isArray(shown)) return value;
  return value.rows ?? value.documents ?? value.indexes ?? value.logs ?? value;
}

function compare(value, shown, about) {
  if (Array.isArray(shown)) {
    assert.equal(value?.length, shown.length, `${about}: ${JSON.stringify(value)}`);
    shown.forEach((item, place) => compare(value[place], item, about));
  } else if (shown !== null && typeof shown === 'object') {
    for (const [key, item] of Object.entries(shown)) compare(value?.[key], item, `${about}: ${key} of ${JSON.stringify(value)}`);
  } else {
    assert.deepEqual(value, shown, about);
  }
}

for (const [page, prepare] of Object.entries(PAGES)) {
  describe(`docs/guide/${page}.md`, { concurrency: false }, async () => {
    const all = await blocks(page);
    const scope = {};
    let world;
    test('has examples', async () => {
      assert.ok(all.length > 0);
      world = await prepare();
      Object.assign(scope, world.names);
    });
    for (const [place, block] of all.entries()) {
      test(block.split('\n').find((line) => line.trim() && !line.startsWith('//')) ?? `block ${place}`, async () => {
        const run = new AsyncFunction('scope', 'check', `with (scope) {\n${executable(block)}\n}`);
        await run(scope, check);
        await world.settle();
      });
    }
  });
}
