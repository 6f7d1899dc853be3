/** The paper's claims about a figure, each against what is computed. */
import type { Claim } from '../../../figures/claims.js';

export function Claims({ claims }: { readonly claims: readonly Claim[] }) {
  return (
    <div class="scrolling">
      <table class="claims">
        <thead>
          <tr>
            <th scope="col">The paper</th>
            <th scope="col">its number</th>
            <th scope="col">found</th>
            <th scope="col">
              <span class="hidden">verdict</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {claims.map(({ claim, paper, found, meaning, agrees }) => (
            <tr key={claim}>
              <th scope="row">{claim}</th>
              <td>{paper === null ? '' : String(paper)}</td>
              <td>
                {found.toFixed(5)}
                <small>{meaning}</small>
              </td>
              <td class={agrees ? 'agrees' : 'differs'}>{agrees ? 'agrees' : 'does not agree'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
