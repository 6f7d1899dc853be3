/** What was prepared of the paper's machine when this was bundled. */
import type { SectorRecord } from '../lindblad/preparedSector.js';
import { allOf, type Listed } from '../listed.js';
import type { DeviceOperators } from './deviceOperators.js';
import { preparedText } from './preparedTexts.js';

/** Of the paper's machine with a master equation and the terms that are there. */
export interface MillRecord {
  readonly sector: SectorRecord;
  readonly operators: DeviceOperators;
}

type Flows = SectorRecord['flows'];
type Placed = DeviceOperators['placed'];
type Scalars = SectorRecord['tape']['scalars'];
type PartOf<List> = List extends Listed<infer Part> ? Part : never;

/** The first line of a record: of lists how many parts they have. */
interface Counted {
  readonly sector: Omit<SectorRecord, 'flows'> & {
    readonly flows: Omit<Flows, 'nodes' | 'functionals'> & Record<'nodes' | 'functionals', number>;
  };
  readonly operators: Omit<DeviceOperators, 'placed'> & {
    readonly placed: Omit<Placed, 'operators'> & { readonly operators: number };
  };
}

/** @param activity tells the terms that are there */
export const preparedKey = (equation: string, activity: string): string =>
  `${equation}-${activity}`;

const read = new Map<string, MillRecord | null>();

/** Null where there is none. */
export function preparedRecord(key: string): MillRecord | null {
  let known = read.get(key);
  if (known === undefined) {
    const text = preparedText(key);
    known = text === null ? null : readRecord(text);
    read.set(key, known);
  }
  return known;
}

/** What JSON would write as something else, by how it reads them. */
const SPELT: readonly (readonly [number, string])[] = [
  [Number.POSITIVE_INFINITY, '1e999'],
  [-0, '-0'],
];

const written = (part: unknown): string =>
  SPELT.reduce(
    (text, [, spelt]) => text.replaceAll(`"${spelt}"`, spelt),
    JSON.stringify(part, (_, value) => {
      const own = SPELT.find(([number]) => Object.is(number, value));
      return own === undefined ? value : own[1];
    }),
  );

/** What is read when it is asked for. */
const listsOf = ({ sector: { flows }, operators }: MillRecord): readonly Listed<unknown>[] => [
  flows.nodes,
  flows.functionals,
  operators.placed.operators,
];

/**
 * A record as JSON that is read to the same numbers: a line for what is always read, with how many others there are of
 * each kind, a line for each of these, and one for the steps of numbers without a level, whose operations are in the
 * first one.
 */
export function writtenRecord(record: MillRecord): string {
  const { sector, operators } = record;
  const { scalars, ...tape } = sector.tape;
  const lists = listsOf(record);
  const [nodes, functionals, placed] = lists.map(({ length }) => length);
  const first = {
    sector: { ...sector, tape, flows: { ...sector.flows, nodes, functionals } },
    operators: { ...operators, placed: { ...operators.placed, operators: placed } },
  };
  return [first, ...lists.flatMap(allOf), scalars].map(written).join('\n');
}

/** Lines of a text, each read when it is first asked for. */
class Lines<Part> implements Listed<Part> {
  readonly #read: (Part | undefined)[] = [];

  /** @param begin the first line */
  constructor(
    private readonly lines: readonly string[],
    private readonly begin: number,
    readonly length: number,
  ) {}

  at(n: number): Part | undefined {
    if (n < 0 || n >= this.length) return undefined;
    this.#read[n] ??= JSON.parse(this.lines[this.begin + n]) as Part;
    return this.#read[n];
  }
}

/** The record of a text, of which all but the first line is read when it is asked for. */
export function readRecord(text: string): MillRecord {
  const lines = text.split('\n');
  const { sector, operators } = JSON.parse(lines[0]) as Counted;
  let end = 1;
  const next = <Part>(count: number): Listed<Part> => {
    end += count;
    return new Lines<Part>(lines, end - count, count);
  };
  const flows = {
    ...sector.flows,
    nodes: next<PartOf<Flows['nodes']>>(sector.flows.nodes),
    functionals: next<PartOf<Flows['functionals']>>(sector.flows.functionals),
  };
  const placed = {
    ...operators.placed,
    operators: next<PartOf<Placed['operators']>>(operators.placed.operators),
  };
  const scalars = next<Scalars>(1);
  const { tables, program } = sector.tape;
  const tape = {
    tables,
    program,
    get scalars() {
      return scalars.at(0) as Scalars;
    },
  };
  return { sector: { ...sector, tape, flows }, operators: { ...operators, placed } };
}
