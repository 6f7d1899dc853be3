/** How the device comes to its steady state: the slowest modes of its populations. */
import type { Mode } from '../../../spectrum/modes.js';
import { brief, exact } from '../../components/format.js';
import { Table } from '../../components/Table.js';

/** As readers know the observables that modes are compared with. */
const TITLES: Readonly<Record<string, string>> = {
  Lz: '⟨L_z⟩',
  Lz2: '⟨L_z²⟩',
  n1: 'population of qubit 1',
  n2: 'population of qubit 2',
  interaction: 'interaction',
  H: 'energy',
};

const columns = [
  { title: 'mode', hidden: true },
  { title: 'rate' },
  { title: 'frequency' },
  { title: 'lifetime' },
  { title: 'most alike' },
];

function mostAlike({ overlaps }: Mode): string {
  const [first] = Object.entries(overlaps).sort(([, a], [, b]) => b - a);
  return first === undefined ? '–' : `${TITLES[first[0]] ?? first[0]}, ${first[1].toFixed(2)}`;
}

/** What rounding leaves of a frequency that is none. */
const frequencyOf = ({ rate, frequency, error }: Mode): number =>
  Math.abs(frequency) <= Math.max(error, 1e-12 * rate) ? 0 : frequency;

export function Modes({ modes }: { readonly modes: readonly Mode[] }) {
  return (
    <Table label="Slowest modes" columns={columns} wide>
      {modes.map((mode, k) => (
        <tr key={k}>
          <th scope="row">{k + 1}</th>
          <td>
            <span data-mode={k} data-rate={mode.rate}>
              {exact(mode.rate)}
            </span>
            <small>
              ± {brief(mode.error, 2)}
              {mode.coalesced > 1 ? `, ${mode.coalesced} that are one to rounding` : ''}
            </small>
          </td>
          <td>{brief(frequencyOf(mode), 6)}</td>
          <td>{brief(1 / mode.rate, 6)}</td>
          <td>{mostAlike(mode)}</td>
        </tr>
      ))}
    </Table>
  );
}
