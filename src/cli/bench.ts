/** `qmill bench`: performance studies on this machine, against whatever peers it has. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDrawing, renderPng, renderSvg } from '../figures/render.js';
import { ParameterError } from '../model/parameters.js';
import { measureApply } from '../performance/groups/apply.js';
import { measureEvolve } from '../performance/groups/evolve.js';
import { measureFluctuations } from '../performance/groups/fluctuations.js';
import { measureMachines } from '../performance/groups/machines.js';
import { measurePotential } from '../performance/groups/potential.js';
import { measurePrecision } from '../performance/groups/precision.js';
import { measureSteady } from '../performance/groups/steady.js';
import { measureSweep } from '../performance/groups/sweep.js';
import { findPeers, noPeers } from '../performance/peers.js';
import { accuracyPlot, timePlot } from '../performance/plots.js';
import { rowLine, summary } from '../performance/report.js';
import { rooflinePlot } from '../performance/roofline.js';
import type { Group } from '../performance/row.js';
import { type Measure, runStudy } from '../performance/study.js';
import type { AddCommand } from './command.js';
import { makeFolderOf } from './outputs.js';
import { printText } from './printText.js';
import { onSoftwareAdapter } from './softwareAdapter.js';

// The shortest times first: code that a process has run on other things before is compiled less well.
const groups: Readonly<Partial<Record<Group, Measure>>> = {
  steady: async (settings) => {
    await measureSteady(settings);
    await measurePotential(settings);
    await measureMachines(settings);
  },
  fluctuations: measureFluctuations,
  sweep: measureSweep,
  apply: measureApply,
  evolve: measureEvolve,
  precision: measurePrecision,
};
const known = Object.keys(groups) as Group[];

/** Seconds a peer may take for one question: --quick is under a minute in all. */
const PEER_SECONDS = { quick: 15, full: 60 };

interface BenchFlags {
  readonly out: string;
  readonly quick?: boolean;
  readonly peers: boolean;
  readonly softwareAdapter?: boolean;
  readonly against?: string;
}

/** Writes `against.json`; rows are the text. */
async function runAgainst(ref: string, chosen: readonly string[], quick: boolean, out: string) {
  const { comparisonText, compareWith } = await import('./benchAgainst.js');
  const comparison = await compareWith(ref, [...chosen, ...(quick ? ['--quick'] : [])]);
  const file = join(out, 'against.json');
  writeFileSync(file, `${JSON.stringify(comparison, null, 1)}\n`);
  process.stdout.write(`${comparisonText(comparison)}\n\nwritten:\n  ${file}\n`);
  return 0;
}

async function runBench(chosen: readonly string[], flags: BenchFlags): Promise<number> {
  for (const name of chosen) {
    if (!known.includes(name as Group)) {
      throw new ParameterError('group', name, `one of ${known.join(', ')}`);
    }
  }
  if (flags.softwareAdapter === true) {
    const status = await onSoftwareAdapter();
    if (status !== null) return status;
  }
  await loadDrawing();
  const quick = flags.quick === true;
  await makeFolderOf('out', flags.out);
  if (flags.against !== undefined) return runAgainst(flags.against, chosen, quick, flags.out);
  const wanted = known.filter((name) => chosen.length === 0 || chosen.includes(name));
  const study = await runStudy({
    groups: Object.fromEntries(wanted.map((name) => [name, groups[name]])),
    quick,
    peers: flags.peers
      ? findPeers(quick ? PEER_SECONDS.quick : PEER_SECONDS.full)
      : noPeers('peers skipped: --no-peers'),
    onRow: (row) => printText(`${rowLine(row)}\n`),
    onSkip: (what) => process.stderr.write(`skipped: ${what}\n`),
  });
  printText(`\n${summary(study)}\n\nwritten:\n`);
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(flags.out, name);
    writeFileSync(file, content);
    process.stdout.write(`  ${file}\n`);
  };
  write('study.json', `${JSON.stringify(study, null, 1)}\n`);
  const pictures = [
    ...wanted.map((name) => ({ name: `time-${name}`, plot: timePlot(study, name) })),
    { name: 'accuracy', plot: accuracyPlot(study) },
    { name: 'roofline', plot: rooflinePlot(study) },
  ];
  for (const { name, plot } of pictures) {
    if (plot === null) continue;
    const svg = await renderSvg(plot);
    write(`${name}.svg`, svg);
    write(`${name}.png`, await renderPng(svg));
  }
  return 0;
}

export const addBench: AddCommand = (command, running) => {
  command
    .argument('[groups...]', `any of ${known.join(', ')}; all of them by default`)
    .option('--quick', 'smaller windows and fewer repetitions: under a minute')
    .option('--out <dir>', 'folder for JSON and pictures', 'bench-results')
    .option('--no-peers', 'without QuTiP and SciPy, which are otherwise used where Python has them')
    .option(
      '--software-adapter',
      "WebGPU on the CPU, by the tests' own adapter and no other: how near its ceiling, not how fast",
    )
    .option('--against <ref>', 'an earlier commit and this version in turn: what got slower')
    .addHelpText(
      'after',
      `
Examples:
  qmill bench --quick           a first look
  qmill bench steady --out out  one group, thoroughly
  qmill bench sweep --against main       what got slower since
  qmill bench apply --software-adapter   the WebGPU kernels on a machine without a GPU`,
    )
    .action(running(runBench));
};
