// The helper classes of the SDKs (`Query`, `Operator`), watched: which of their static methods a suite has called.

import assert from 'node:assert/strict';

import * as consoleSdk from '@appwrite.io/console';
import * as web from 'appwrite';
import * as node from 'node-appwrite';

/** Static methods, however the class declares them. */
function helpers(type) {
  const isMethod = (name) => typeof type[name] === 'function' && type[name].prototype === undefined;
  return Object.getOwnPropertyNames(type).filter((name) => !['length', 'name', 'prototype'].includes(name) && isMethod(name));
}

/**
 * A class of `node-appwrite` that notes what is called, and a function that requires that every helper was, of
 * those that any of the packages has.
 */
export function watched(name, least) {
  const called = new Set();
  const type = new Proxy(node[name], {
    get(target, member) {
      called.add(member);
      return target[member];
    },
  });
  const requireAll = () => {
    const all = new Set([node, web, consoleSdk].flatMap((sdk) => helpers(sdk[name])));
    assert.ok(all.size >= least, `${name} has ${all.size} helpers`);
    assert.deepEqual([...all].filter((helper) => !called.has(helper)), [], `helpers of ${name} that no test calls`);
  };
  return [type, requireAll];
}
