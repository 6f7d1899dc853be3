/** A machine at several times, or after several collisions, as a table for people. */
import type { LadderReading } from '../simulate/machineState.js';
import { runRecords } from './runRecords.js';
import { columnsOf, type TextColumn, textTable } from './textTable.js';

interface Row {
  readonly ladder: LadderReading | null;
  readonly energies: Readonly<Record<string, number>>;
}

/** Columns of a table of rows. */
export interface Columns<R> {
  readonly one: ReturnType<typeof columnsOf<R>>;
  /** One for each name. */
  readonly each: (
    symbol: string,
    of: (row: R) => Readonly<Record<string, number>>,
    unit?: string,
  ) => TextColumn[];
}

/** @param columns those of a section of its own, with this title, beside the ladder's and the energies' */
export function machineTable<K extends 't' | 'step', R extends Row & Readonly<Record<K, number>>>(
  rows: readonly R[],
  along: K,
  title: string,
  columns: (make: Columns<R>) => readonly TextColumn[],
): string {
  const [first] = rows;
  if (first === undefined) return '';
  const make: Columns<R> = {
    one: columnsOf(rows),
    each: (symbol, of, unit = 'energy') =>
      Object.keys(of(first)).map((name) => make.one(`${symbol} ${name}`, (r) => of(r)[name], unit)),
  };
  const { symbol, unit } = runRecords[along];
  const ofLadder =
    first.ladder === null
      ? []
      : [
          make.one(`⟨${first.ladder.symbol}⟩`, (r) => r.ladder?.mean ?? Number.NaN),
          make.one(`Var ${first.ladder.symbol}`, (r) => r.ladder?.variance ?? Number.NaN),
        ];
  const lines = textTable(
    make.one(symbol, (r) => r[along], unit),
    [
      {
        title: 'Ladder and energies',
        columns: [...ofLadder, ...make.each('E', (r) => r.energies)],
      },
      { title, columns: columns(make) },
    ],
  );
  return `${lines.join('\n')}\n`;
}
