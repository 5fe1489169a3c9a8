// Bundles what libraries.js names into page.min.js, below the licences of all that is in it: npm ci && npm run build
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const bundle = await build({
  entryPoints: ['libraries.js'], bundle: true, minify: true, write: false, metafile: true,
  format: 'iife', globalName: 'lib', target: 'es2022', loader: { '.css': 'text' }, legalComments: 'none', charset: 'ascii',
});
const names = [...new Set(Object.keys(bundle.metafile.inputs)
  .map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter(Boolean))].sort();
const licences = names.map((name) => {
  const directory = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
  const file = readdirSync(directory).find((one) => /^licen[cs]e/i.test(one));
  return `${name}@${version} (${license})\n${file ? readFileSync(`${directory}/${file}`, 'utf8').trim() : ''}\n`;
});
writeFileSync('page.min.js', `/*\n${licences.join('\n').replaceAll('\r', '')}*/\n${bundle.outputFiles[0].text.replaceAll('<!--', '\\x3c!--')}`);
