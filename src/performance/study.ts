/** A study: the groups that were asked for, one after the other, on the machine it runs on. */
import { arch, cpus, platform, release } from 'node:os';
import { version } from '../version.js';
import { type Ceiling, hostArithmetic } from './ceilings.js';
import type { Effort } from './measure.js';
import type { Peers } from './peers.js';
import type { Group, Row } from './row.js';
import { type Scaling, scalings } from './scaling.js';

export interface Settings {
  readonly quick: boolean;
  readonly effort: Effort;
  readonly peers: Peers;
  /** Called with each row as it is measured, each ceiling, and with what is skipped and why. */
  readonly onRow: (row: Row) => void;
  readonly onCeiling: (ceiling: Ceiling) => void;
  readonly onSkip: (what: string) => void;
}

/** Measures one group; rows are reported as they come. */
export type Measure = (settings: Settings) => Promise<void>;

/** Where a study runs. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const [{ model }] = cpus();
  return {
    cpu: model,
    cores: cpus().length,
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  };
}

export interface Study {
  readonly version: string;
  readonly date: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly ceilings: readonly Ceiling[];
  readonly rows: readonly Row[];
  readonly skipped: readonly string[];
  readonly scalings: readonly Scaling[];
}

export interface StudyOptions {
  readonly groups: Readonly<Partial<Record<Group, Measure>>>;
  readonly quick: boolean;
  readonly peers: Peers;
  readonly onRow?: (row: Row) => void;
  readonly onSkip?: (what: string) => void;
}

export async function runStudy({
  groups,
  quick,
  peers,
  onRow,
  onSkip,
}: StudyOptions): Promise<Study> {
  const rows: Row[] = [];
  const skipped: string[] = [];
  const skip = (what: string) => {
    // Several groups miss the same device.
    if (skipped.includes(what)) return;
    skipped.push(what);
    onSkip?.(what);
  };
  if (peers.missing !== null) skip(peers.missing);
  for (const what of peers.absent) skip(what);
  const ceilings = [await hostArithmetic()];
  // Of what several groups measure, the best counts.
  const onCeiling = (found: Ceiling) => {
    const at = ceilings.findIndex(({ device, of }) => device === found.device && of === found.of);
    if (at < 0) ceilings.push(found);
    else if (ceilings[at].perSecond < found.perSecond) ceilings[at] = found;
  };
  for (const run of Object.values(groups)) {
    await run({
      quick,
      effort: quick ? { seconds: 0.05, repetitions: 3 } : { seconds: 1, repetitions: 7 },
      peers,
      onCeiling,
      onRow: (row) => {
        rows.push(row);
        onRow?.(row);
      },
      onSkip: skip,
    });
  }
  return {
    version,
    date: new Date().toISOString(),
    machine: thisMachine(),
    quick,
    ceilings,
    rows,
    skipped,
    scalings: scalings(rows),
  };
}
