/** What this is, for those who have not seen it before: one sentence, its Hamiltonian, the paper. */
import { Explained } from '../../components/Explained.js';

const PAPER = 'https://arxiv.org/abs/2304.08122';
const terms = ['H.qubits', 'H.rotor', 'H.coupling', 'H.potential'] as const;

export function Purpose() {
  return (
    <div class="purpose">
      <p>
        A quantum mill: heat that flows between two baths through two qubits turns a rotor. Turn the
        sliders; its steady state is solved as you do. The model is that of{' '}
        <a href={PAPER} target="_blank" rel="noopener">
          Leitch, Hammam and De Chiara, arXiv:2304.08122
        </a>
        .
      </p>
      <p class="hamiltonian">
        <i>H</i> ={' '}
        {terms.map((name, k) => (
          <span key={name}>
            {k === 0 ? '' : ' + '}
            <Explained name={name} />
          </span>
        ))}
      </p>
    </div>
  );
}
