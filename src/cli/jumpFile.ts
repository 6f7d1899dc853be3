/** `--jumps FILE`: which jump came when in each trajectory, line by line. */
import { appendFile } from 'node:fs/promises';
import { ParameterError } from '../model/parameters.js';
import { type AnyTrajectories, trajectorySet } from '../simulate/trajectoryChunk.js';
import { checkWritable, publish } from '../storage/files.js';

const ENDING = '.csv';
/** Characters that are gathered before they are written. */
const PIECE = 1 << 16;

export class JumpFile {
  private constructor(private readonly path: string | null) {}

  /**
   * Before anything is computed.
   * @throws {ParameterError} for another ending than .csv
   * @throws {StoreError} where the file cannot be written
   */
  static async open(jumps: unknown): Promise<JumpFile> {
    if (jumps === undefined) return new JumpFile(null);
    const path = String(jumps);
    if (!path.endsWith(ENDING)) {
      throw new ParameterError('jumps', path, `a file that ends in ${ENDING}`);
    }
    await checkWritable(path);
    return new JumpFile(path);
  }

  /**
   * Runs the trajectories 0 … count − 1 again, each of which is the same in every run, and writes their jumps.
   * @throws {StoreError}
   */
  async write(request: AnyTrajectories, count: number): Promise<void> {
    if (this.path === null) return;
    const set = await trajectorySet(request);
    await publish(this.path, async (unfinished) => {
      let piece = 'trajectory,t,bath,jump\n';
      for (let n = 0; n < count; n++) {
        for (const { t, bath, jump } of set.jumps(n)) piece += `${n},${t},${bath},${jump}\n`;
        if (piece.length < PIECE) continue;
        await appendFile(unfinished, piece);
        piece = '';
      }
      await appendFile(unfinished, piece);
    });
  }
}
