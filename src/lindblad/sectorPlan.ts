/** Which unknowns the sector of an equation has, and what leads from one to another: the same for all devices. */
import { isZero } from '../machine/expression.js';
import type { Tape } from '../machine/tape.js';
import { ladderCharge } from './charges.js';
import {
  channelNames,
  type ElementClass,
  type EquationForm,
  movesOf,
  populationSector,
  type SectorForm,
} from './equation.js';
import { type BandForm, type UnknownOfClass, unknownsOf } from './sectorUnknowns.js';

/** A program but for its tape. */
export interface SectorPlan {
  readonly channels: readonly string[];
  readonly classes: readonly ElementClass[];
  readonly unknownOf: readonly UnknownOfClass[];
  /** Unknowns of a charge: pairs (Re, Im), then populations; the first state's population is the last. */
  readonly width: number;
  readonly paired: number;
  readonly states: number;
  /** l + offsets[s] is the charge of the state s at l. */
  readonly offsets: Int32Array;
  /** The largest change of the charge by a jump. */
  readonly reach: number;
  readonly bands: readonly BandForm[];
}

/** Where the elements of a form are, and where its numbers are kept. */
type Placing = Pick<SectorPlan, 'classes' | 'unknownOf' | 'offsets'> & { readonly tape: Tape };

/**
 * What a form between the classes of a program does to unknowns: (Re, Im) → (a Re − b Im, b Re + a Im) for a
 * coefficient a + ib; conjugates bring their Im with a minus.
 */
export function bandsOf(
  { contributions }: SectorForm,
  { classes, unknownOf, offsets, tape }: Placing,
): BandForm[] {
  const bands: BandForm[] = [];
  for (const { source, target, shift, range, coefficient } of contributions) {
    const to = unknownOf[target];
    const from = unknownOf[source];
    if (to.conjugation < 0) continue;
    const { ket } = classes[source];
    const offset = offsets[ket];
    const step = shift + offsets[classes[target].ket] - offset;
    const place = { step, offset, range };
    const add = (r: number, c: number, sign: 1 | -1, table: number) =>
      bands.push({ ...place, row: to.unknown + r, column: from.unknown + c, sign, table });
    if (!isZero(coefficient.re)) {
      const table = tape.table(coefficient.re);
      add(0, 0, 1, table);
      if (to.conjugation !== 0 && from.conjugation !== 0) {
        add(1, 1, from.conjugation > 0 ? 1 : -1, table);
      }
    }
    // Between populations an imaginary coefficient meets its conjugate from the other side.
    if (!isZero(coefficient.im)) {
      const table = tape.table(coefficient.im);
      if (from.conjugation !== 0) add(0, 1, from.conjugation > 0 ? -1 : 1, table);
      if (to.conjugation !== 0) add(1, 0, 1, table);
    }
  }
  return bands;
}

/** The plan of an equation, whose numbers a tape gathers; null where no charge l + c_s is conserved. */
export function sectorPlanOf(equation: EquationForm, tape: Tape): SectorPlan | null {
  const offsets = ladderCharge(movesOf(equation));
  if (offsets === null) return null;
  const { states } = equation;
  const form = populationSector(equation, offsets);
  const { classes } = form;
  const { unknowns: unknownOf, paired, width } = unknownsOf(classes, states);
  const bands = bandsOf(form, { classes, unknownOf, offsets, tape });
  const reach = bands.reduce((most, { step }) => Math.max(most, Math.abs(step)), 1);
  const channels = channelNames(equation);
  return { channels, classes, unknownOf, width, paired, states, offsets, reach, bands };
}
