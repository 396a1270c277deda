// Gathers what pages load: styles, scripts and icons, each compressed as small as it gets. Run by the build:
//   node build.mjs <folder of the npm packages> <folder to write to>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [packages, target] = process.argv.slice(2);
const own = dirname(fileURLToPath(import.meta.url));
const fromNpm = name => readFileSync(join(packages, 'node_modules', name), 'utf8').replace(/\n?\/[/*][#@]\s*sourceMappingURL=[^\n]*/g, '');
const icons = readFileSync(join(own, 'icons.txt'), 'utf8').split(/\s+/).filter(Boolean);

const files = {
  'tabler.css': fromNpm('@tabler/core/dist/css/tabler.min.css'),
  'tabler.rtl.css': fromNpm('@tabler/core/dist/css/tabler.rtl.min.css'),
  'htmx.js': fromNpm('htmx.org/dist/htmx.min.js'),
  'icons.svg': sprite(),
};
for (const name of ['topup.css', 'topup.js', 'theme.js', 'frame.js', 'embed.js']) files[name] = readFileSync(join(own, name), 'utf8');

mkdirSync(target, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const bytes = Buffer.from(text, 'utf8');
  writeFileSync(join(target, name + '.br'), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  writeFileSync(join(target, name + '.gz'), gzipSync(bytes, { level: 9 }));
}

// One file with every icon that a page names, so that a page asks for it once.
function sprite() {
  const symbols = icons.map(name => {
    const svg = fromNpm(`@tabler/icons/icons/outline/${name}.svg`);
    const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
