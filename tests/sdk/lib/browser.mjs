// A real browser (Debian's Chromium) with the web package as a page loads it.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { chromium } from 'playwright-core';

import { endpoint } from './rest.mjs';

const PAGE = '<!doctype html><title>suite</title><script src="/appwrite.js"></script>';

/** The bundle that a script tag loads; it defines the global `Appwrite`. */
function bundle() {
  const main = createRequire(import.meta.url).resolve('appwrite');
  return readFileSync(join(dirname(main), '..', 'iife', 'sdk.js'));
}

/**
 * Start a browser and a server of pages on loopback. `page(host)` opens the page below `http://host:port` in a profile of
 * its own: `127.0.0.1` is the same site as the server under test, `localhost` another one.
 */
export async function openBrowser() {
  const sdk = bundle();
  const pages = createServer((request, response) => {
    const isScript = request.url === '/appwrite.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? sdk : PAGE);
  });
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  const { port } = pages.address();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    async page(host) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://${host}:${port}/`);
      return page;
    },
    async close() {
      await browser.close();
      await new Promise((resolve) => pages.close(resolve));
    },
  };
}

/**
 * Run `work(sdk, argument)` in the page, where `sdk` has the package's exports and a `client` for the project. An exception of
 * the package comes back as `{ error: { name, code, type, message } }`, anything else as `{ value }`.
 */
export async function inPage(page, project, work, argument) {
  return page.evaluate(
    async ([source, endpoint, projectId, argument]) => {
      const { Appwrite } = globalThis;
      const client = new Appwrite.Client().setEndpoint(endpoint).setProject(projectId);
      try {
        const value = await new Function(`return (${source})`)()({ ...Appwrite, client }, argument);
        return { value };
      } catch (error) {
        const { name, code, type, message } = error;
        return { error: { name, code, type, message } };
      }
    },
    [work.toString(), endpoint, project.id, argument],
  );
}
