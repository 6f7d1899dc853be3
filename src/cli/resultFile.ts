/** `--out FILE`: what a command computed, as JSON, CSV or netCDF by the file's ending. */
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { DescribedGpu } from '../backend/record.js';
import type { Engine } from '../library/engine.js';
import { ParameterError } from '../model/parameters.js';
import { loadNetcdf } from '../netcdf.js';
import { checkWritable, publish } from '../storage/files.js';
import { ENDINGS, type Ending, type Reporting } from './resultKinds.js';

const endingOf = (path: string): Ending | undefined =>
  ENDINGS.find((ending) => ending === extname(path));

export const addOutOption = (command: Command): Command =>
  command.option(
    '--out <file>',
    'also write the result, with units and provenance: .json, .csv or .nc (netCDF) by its ending',
  );

/** Where a result goes beside the terminal; nowhere unless --out names a file. */
export class ResultFile {
  private gpu: DescribedGpu | null = null;

  private constructor(
    private readonly command: Reporting,
    private readonly path: string | null,
  ) {}

  /**
   * Before anything is computed.
   * @throws {ParameterError} for an ending that is not known
   * @throws {StoreError} where the file cannot be written
   * @throws {MissingPackageError} where netCDF's library is not installed
   */
  static async open(command: Reporting, out: unknown): Promise<ResultFile> {
    if (out === undefined) return new ResultFile(command, null);
    const path = String(out);
    const ending = endingOf(path);
    if (ending === undefined) {
      throw new ParameterError('out', path, `a file that ends in ${ENDINGS.join(', ')}`);
    }
    if (ending === '.nc') await loadNetcdf();
    await checkWritable(path);
    return new ResultFile(command, path);
  }

  /** Told what computes, while it is open. */
  async computedBy(engine: Engine): Promise<void> {
    if (this.path !== null) this.gpu = await engine.described();
  }

  /**
   * @param table the same for CSV and netCDF, where its rows are not those of the report
   * @throws {StoreError}
   */
  async write(report: object, table: object = report): Promise<void> {
    if (this.path === null) return;
    const { path, command, gpu } = this;
    const { writers } = await import('./resultWriters.js');
    const { provenance } = await import('./provenance.js');
    await publish(path, (unfinished) =>
      writers[endingOf(path) as Ending](unfinished, report, table, command, provenance(gpu)),
    );
  }
}
