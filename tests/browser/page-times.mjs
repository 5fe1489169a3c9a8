// Times the page of a report: node page-times.mjs <report.html> <chromium>. From an event to the end of the frame that shows it.
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const address = pathToFileURL(report).href;
const turns = 7;

function print(name, times) {
  const sorted = times.toSorted((a, b) => a - b);
  console.log(`| ${name} | ${Math.round(sorted[sorted.length >> 1])} ms | ${Math.round(sorted.at(-1))} ms |`);
}

const opened = [];
for (let i = 0; i < turns; i++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(address);
  await page.waitForSelector('.curve canvas');
  opened.push(await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))));
  await page.close();
}
print('opened, from the click to the table and all plots', opened);

const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(address);
await page.waitForSelector('.curve canvas');
await page.evaluate(() => {
  window.timed = (act) => new Promise((done) => {
    const start = performance.now();
    act();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  });
});
const timed = async (act) => {
  const times = [];
  for (let i = 0; i < turns; i++) times.push(await page.evaluate(act, i));
  return times;
};
print('sorted by a param', await timed(() => timed(() => document.querySelector('[data-key="sort params.learning_rate"]').click())));
print('a word searched for', await timed((i) => timed(() => {
  const input = document.getElementById('filter');
  input.value = ['sgd', 'adam'][i % 2];
  input.dispatchEvent(new Event('input', { bubbles: true }));
})));
await page.click('[data-key="chip search"]');
print('a brush moved', await timed((i) => timed(() => {
  const brush = document.querySelector('[data-key="brush params.learning_rate"]');
  const box = brush.getBoundingClientRect();
  const event = (type, y) => brush.dispatchEvent(new PointerEvent(type, { clientY: y, pointerId: 1, bubbles: true }));
  brush.setPointerCapture = () => {};
  event('pointerdown', box.top + 20);
  event('pointermove', box.top + 60 + 15 * i);
  event('pointerup', box.top + 60 + 15 * i);
})));
print('the table scrolled', await timed((i) => timed(() => document.querySelector('.runs-box').scrollTo(0, 3000 * (i % 3)))));
await browser.close();
