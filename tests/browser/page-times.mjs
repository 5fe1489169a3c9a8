// Times the page of a report: node page-times.mjs <report.html> <chromium>. For each thing done: from its event to the frame that shows it,
// and what the page's thread works for it in all, plots included, which a busy machine changes little.
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const turns = 7;

async function newPage() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => 1000 * (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  return { page, worked };
}

async function open() {
  const { page, worked } = await newPage();
  await page.goto(pathToFileURL(report).href);
  await page.waitForSelector('.curve canvas');
  const seen = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))));
  return { page, worked, seen };
}

const middle = (numbers) => Math.round(numbers.toSorted((a, b) => a - b)[numbers.length >> 1]);
const print = (name, times) => console.log(`| ${name} | ${middle(times.map(({ seen }) => seen))} ms | ${middle(times.map(({ work }) => work))} ms |`);

const opened = [];
for (let i = 0; i < turns; i++) {
  const { page, worked, seen } = await open();
  opened.push({ seen, work: await worked() });
  await page.close();
}
print('opened, to the table and all plots', opened);

const { page, worked } = await open();
await page.evaluate(() => {
  window.timed = (act) => new Promise((done) => {
    const start = performance.now();
    act();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  });
  window.type = (text) => {
    const input = document.getElementById('filter');
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  window.brush = (place) => {
    const brush = document.querySelector('[data-key="brush params.learning_rate"]');
    const { top } = brush.getBoundingClientRect();
    brush.setPointerCapture = () => {};
    const send = (type, y) => brush.dispatchEvent(new PointerEvent(type, { clientY: y, pointerId: 1, bubbles: true }));
    send('pointerdown', top + 20);
    send('pointermove', top + place);
    send('pointerup', top + place);
  };
});
async function time(name, act) {
  const times = [];
  for (let i = 0; i < turns; i++) {
    const before = await worked();
    const seen = await page.evaluate(act, i);
    await page.waitForTimeout(400);
    times.push({ seen, work: await worked() - before });
  }
  print(name, times);
}
await time('sorted by a param', () => timed(() => document.querySelector('[data-key="sort params.learning_rate"]').click()));
await time('a word searched for', (i) => timed(() => type(['sgd', 'adam'][i % 2])));
await page.evaluate(() => type(''));
await time('a brush moved', (i) => timed(() => brush(60 + 15 * i)));
await time('the table scrolled', (i) => timed(() => document.querySelector('.runs-box').scrollTo(0, 3000 * (i % 3))));
await browser.close();
