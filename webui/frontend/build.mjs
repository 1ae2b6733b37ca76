// Builds what the browser runs: one bundle per page kind, named by content, listed in manifest.json.
// A second, separate bundle gives the engine its FEEL evaluator (it runs in an isolate, not in a browser).
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const dist = join(root, 'webui', 'static', 'dist');
const feelEntry = join(root, 'engine', 'notation', 'feel', 'entry.js');
const feelOut = join(root, 'engine', 'notation', 'feel', 'dist', 'feel.js');
const PAGES = ['app', 'viewer', 'modeler', 'dmn', 'diff'];
// Packages that publish no licence file, and what they carry inside.
const HOLDERS = {
  '@tabler/core': 'Copyright 2018-2026 The Tabler Authors\nIt contains Bootstrap, Copyright 2011-2025 The Bootstrap Authors (MIT), '
    + 'and Popper, Copyright 2019 Federico Zivolo (MIT).',
};

/** CodeMirror writes a <style> into the page, which a strict content policy forbids; an adopted sheet is allowed. */
const adoptedStyles = {
  name: 'adopted-styles',
  setup({ onLoad }) {
    onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets');
      if (contents === source) throw new Error('style-mod has changed: see adoptedStyles in build.mjs');
      return { contents, loader: 'js' };
    });
  },
};

const pages = await build({
  absWorkingDir: here,
  entryPoints: PAGES.map((page) => `src/${page}.ts`).filter((path) => existsSync(join(here, path))),
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  metafile: true,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: 'assets/[name]-[hash]',
  // Every browser that runs our JavaScript reads woff2 or woff; the older font formats stay out.
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [adoptedStyles],
  logLevel: 'warning',
});

const outputs = pages.metafile.outputs;
const inDist = (path) => relative(dist, join(here, path)).replaceAll('\\', '/');
const manifest = {};
for (const [path, output] of Object.entries(outputs)) {
  if (!output.entryPoint || !path.endsWith('.js')) continue;
  manifest[basename(output.entryPoint, '.ts')] = {
    js: inDist(path),
    css: output.cssBundle ? inDist(output.cssBundle) : null,
  };
}

const metafiles = [pages.metafile];
if (existsSync(feelEntry)) {
  mkdirSync(dirname(feelOut), { recursive: true });
  const feel = await build({
    absWorkingDir: here,
    entryPoints: [feelEntry],
    outfile: feelOut,
    bundle: true,
    format: 'iife',
    globalName: 'feel',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    metafile: true,
    nodePaths: [join(here, 'node_modules')],
    logLevel: 'warning',
  });
  metafiles.push(feel.metafile);
}

writeFileSync(join(dist, 'THIRD-PARTY.txt'), thirdParty(metafiles));
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(manifest, Object.keys(manifest).concat('js', 'css').sort(), 1)}\n`);
sweep(new Set([...Object.keys(outputs).map(inDist), 'THIRD-PARTY.txt', 'manifest.json']));

/** Deletes what earlier builds left behind; runs last, so that a page being served keeps its files until now. */
function sweep(kept) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !kept.has(relative(dist, path).replaceAll('\\', '/'))) rmSync(path);
  }
}

/** The licence of every package that is really inside a bundle; esbuild's own comments would miss bpmn.io's. */
function thirdParty(all) {
  const packages = new Map();
  for (const input of all.flatMap((meta) => Object.keys(meta.inputs))) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.set(found[1], join(here, found[1]));
  }
  const texts = new Map();
  for (const folder of packages.values()) {
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name)).sort();
    const licence = files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
    const title = `${about.name} ${about.version} (${about.license ?? 'no licence declared'})`;
    texts.set(title, licence || withoutFile(about));
  }
  const parts = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${title}\n\n${text}\n`);
  return `Packages inside the bundles of Bihuan, and their licences.\n\n${parts.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

function withoutFile(about) {
  const holder = HOLDERS[about.name] ?? `Copyright ${about.author?.name ?? about.author ?? 'its authors'}`;
  const terms = about.license === 'MIT' ? `\n\n${readFileSync(join(here, 'mit.txt'), 'utf8').trim()}` : '';
  return `${holder}${terms}`;
}
