/** Reference pages say what the program's records say; `npx vitest run test/cli/reference.test.ts --update` writes them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { softwareAdapterEnvironment } from '../../src/backend/webgpu/softwareAdapter.js';
import { commandsWithOptions } from '../../src/cli/commands.js';
import { LINE, lengthOf } from '../../src/cli/printText.js';
import { run } from '../../src/cli/program.js';
import { topics } from '../../src/cli/topics/topics.js';
import { main, type Outcome, qmill, qmillProcess } from '../support/commandLine.js';
import { examplesPage, isSamePage, PLAN } from '../support/exampleOutputs.js';
import { jsonPage, observablesPage, optionsPage } from '../support/reference.js';
import { servedPage } from '../support/servedPage.js';

const pages = { options: optionsPage, observables: observablesPage, json: jsonPage };

test.each(Object.entries(pages))('docs/reference/%s.md', async (name, page) => {
  await expect(await page()).toMatchFileSnapshot(`../../docs/reference/${name}.md`);
});

const software = await softwareAdapterEnvironment();

/** Slurm's own answers, by programs that give no others. */
function slurmIn(folder: string): NodeJS.ProcessEnv {
  const programs = { scontrol: 'MaxArraySize = 1001', sbatch: '4711' };
  for (const [name, answer] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
  }
  return { PATH: `${folder}:${process.env.PATH}` };
}

/** Where the page is served, which it is until it is stopped. */
async function served(args: readonly string[]): Promise<string> {
  const { line, stop } = await servedPage(main, args);
  expect(await stop()).toEqual([0, null]);
  return line;
}

/** In a process of its own where it is about a GPU or Slurm. */
function outcomeOf(args: readonly string[], folder: string): Outcome {
  if (args[0] === 'adapters') return qmillProcess(args, software);
  if (args[0] === 'slurm') return qmillProcess(args, slurmIn(folder), folder);
  return qmill(args, folder);
}

test('what commands print is on docs/reference/outputs.md, and fits a page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-outputs-'));
  writeFileSync(join(folder, 'plan.yaml'), PLAN);
  const page = await examplesPage(async (args) => {
    if (args[0] === 'serve') return served(args);
    const { status, stdout, stderr } = outcomeOf(args, folder);
    expect(status, `qmill ${args.join(' ')}: ${stderr}`).toBe(0);
    return stdout;
  });
  rmSync(folder, { recursive: true });
  const { commands } = await commandsWithOptions();
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
  expect(headings.sort()).toEqual(commands.map((command) => command.name()).sort());
  const blocks = page.matchAll(/```text\n([^`]*)```/g);
  const wide = [...blocks].flatMap(([, block]) =>
    block.split('\n').filter((line) => lengthOf(line) > LINE),
  );
  expect(wide).toEqual([]);
  const file = '../../docs/reference/outputs.md';
  const kept = readFileSync(new URL(file, import.meta.url), 'utf8');
  await expect(isSamePage(kept, page) ? kept : page).toMatchFileSnapshot(file);
});

afterEach(() => vi.restoreAllMocks());

/** What a command line prints, in this process. */
async function printed(...args: readonly string[]): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  await run(['node', 'qmill', ...args]);
  return text;
}

describe('qmill help', () => {
  test.each(Object.keys(topics))('%s fits a terminal', async (name) => {
    const lines = (await printed('help', name)).split('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});

test('--machine mill is the device of the paper', async () => {
  const small = ['--lmin', '-4', '--lmax', '4', '--edge-tolerance', '0.5', '--json'];
  const flow = (text: string) => JSON.parse(text).heat;
  const named = flow(await printed('steady', '--machine', 'mill', '--set', 'beta2=0.05', ...small));
  expect(named).toEqual(flow(await printed('steady', '--beta2', '0.05', ...small)));
  await expect(printed('steady', '--machine', 'mill', '--set', 'foo=1')).rejects.toThrow(
    /set = "foo=1": must be/,
  );
});
