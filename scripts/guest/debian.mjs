/**
 * @module Files out of Debian packages: fetched with package lists of our own and unpacked into the cache. Nothing is
 * installed, and the system's own apt stays as it is.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './tools.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** What the kernels come from, in either of Debian's two archives. */
const SUITES = [
  ['archive', 'bookworm'],
  ['security', 'bookworm-security'],
  ['archive', 'bookworm-backports'],
  ['archive', 'trixie-backports'],
];

/**
 * The unpacked contents of a package, or of several, as one tree.
 *
 * @param {string} cache directory
 * @param {string} folder name of the tree in the cache
 * @param {() => string[]} packages names to fetch, with `:architecture`; asked only when the tree is not there yet
 * @returns {string} root of the tree
 */
export function unpacked(cache, folder, packages) {
  const root = join(cache, folder);
  if (existsSync(root)) return root;
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const name of packages()) {
    console.error(`fetching ${name}`);
    run('apt-get', [...privateApt(cache), 'download', name], { cwd: partial });
  }
  for (const file of readdirSync(partial)) {
    run('dpkg-deb', ['-x', join(partial, file), partial]);
    rmSync(join(partial, file));
  }
  renameSync(partial, root);
  return root;
}

/** Names of packages that match, lowest version first; without their architecture. */
export function packagesMatching(cache, pattern) {
  const whole = new RegExp(`^(?:${pattern})$`);
  const names = run('apt-cache', [...privateApt(cache), 'pkgnames']).split('\n');
  return [...new Set(names.map((name) => name.replace(/:.*/, '')))]
    .filter((name) => whole.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Options that give apt lists, a cache and a package status of its own. */
function privateApt(cache) {
  const home = join(cache, 'apt');
  const options = Object.entries({
    'Dir::Etc::sourcelist': join(home, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferencesparts': '-',
    'Dir::State': join(home, 'state'),
    'Dir::State::lists': join(home, 'lists'),
    'Dir::State::status': join(home, 'status'),
    'Dir::Cache': join(home, 'cache'),
    'APT::Architectures': 'amd64,arm64',
    'APT::Sandbox::User': '',
  }).flatMap(([option, value]) => ['-o', `${option}=${value}`]);
  if (!existsSync(join(home, 'updated'))) {
    for (const directory of ['lists/partial', 'cache/archives/partial', 'state']) {
      mkdirSync(join(home, directory), { recursive: true });
    }
    writeFileSync(join(home, 'sources.list'), sourceLines().join(''));
    writeFileSync(join(home, 'status'), '');
    run('apt-get', [...options, '-q', 'update']);
    writeFileSync(join(home, 'updated'), '');
  }
  return options;
}

/** The suites on the mirrors that this system itself uses. */
function sourceLines() {
  const mirrors = systemMirrors();
  return SUITES.map(([archive, suite]) => `deb [signed-by=${KEYRING}] ${mirrors[archive]} ${suite} main\n`);
}

const RELEASE = /^(?:bullseye|bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)(-security)?$/;

/** Where the apt of this system has Debian's archive and its security updates from. */
function systemMirrors() {
  const targets = run('apt-get', ['indextargets', '--no-release-info', '--format', '$(RELEASE) $(REPO_URI)']);
  const mirrors = {};
  for (const line of targets.split('\n')) {
    const [release, mirror] = line.split(' ');
    const match = RELEASE.exec(release);
    if (match !== null) mirrors[match[1] === undefined ? 'archive' : 'security'] ??= mirror;
  }
  if (mirrors.archive === undefined || mirrors.security === undefined) {
    throw new Error('the apt sources of this system name no mirror of Debian and of its security updates: add them');
  }
  return mirrors;
}
