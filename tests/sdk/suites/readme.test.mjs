// The quick start of README.md as a reader does it: its program, with the three lines of their own project, prints what it says.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { administrator, project, unique } from '../lib/console.mjs';
import { endpoint } from '../lib/rest.mjs';

/** The fenced blocks of the README that follow the marker: the program, the command, the output. */
async function quickStart() {
  const text = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const after = text.split('<!-- quick-start:')[1];
  assert.ok(after, 'README.md marks its quick start');
  return [...after.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map((block) => block[1]);
}

/** `program` with the line that calls `method` saying `value`. */
function paste(program, method, value) {
  const line = new RegExp(`\\.${method}\\('[^']*'\\)`);
  assert.match(program, line);
  return program.replace(line, `.${method}('${value}')`);
}

test('the program in README.md prints what README.md says', async (context) => {
  const [program, command, expected] = await quickStart();
  assert.equal(command, 'node books.mjs\n');
  const own = await project(await administrator());
  const pasted = [['setEndpoint', endpoint], ['setProject', own.id], ['setKey', own.key]].reduce(
    (text, [method, value]) => paste(text, method, value),
    program,
  );
  // Inside the package, so that `node-appwrite` is found where it is installed.
  const file = fileURLToPath(new URL(`../${unique('readme')}.tmp.mjs`, import.meta.url));
  context.after(() => rm(file, { force: true }));
  await writeFile(file, pasted);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 30_000 });
  assert.equal(stdout, expected);
});
