/** Generators whose sectors are random block-tridiagonal chains. */
import { fullSpace } from '../../src/generator/classes.js';
import type { Coupling, Generator } from '../../src/generator/generator.js';
import { partnerOf, type Sector } from '../../src/generator/siteMatrix.js';
import { QUBIT_STATES } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { randomElements } from './vectors.js';

export interface RandomSectors {
  readonly generator: Generator;
  readonly sectors: readonly Sector[];
}

/**
 * On the whole space of so many levels, sectors of up to three classes, whose chains are of every length;
 * their conjugates beside them. Blocks are random, heavy on the diagonal; populations are in no sector.
 * @param reach levels that couplings move an element by, at most
 */
export function randomSectors(levels: number, singular = false, reach = 1): RandomSectors {
  const shifts = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const space = fullSpace({ states: QUBIT_STATES, window: rotorWindow(0, levels - 1) });
  const { classes } = space;
  const sectors: Sector[] = [];
  const sector = (own: number[]) => {
    sectors.push({ classes: own, coherences: own.length, hermitian: false });
  };
  // A class and its conjugate are in sectors of their own, at the same place.
  const upper = classes.flatMap((_, c) => (partnerOf(space, c) > c ? [c] : []));
  // Neighbours differ in δ, so that a chain's rows are not all of one length.
  for (let at = 0; at < upper.length; ) {
    const own = upper.slice(at, at + 1 + (at % 3));
    sector(own);
    sector(own.map((c) => partnerOf(space, c)));
    at += own.length;
  }
  const couplings: Coupling[] = [];
  sectors.forEach((own, k) => {
    if (singular && k === 10) return;
    for (const sourceClass of own.classes) {
      for (const targetClass of own.classes) {
        const [from, to] = [classes[sourceClass], classes[targetClass]];
        for (const shift of shifts) {
          // Site s of the source goes to site s + shift of the target.
          const begin = Math.max(0, shift);
          const count = Math.min(to.length, from.length + shift) - begin;
          if (count <= 0) continue;
          const numbers = randomElements(levels, couplings.length + 1);
          const heavy = shift === 0 && sourceClass === targetClass ? 4 + 2 * reach : 0;
          couplings.push({
            sourceClass,
            targetClass,
            source: from.offset + begin - shift,
            target: to.offset + begin,
            count,
            coefficient: { re: 1, im: 0 },
            ket: {
              re: numbers.filter((_, i) => i % 2 === 0).map((value) => value + heavy),
              im: numbers.filter((_, i) => i % 2 === 1),
            },
            ketStart: begin,
            bra: null,
            braStart: 0,
          });
        }
      }
    }
  });
  return { generator: { space, couplings }, sectors };
}
