/** The paper's claims about a figure, each against what is computed. */
import type { Claim } from '../../../figures/claims.js';
import { brief } from '../../components/format.js';
import { Table } from '../../components/Table.js';

const columns = [
  { title: 'The paper' },
  { title: 'its number' },
  { title: 'found' },
  { title: 'verdict', hidden: true },
] as const;

/** Digits of what is found: the paper has two or three. */
const DIGITS = 5;

export function Claims({ claims }: { readonly claims: readonly Claim[] }) {
  return (
    <Table label="Claims of the paper" columns={columns}>
      {claims.map(({ claim, paper, found, meaning, tolerance, verdict, agrees }) => (
        <tr key={claim}>
          <th scope="row">{claim}</th>
          <td>{paper === null ? 'none' : String(paper)}</td>
          <td>
            {brief(found, DIGITS)}
            <small>
              {meaning}; agrees: {tolerance}
            </small>
          </td>
          <td class={agrees ? 'agrees' : 'differs'}>{verdict}</td>
        </tr>
      ))}
    </Table>
  );
}
