// What the packages promise: an answer has every member that the declaration of its model names, of the type that it says.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

/** Where a package keeps its declarations. */
const FOLDERS = { '@appwrite.io/console': 'types', appwrite: 'types', 'node-appwrite': 'dist' };
/** Documents and rows have what a project gives them and a query asks for. */
const OPEN = new Set(['Document', 'Row', 'Preferences']);
/** Models of Appwrite's cloud that are something simpler without its business, and members of others that are its own. */
const SIMPLER = { Organization: 'Team', OrganizationList: 'TeamList' };
const CLOUD = new Set(['Project.billingLimits', 'Database.policies', 'Database.archives']);
/** What once was answered with a model, as the package has it still, and today is with nothing. */
const EMPTY = new Set(['@appwrite.io/console Projects.deleteEmailTemplate']);

const packages = new Map();

/** The models of a package, and what its methods answer. */
function declarations(name) {
  if (!packages.has(name)) {
    const folder = new URL(`../node_modules/${name}/${FOLDERS[name]}/`, import.meta.url);
    const services = new URL('services/', folder);
    const files = readdirSync(services).filter((file) => file.endsWith('.d.ts'));
    const answers = files.flatMap((file) => answersOf(readFileSync(new URL(file, services), 'utf8')));
    packages.set(name, { models: modelsOf(readFileSync(new URL('models.d.ts', folder), 'utf8')), answers: new Map(answers) });
  }
  return packages.get(name);
}

/** Of each model the members that are always there. */
function modelsOf(text) {
  const found = text.matchAll(/^ {4}export type (\w+)(?:<[^{]*>)? = \{\n(.*?)^ {4}\};?$/gms);
  return new Map([...found].map(([, model, body]) => {
    const members = [...body.matchAll(/^ {8}(\$?\w+): (.+);$/gm)];
    return [model, members.map(([, member, type]) => ({ member, type }))];
  }));
}

/** Of each method of a service the type that it promises; a declaration may take several lines. */
function answersOf(text) {
  const service = /class (\w+)/.exec(text)?.[1];
  const [answers, lines] = [[], text.split('\n')];
  let method;
  for (const line of lines) {
    method = /^ {4}(\w+)[<(]/.exec(line)?.[1] ?? method;
    const type = /\): Promise<(.+)>;$/.exec(line)?.[1];
    if (type) answers.push([`${service}.${method}`, type]);
  }
  return answers;
}

/** What of `value` is not as `type` says. */
function* broken(models, type, value, path) {
  if (type.includes(' | ')) return;
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) yield `${path} is no list`;
    else for (const [at, item] of value.entries()) yield* broken(models, type.slice(0, -2), item, `${path}[${at}]`);
    return;
  }
  const name = type.replace(/^Models\./, '').replace(/<.*>$/, '');
  const model = SIMPLER[name] ?? name;
  if (['string', 'number', 'boolean'].includes(model)) {
    if (typeof value !== model) yield `${path} is ${value === null ? 'null' : `a ${typeof value}`} and no ${model}`;
  } else if (models.has(model) && !OPEN.has(model)) {
    for (const { member, type: inner } of models.get(model)) {
      if (CLOUD.has(`${model}.${member}`)) continue;
      if (value?.[member] === undefined) yield `${path}.${member} is missing`;
      else yield* broken(models, inner, value[member], `${path}.${member}`);
    }
  }
}

/** Require that the answer of a method, `<package> <Service>.<method>`, is what the package promises of it. */
export function requirePromised(name, value) {
  const [origin, method] = name.split(' ');
  const { models, answers } = declarations(origin);
  assert.ok(models.size > 50 && answers.size > 100, `${origin} has ${models.size} models and ${answers.size} methods`);
  const type = EMPTY.has(name) ? undefined : answers.get(method);
  if (type) assert.deepEqual([...broken(models, type, value, type)], [], `the answer of ${name}`);
}
