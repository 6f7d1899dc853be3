/** The state that an evolution begins with, as the page's settings say it: every kind that the command line has. */
import type { InitialInput } from '../../../model/initial.js';
import type { Settings } from '../../state/page.js';

/** `0:1 1:0.5i` as amplitudes by level. */
export function amplitudesOf(text: string): Record<string, string> {
  const amplitudes: Record<string, string> = {};
  for (const part of text.trim().split(/[\s;]+/)) {
    const [level, amplitude = '1'] = part.replaceAll('−', '-').split(':');
    amplitudes[level] = amplitude;
  }
  return amplitudes;
}

type Chosen = Pick<
  Settings,
  | 'rotor'
  | 'rotorLevel'
  | 'rotorBeta'
  | 'amplitudes'
  | 'packetAngle'
  | 'packetConcentration'
  | 'packetMomentum'
  | 'qubit1'
  | 'qubit2'
>;

function rotorOf(s: Chosen): NonNullable<InitialInput['rotor']> {
  switch (s.rotor) {
    case 'level':
      return s.rotorLevel;
    case 'thermal':
      return { thermal: s.rotorBeta };
    case 'superposition':
      return { superposition: amplitudesOf(s.amplitudes) };
    case 'packet':
      return {
        angle: s.packetAngle,
        concentration: s.packetConcentration,
        momentum: s.packetMomentum,
      };
  }
}

/** A qubit that is thermal needs no mention. */
export const initialOf = (s: Chosen): InitialInput => ({
  ...(s.qubit1 === 'thermal' ? {} : { qubit1: s.qubit1 }),
  ...(s.qubit2 === 'thermal' ? {} : { qubit2: s.qubit2 }),
  rotor: rotorOf(s),
});
