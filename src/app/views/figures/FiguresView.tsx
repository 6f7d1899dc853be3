/** The paper's figures, computed here and now, beside what the paper says of them. */
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { Explained } from '../../components/Explained.js';
import { FIGURE_GROUPS, FIGURE_RATIOS, FIGURES } from '../../content/figures.js';
import type { QuantityName } from '../../content/quantities.js';
import { RESULTS } from '../../content/views.js';
import { Plot } from '../../plot/Plot.js';
import { phone } from '../../state/appearance.js';
import { changeSettings, page } from '../../state/store.js';
import type { FigureResult } from '../../studies/figureStudy.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { study } from '../../studies/study.js';
import { useStudy } from '../../studies/useStudy.js';
import { Claims } from './Claims.js';

const groupOf = (name: string) => FIGURE_GROUPS.find(({ names }) => names.includes(name));

const computed = study<string, readonly FigureResult[]>({
  call: (studies, name, report) => studies.figure(name, report),
  // Figures of one group are drawn from the same points, and come together.
  identity: (name) => groupOf(name)?.names.join() ?? name,
});

/** What each figure shows, to be explained beside it. */
const shown: Readonly<Record<string, readonly QuantityName[]>> = {
  '2': ['heat.Q1', 'heat.Q2', 'heat.Qr', 'work.WQ', 'operation', 'efficiency', 'cop'],
  '3': ['ergotropy.total', 'ergotropy.qubits', 'ergotropy.rotor'],
  '4': ['R', 'J', 'Gamma'],
  '5': ['Rangular', 'Jangular', 'Gamma'],
  '6': ['rotorPopulations'],
  '7': ['rotorPopulations'],
  '8': ['power.kinetic', 'power.intrinsic', 'power.backAction', 'power.net', 'heat.Qr'],
};

const chosen = (): string => page.value.settings.figure;

function provenanceOf({ steadyStates, snapshots, seconds, provenance: p }: FigureResult): string {
  const counted = [
    ...(snapshots === 0 ? [] : [`${snapshots} times of evolutions`]),
    ...(steadyStates === 0 ? [] : [`${steadyStates} steady states`]),
  ].join(' and ');
  const errors = [
    ...(p.largestResidual === undefined
      ? []
      : [`largest residual ${p.largestResidual.toExponential(1)}`]),
    ...(p.largestTraceError === undefined
      ? []
      : [`largest error of the trace ${p.largestTraceError.toExponential(1)}`]),
    ...(p.largestEdgePopulation === undefined
      ? []
      : [`largest population at an edge ${p.largestEdgePopulation.toExponential(1)}`]),
  ].join(', ');
  return `${counted} in ${seconds.toFixed(2)} s on cpu f64, sector, direct; ${errors}.`;
}

export function FiguresView() {
  const name = chosen();
  const figure = useStudy(computed, chosen)?.find((one) => one.name === name) ?? null;
  return (
    <div class="figures" id={RESULTS} tabIndex={-1}>
      <nav class="choices" aria-label="Figures">
        {FIGURES.map((n) => (
          <Button key={n} aria-pressed={n === name} onClick={() => changeSettings({ figure: n })}>
            Fig. {n}
          </Button>
        ))}
      </nav>
      <StudyProgress study={computed} what="points" total={groupOf(name)?.points ?? null} />
      {figure === null ? null : (
        <div class="side-by-side">
          <Card label={`Figure ${name}`}>
            <p class="shown">
              {(shown[name] ?? []).map((quantity) => (
                <Explained key={quantity} name={quantity} />
              ))}
            </p>
            <Plot
              label={`Figure ${name} of the paper, computed`}
              name={`figure${name}`}
              spec={phone.value ? figure.phonePlot : figure.plot}
              dataset={() => figure.dataset}
              by="cpu f64, sector, direct"
              ratio={FIGURE_RATIOS[name][phone.value ? 'phone' : 'page']}
            />
            <p class="note" data-testid="figure-provenance">
              {provenanceOf(figure)}
            </p>
          </Card>
          <Card label="Claims" title="What the paper says, and what is found">
            <Claims claims={figure.claims} />
          </Card>
        </div>
      )}
    </div>
  );
}
