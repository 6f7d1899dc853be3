/** Weighted fluxes of a sector's state in memory of WebAssembly: to the same bits as `readRun` has them. */
import type { RoundingKernel } from '../machine/roundingKernel.js';
import type { Numbers } from '../machine/tape.js';
import type { TapeLosses, TapeRounding } from '../machine/tapeRounding.js';
import { zeros } from '../zeros.js';
import type { BroughtTables } from './broughtTables.js';
import type { Fluxes, Weights } from './readRun.js';
import type { Run } from './run.js';
import { putRecords, RECORD, type RunCode, type RunRecord } from './runRecords.js';

const NUMBER = 8;
/** A state and what its populations leave, the same state and that nothing is left, and what is arrived at. */
const VECTORS = 5;

/** A sector that there is memory for. */
interface FluxSector {
  readonly length: number;
  readonly paired: number;
  readonly runs: readonly Run[];
}

export class SectorFluxes {
  /** Memory that they take, in bytes. */
  static bytes = ({ length, runs }: FluxSector): number =>
    NUMBER * (VECTORS * length + 2 * runs.length) + RECORD * runs.length;

  readonly #vectors: readonly Float64Array[];
  readonly #found: Float64Array;
  readonly #records: number;
  /** What the records have been put down for, and whether all of them are. */
  #of: RoundingKernel | null | undefined;
  #isPlaced = false;

  /**
   * @param at where its memory begins
   * @param recordOf a run's record
   * @param step bytes from one site to the next
   */
  constructor(
    private readonly memory: DataView,
    at: number,
    private readonly sector: FluxSector,
    private readonly recordOf: (run: Run, state: number, weights: number) => RunRecord,
    private readonly tables: BroughtTables,
    private readonly step: number,
    private readonly code: RunCode,
  ) {
    const view = (k: number, length: number) =>
      new Float64Array(memory.buffer, at + NUMBER * sector.length * k, length);
    this.#vectors = Array.from({ length: VECTORS }, (_, k) => view(k, sector.length));
    this.#found = view(VECTORS, 2 * sector.runs.length);
    this.#records = this.#found.byteOffset + this.#found.byteLength;
  }

  /** Null where what rounding takes is not computed in the same memory. */
  read(numbers: Numbers, x: Float64Array, weights: Weights, rounding: TapeRounding): Fluxes | null {
    const kernel = rounding.byCode();
    if (kernel !== this.#of) {
      this.#of = kernel;
      this.#isPlaced = this.#place(rounding.losses, kernel);
    }
    if (!this.#isPlaced) return null;
    this.tables.bring(numbers);
    const [state, origins, same, , arriving] = this.#vectors;
    state.set(x);
    same.set(x);
    origins.set(weights.origins);
    arriving.set(weights.z);
    const { runs } = this.sector;
    const end = this.#records + RECORD * runs.length;
    const apart = origins.byteOffset - state.byteOffset;
    this.code.fluxes(this.#records, end, this.step, apart, this.#found.byteOffset);
    const [left, lost] = [zeros(runs.length), zeros(runs.length)];
    for (let n = 0; n < runs.length; n++) {
      left[n] = this.#found[2 * n];
      lost[n] = this.#found[2 * n + 1];
    }
    return { left, lost };
  }

  /** Whether all that tables lose is computed in the same memory. */
  #place(losses: TapeLosses, kernel: RoundingKernel | null): boolean {
    const [state, , same, , arriving] = this.#vectors;
    const { buffer } = this.memory;
    const records: RunRecord[] = [];
    for (const run of this.sector.runs) {
      const from = run.to < this.sector.paired ? same : state;
      const record = this.recordOf(run, from.byteOffset, arriving.byteOffset);
      let { table: lost } = record;
      if (losses.isIn(run.table)) {
        const at = kernel?.beside.memory.buffer === buffer ? kernel.tableAt(run.table) : undefined;
        if (at === undefined) return false;
        lost = at + NUMBER * run.first;
      }
      records.push({ ...record, lost });
    }
    putRecords(this.memory, this.#records, records);
    return true;
  }
}
