// The ratchet of SDK methods: methods.txt lists every method of the packages and marks those that the suites called
// with success. A mark is never lost.
//
// Imported, it records; run as a program (`node lib/methods.mjs check | update`), it compares or rewrites the list.

import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as appwriteConsole from '@appwrite.io/console';
import * as appwrite from 'appwrite';
import * as nodeAppwrite from 'node-appwrite';

import { requirePromised } from './models.mjs';

const PACKAGES = { '@appwrite.io/console': appwriteConsole, appwrite, 'node-appwrite': nodeAppwrite };
const FORMAT = 'X-Appwrite-Response-Format';
const LIST = new URL('../methods.txt', import.meta.url);
/** Exports that are classes but no services: nothing in them is a call to the server. */
const PLAIN = new Set(['AppwriteException', 'Client', 'ID', 'Operator', 'Permission', 'Query', 'Role', 'Realtime', 'Channel']);

/** Every service method of every package: `name` as the list has it, where it hangs, and the form of answers that it asks for. */
function* methods() {
  for (const [origin, exported] of Object.entries(PACKAGES)) {
    const format = new exported.Client().headers[FORMAT];
    for (const [service, type] of Object.entries(exported)) {
      if (typeof type !== 'function' || PLAIN.has(service)) continue;
      for (const method of Object.getOwnPropertyNames(type.prototype ?? {})) {
        if (method === 'constructor' || typeof type.prototype[method] !== 'function') continue;
        yield { name: `${origin} ${service}.${method}`, prototype: type.prototype, method, format };
      }
    }
  }
}

/** Note calls of every method, made in this process, that succeed; their answers must be what the packages promise. */
export function record(dir) {
  const seen = new Set();
  for (const { name, prototype, method, format } of methods()) {
    const original = prototype[method];
    prototype[method] = function recorded(...args) {
      const result = original.apply(this, args);
      const note = () => {
        if (!seen.has(name)) appendFileSync(join(dir, `${process.pid}`), `${name}\n`);
        seen.add(name);
      };
      if (typeof result?.then === 'function') {
        return result.then((value) => {
          note();
          // Suites that ask for older forms look at them themselves.
          if (this.client.headers?.[FORMAT] === format) requirePromised(name, value);
          return value;
        });
      }
      note();
      return result;
    };
  }
}

function called(dir) {
  const files = readdirSync(dir).map((file) => readFileSync(join(dir, file), 'utf8'));
  return new Set(files.join('').split('\n').filter(Boolean));
}

function main(mode, dir) {
  const now = called(dir);
  const all = [...methods()].map(({ name }) => name).sort();
  const text = `${all.map((name) => `[${now.has(name) ? 'x' : ' '}] ${name}`).join('\n')}\n`;
  const old = readFileSync(LIST, { encoding: 'utf8', flag: 'a+' });
  const marked = old.split('\n').filter((line) => line.startsWith('[x] ')).map((line) => line.slice(4));
  const lost = marked.filter((name) => !now.has(name));
  for (const name of lost) console.error(`no longer called: ${name}`);
  if (lost.length > 0) return 1;
  if (mode === 'update') writeFileSync(LIST, text);
  else if (old !== text) {
    const added = [...now].filter((name) => !marked.includes(name));
    for (const name of added) console.error(`newly called: ${name}`);
    console.error('tests/sdk/methods.txt is not fresh: run `cargo xtask sdk-test --update` and commit');
    return 1;
  }
  console.log(`${now.size} of ${all.length} SDK methods are called by the suites`);
  console.log('# pass 1');
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv[2], process.env.CAIRN_SDK_CALLS);
} else if (process.env.CAIRN_SDK_CALLS) {
  record(process.env.CAIRN_SDK_CALLS);
}
