// Takes pictures of a report: node report.mjs <report.html> <directory> <chromium>
import { pathToFileURL } from 'node:url';
import { chromium } from '../../tests/node_modules/playwright-core/index.mjs';

const [report, directory, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--hide-scrollbars', '--font-render-hinting=none'] });

async function take(name, { state = '', width = 1280, height = 1180, dark = false, before = async () => {} }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', offline: true });
  await page.goto(pathToFileURL(report).href + state);
  await page.waitForSelector('#made');
  // Neither the address of a temporary directory nor today.
  await page.evaluate(() => {
    document.querySelector('#about bdi').textContent = 's3://animals';
    document.querySelector('#about time').textContent = '2026-11-12 09:00:00';
  });
  await before(page);
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${directory}/${name}.png` });
  await page.close();
}

const hover = async (page) => {
  const box = await page.locator('.canvas .u-over').first().boundingBox();
  await page.mouse.move(box.x + 300, box.y + 90);
  await page.mouse.move(box.x + 190, box.y + 90);
};
const chooseBest = async (page) => {
  for (const row of [0, 1, 2]) await page.locator('.runs tbody input').nth(row).check();
};
await take('report', { height: 1420, before: async (page) => { await chooseBest(page); await hover(page); } });
await take('report-dark', { dark: true, state: '#group=params.optimizer&filter=params.learning_rate+>%3D+0.001&metric=val_loss&metric=accuracy', height: 1330 });
await take('report-phone', { width: 390, height: 844 });
await take('report-compare', { height: 760, before: async (page) => { await chooseBest(page); await page.click('a.button'); } });
await browser.close();
