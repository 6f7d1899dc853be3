/** `--out FILE`: what a command computed, as JSON, CSV or netCDF by the file's ending. */
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { DescribedGpu } from '../backend/record.js';
import type { Engine } from '../library/engine.js';
import { ParameterError } from '../model/parameters.js';
import { loadNetcdf } from '../netcdf.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { checkWritable, publish } from '../storage/files.js';
import { printJson } from './json.js';
import { printText } from './printText.js';
import { ENDINGS, type Ending, type Reporting } from './resultKinds.js';

const endingOf = (path: string): Ending | undefined =>
  ENDINGS.find((ending) => ending === extname(path));

export const addOutOption = (command: Command): Command =>
  command.option(
    '--out <file>',
    'also write the result, with units and provenance: .json, .csv or .nc (netCDF) by its ending',
  );

/** Where a result goes: to the terminal, and to a file where --out names one. */
export class ResultFile {
  private gpu: DescribedGpu | null = null;

  private constructor(
    private readonly command: Reporting,
    private readonly path: string | null,
    private readonly isJson: boolean,
  ) {}

  /**
   * Before anything is computed.
   * @throws {ParameterError} for an ending that is not known
   * @throws {StoreError} where the file cannot be written
   * @throws {MissingPackageError} where netCDF's library is not installed
   */
  static async open(
    command: Reporting,
    { out, json }: Readonly<Record<string, unknown>>,
  ): Promise<ResultFile> {
    if (out === undefined) return new ResultFile(command, null, json === true);
    const path = String(out);
    const ending = endingOf(path);
    if (ending === undefined) {
      throw new ParameterError('out', path, `a file that ends in ${ENDINGS.join(', ')}`);
    }
    if (ending === '.nc') await loadNetcdf();
    await checkWritable(path);
    return new ResultFile(command, path, json === true);
  }

  /** Told what computes, while it is open. */
  async computedBy(engine: Engine): Promise<void> {
    if (this.path !== null) this.gpu = await engine.described();
  }

  /**
   * Prints a result, as one JSON object with --json, and writes it.
   * @param text for people; null where they are told otherwise
   * @param table the same for CSV and netCDF, where its rows are not those of the report
   * @throws {StoreError}
   */
  async print(report: object, text: (() => string) | null, table: object = report): Promise<void> {
    if (this.isJson) printJson(report);
    else if (text !== null) printText(text());
    await this.write(report, table);
  }

  /** Runs what needs a steady state; where there is none the result is that. @param unsolved what is said then */
  async orUnsolved<T>(
    unsolved: (error: NoSteadyStateError) => object,
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof NoSteadyStateError) await this.print(unsolved(error), null);
      throw error;
    }
  }

  private async write(report: object, table: object): Promise<void> {
    if (this.path === null) return;
    const { path, command, gpu } = this;
    const { writers } = await import('./resultWriters.js');
    const { provenance } = await import('./provenance.js');
    await publish(path, (unfinished) =>
      writers[endingOf(path) as Ending](unfinished, report, table, command, provenance(gpu)),
    );
  }
}
