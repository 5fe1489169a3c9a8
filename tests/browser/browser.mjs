// A Chromium without a network, for tests. A line of JSON asks for something, a line with the same id answers:
//   {"id": 1, "open": "/a/page.html", "options": {…}}            options of a Playwright context; answers the page's number
//   {"id": 2, "page": 1, "call": "keyboard.press", "with": […]}  any method of a Playwright page, by its path
//   {"id": 3, "page": 1}                                         answers what went wrong so far
//   {"id": 4, "page": 1, "call": "close"}
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: process.argv[2],
  // Text as on any other machine with the same font; a container's root has no sandbox.
  args: ['--no-sandbox', '--font-render-hinting=none', '--disable-lcd-text', '--disable-font-subpixel-positioning', '--hide-scrollbars'],
});
const pages = [];

async function open(file, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on('console', message => ['error', 'warning', 'assert'].includes(message.type()) && problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => problems.push(`thrown: ${error.stack ?? error}`));
  page.on('dialog', dialog => { problems.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
  page.on('request', request => /^(file|data|blob|about):/.test(request.url()) || problems.push(`request: ${request.url()}`));
  page.on('requestfailed', request => problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.once('close', () => context.close());
  await page.goto(file === 'about:blank' ? file : pathToFileURL(file).href);
  return pages.push({ page, problems });
}

async function answer(request) {
  if (request.open) {
    return open(request.open, request.options);
  }

  const { page, problems } = pages[request.page - 1];
  if (!request.call) {
    return problems;
  }

  const path = request.call.split('.');
  const method = path.pop();
  const owner = path.reduce((object, name) => object[name], page);
  const result = await owner[method](...request.with ?? []);
  return Buffer.isBuffer(result) ? result.toString('base64') : result;
}

console.log('ready');
createInterface({ input: process.stdin }).on('line', async line => {
  const request = JSON.parse(line);
  let reply;
  try {
    reply = JSON.stringify({ id: request.id, result: await answer(request) ?? null });
  } catch (error) {
    reply = JSON.stringify({ id: request.id, error: error.message });
  }
  console.log(reply);
}).on('close', () => browser.close().then(() => process.exit()));
