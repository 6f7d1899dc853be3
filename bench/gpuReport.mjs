/**
 * Measures this machine's GPU into one file that its owner can send us:
 *
 *   npm run gpu:report                    gpu-report.json
 *   npm run gpu:report -- FILE            another file
 *   npm run gpu:report -- --check FILE    measures nothing: says what a file lacks
 *
 * Each part is written as soon as it is there: after Ctrl-C the same command goes on where it stopped.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commit } from '../dist/cli/provenance.js';
import { DEVICE_GROUPS, FIRST_ANSWERS, missingIn } from '../dist/performance/gpuReport.js';
import { thisMachine } from '../dist/performance/study.js';
import { version } from '../dist/version.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const main = join(root, 'dist/cli/main.js');
const probe = join(root, 'dist/cli/adapterProbe.js');
const onThisGpu = { ...process.env, QMILL_TEST_ADAPTER: 'system' };
/** Processes for one first answer: the second finds what a driver keeps of the first. */
const REPETITIONS = 3;

const node = (args) =>
  execFileSync(process.execPath, args, {
    cwd: root,
    env: onThisGpu,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** Files of WebGPU tests, by their paths in the repository. */
const testFiles = () =>
  JSON.parse(node([vitest, 'list', '--project', 'gpu', '--filesOnly', '--json'])).map(({ file }) =>
    relative(root, file),
  );

/** In a folder that is gone afterwards. */
function within(use) {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-gpu-report-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Vitest's outcome of every file of WebGPU tests. */
const runTests = () =>
  within((folder) => {
    const file = join(folder, 'tests.json');
    const { signal } = spawnSync(
      process.execPath,
      [
        vitest,
        'run',
        '--project',
        'gpu',
        '--reporter=default',
        '--reporter=json',
        '--outputFile.json',
        file,
      ],
      { cwd: root, env: onThisGpu, stdio: 'inherit' },
    );
    if (signal !== null) process.exit(130);
    return JSON.parse(readFileSync(file, 'utf8')).testResults.map(
      ({ name, message, assertionResults }) => {
        const having = (status) => assertionResults.filter((one) => one.status === status);
        const failures = having('failed').map(({ fullName, failureMessages }) => ({
          name: fullName,
          message: failureMessages.join('\n'),
        }));
        // A file that does not even load.
        if (assertionResults.length === 0) failures.push({ name: 'the file itself', message });
        const passed = having('passed').length;
        const skipped = assertionResults.length - passed - having('failed').length;
        return { file: relative(root, name), passed, skipped, failures };
      },
    );
  });

/** Of an answer, what tells of its solver and of its errors. */
const BESIDES = ['solver', 'seconds', 'provenance', 'truncation', 'flowErrors'];

/** The numbers of an answer by their paths. */
function numbersOf(value, path = '') {
  if (typeof value === 'number') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value)
    .filter(([name]) => !BESIDES.includes(name))
    .flatMap(([name, inner]) => numbersOf(inner, `${path}.${name}`));
}

/** What a command answers, in some processes one after the other, held against the CPU's answer. */
function answer(args) {
  const command = ['qmill', ...args].join(' ');
  const seconds = [];
  let text = '';
  for (let run = 0; run < REPETITIONS; run++) {
    const begin = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args, '--json'], {
      ...{ cwd: root, env: onThisGpu, encoding: 'utf8', maxBuffer: 2 ** 28 },
    });
    if (status !== 0)
      return { command, failure: stderr.trim().split('\n').at(-1), difference: null, seconds };
    seconds.push((performance.now() - begin) / 1e3);
    text = stdout;
  }
  const onCpu = args.map((word) => (word === 'webgpu' ? 'cpu' : word));
  const reference = new Map(numbersOf(JSON.parse(node([main, ...onCpu, '--json']))));
  const scale = Math.max(...[...reference.values()].map(Math.abs));
  const differences = numbersOf(JSON.parse(text)).map(([name, number]) => {
    const right = reference.get(name) ?? Number.NaN;
    return Math.abs(number - right) / Math.max(Math.abs(right), 1e-3 * scale);
  });
  return { command, failure: null, difference: Math.max(...differences), seconds };
}

const runGroup = (group) =>
  within((folder) => {
    const args = [main, 'bench', group, '--no-peers', '--out', folder];
    const { status, signal } = spawnSync(process.execPath, args, {
      cwd: root,
      env: onThisGpu,
      stdio: 'inherit',
    });
    if (signal !== null) process.exit(130);
    if (status !== 0) throw new Error(`qmill bench ${group} ended with exit status ${status}`);
    return JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));
  });

/** What is there of a report of this very version on this very machine; else a new one. */
function begun(file) {
  const empty = {
    ...{ program: 'quantum-mill', version, commit: commit(), machine: thisMachine() },
    ...JSON.parse(node([probe, 'arithmetic'])),
    ...{ tests: null, answers: {}, studies: {} },
  };
  if ('failed' in empty) throw new Error(empty.failed.line);
  if (!existsSync(file)) return empty;
  const found = JSON.parse(readFileSync(file, 'utf8'));
  const { tests, answers, studies } = found;
  const same = ({ version, commit, machine, adapters }) =>
    JSON.stringify([version, commit, machine, adapters]);
  if (same(found) !== same(empty)) {
    throw new Error(`${file} is of another version or machine: name another file`);
  }
  return { ...empty, tests, answers, studies };
}

function measure(file) {
  const report = begun(file);
  if (report.adapters.length === 0) {
    throw new Error('WebGPU finds no adapter here: there is nothing to report');
  }
  process.stdout.write(`measuring ${report.adapters[0].name}: half an hour or less on most GPUs\n`);
  const keep = () => {
    writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 1)}\n`);
    renameSync(`${file}.new`, file);
  };
  const step = (what, isThere, run) => {
    process.stdout.write(`${what}${isThere ? ': there already' : ' …'}\n`);
    if (isThere) return;
    run();
    keep();
  };
  for (const [name, args] of Object.entries(FIRST_ANSWERS)) {
    step(`first answer, ${name}`, name in report.answers, () => {
      report.answers[name] = answer(args);
    });
  }
  step('tests on WebGPU', report.tests !== null, () => {
    report.tests = runTests();
  });
  for (const group of DEVICE_GROUPS) {
    step(`study, ${group}`, group in report.studies, () => {
      report.studies[group] = runGroup(group);
    });
  }
  return report;
}

function run() {
  const { values, positionals } = parseArgs({
    options: { check: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  // npm starts scripts in the package's folder.
  const file = resolve(process.env.INIT_CWD ?? '.', positionals[0] ?? 'gpu-report.json');
  const report = values.check ? JSON.parse(readFileSync(file, 'utf8')) : measure(file);
  const missing = missingIn(report, testFiles());
  for (const line of missing) process.stdout.write(`missing  ${line}\n`);
  const tests = report.tests ?? [];
  const sum = (of) => tests.reduce((total, one) => total + of(one), 0);
  process.stdout.write(
    `tests: ${sum(({ passed }) => passed)} passed, ${sum(({ failures }) => failures.length)} failed, ` +
      `${sum(({ skipped }) => skipped)} skipped\n` +
      `${file}: ${missing.length === 0 ? 'complete' : `${missing.length} parts are missing`}\n`,
  );
  return missing.length === 0 ? 0 : 1;
}

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
