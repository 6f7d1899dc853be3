/** Machines that files describe: the gallery, and one's own as it is written. */

import { h, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Dataset } from '../../../figures/dataset.js';
import type { Mean } from '../../../simulate/machineState.js';
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { downloadText } from '../../components/download.js';
import { brief, exact, minus } from '../../components/format.js';
import { Table } from '../../components/Table.js';
import { NotConverged, Warning } from '../../components/Warning.js';
import { RESULTS } from '../../content/views.js';
import type { Markup } from '../../machines/markup.js';
import { Plot } from '../../plot/Plot.js';
import { goTo, page } from '../../state/store.js';
import type {
  MachineCard,
  MachineNumbers,
  MachineRequest,
  MachineStudyResult,
} from '../../studies/machineStudy.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { study } from '../../studies/study.js';
import { useStudy } from '../../studies/useStudy.js';
import { levelRowsOf, rotorPlot } from '../device/populationPlots.js';
import { Editor, shownText, TYPING } from './Editor.js';

const machine = study<MachineRequest, MachineStudyResult>({
  call: (studies, request, report) => studies.machine(request, report),
  settle: TYPING,
});

const requestOf = (): MachineRequest => ({ text: shownText() });

const elementOf = ({ tag, ...content }: Markup): VNode =>
  'text' in content ? h(tag, null, content.text) : h(tag, null, ...content.of.map(elementOf));

/** A formula that was read while the page runs, as MathML. */
const Formula = ({ markup }: { readonly markup: Markup }) => <math>{elementOf(markup)}</math>;

function Description({ card }: { readonly card: MachineCard }) {
  return (
    <Card label="Machine" title={card.name}>
      {card.text === '' ? null : <p>{card.text}</p>}
      {card.source === '' ? null : <p class="note">{card.source}</p>}
      <Table label="Hamiltonian" columns={[{ title: 'energy' }, { title: 'formula' }]}>
        {card.hamiltonian.map(({ name, formula }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Formula markup={formula} />
            </td>
          </tr>
        ))}
      </Table>
      <Table label="Baths" columns={[{ title: 'bath' }, { title: 'jumps' }]}>
        {card.baths.map(({ name, jumps }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              {jumps.map((jump, k) => (
                <div class="jump" key={`${name} ${k}`}>
                  <Formula markup={jump} />
                </div>
              ))}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Parameters({ card }: { readonly card: MachineCard }) {
  return (
    <Card label="Its parameters" title="Parameters">
      <Table
        label="Parameters"
        columns={[{ title: 'parameter' }, { title: 'value' }, { title: 'what it is' }]}
      >
        {card.parameters.map(({ name, symbol, value, unit, text }) => (
          <tr key={name}>
            <th scope="row">
              <Formula markup={symbol} />
              <small>{name}</small>
            </th>
            <td>
              {brief(value, 6)} {unit === '1' ? '' : unit}
            </td>
            <td class="text">{text}</td>
          </tr>
        ))}
      </Table>
      <div class="recipe">
        <Button onClick={() => downloadText('machine.py', 'text/x-python', card.python)}>
          Python with QuTiP
        </Button>
      </div>
    </Card>
  );
}

const meanText = (mean: Mean): string =>
  typeof mean === 'number'
    ? exact(mean)
    : `${exact(mean.re)} ${mean.im < 0 ? '−' : '+'} ${exact(Math.abs(mean.im))} i`;

/** How far a flow may be off. */
const within = (error: number | null): string => (error === null ? '' : `± ${brief(error, 2)}`);

function Flows({ flows }: Pick<MachineNumbers, 'flows'>) {
  const columns = [{ title: 'from bath' }, { title: 'heat' }, { title: 'work' }];
  return (
    <Card label="Flows" title="Heat and work">
      <Table label="Heat and work of each bath" columns={columns}>
        {Object.keys(flows.heat).map((bath) => (
          <tr key={bath}>
            <th scope="row">{bath}</th>
            <td>
              <span data-heat={bath}>{exact(flows.heat[bath])}</span>
              <small>{within(flows.heatErrors[bath])}</small>
            </td>
            <td>
              <span data-work={bath}>{exact(flows.work[bath])}</span>
              <small>{within(flows.workErrors[bath])}</small>
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">together</th>
          <td>{exact(flows.totalHeat)}</td>
          <td>{exact(flows.totalWork)}</td>
        </tr>
      </Table>
      <p class="note">
        First law: {exact(flows.balance)}. Entropy production: {exact(flows.entropyProduction)}.
      </p>
    </Card>
  );
}

function FluctuationsLink() {
  const fluctuate = () =>
    goTo({
      view: 'fluctuations',
      settings: { ...page.value.settings, fluctuating: 'machine' },
    });
  return (
    <div class="recipe">
      <Button onClick={fluctuate}>What fluctuates in it</Button>
    </div>
  );
}

function Means({ numbers }: { readonly numbers: MachineNumbers }) {
  const { populations, energies, observables, ladder } = numbers;
  const rows: readonly (readonly [string, string])[] = [
    ...(ladder === null
      ? []
      : [
          [`mean of ${ladder.symbol}`, exact(ladder.mean)] as const,
          [`variance of ${ladder.symbol}`, exact(ladder.variance)] as const,
        ]),
    ...Object.entries(energies).map(([name, value]) => [`energy ${name}`, exact(value)] as const),
    ...Object.entries(observables).map(([name, mean]) => [name, meanText(mean)] as const),
    ...Object.entries(populations).map(
      ([name, levels]) =>
        [`populations of ${name}`, levels.map((p) => brief(p, 6)).join(', ')] as const,
    ),
  ];
  return (
    <Card label="Means" title="Means">
      <Table label="Mean values" columns={[{ title: 'what' }, { title: 'value' }]}>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Ladder({ numbers }: { readonly numbers: MachineNumbers }) {
  const { ladder, lmin } = numbers;
  const spec = useMemo(
    () => rotorPlot('linear', `level ${ladder?.symbol ?? ''}`),
    [ladder?.symbol],
  );
  const data = useMemo(
    () => (ladder === null ? null : { rows: levelRowsOf([...ladder.populations], lmin) }),
    [ladder, lmin],
  );
  if (ladder === null) return null;
  const dataset = (): Dataset => ({
    columns: [
      { name: 'level', unit: '', description: 'of the ladder' },
      { name: 'population', unit: '', description: 'of that level' },
    ],
    rows: [...ladder.populations].map((population, k) => ({ level: lmin + k, population })),
  });
  return (
    <Card label="Ladder" kind="narrow" title="Ladder">
      <Plot
        label="Populations of the ladder's levels"
        name="ladder"
        spec={spec}
        data={data}
        dataset={dataset}
        by={numbers.method}
        ratio={1.7}
      />
    </Card>
  );
}

function Solution({ numbers }: { readonly numbers: MachineNumbers }) {
  const { problems, lmin, lmax, method, reason, relativeResidual, seconds } = numbers;
  return (
    <>
      <NotConverged problems={problems} />
      <p class="note" data-testid="machine">
        Levels {minus(String(lmin))} to {lmax} of the ladder; {method}, cpu f64,{' '}
        {seconds.toFixed(2)} s; ‖Lρ‖ is {relativeResidual.toExponential(1)} of ‖|L||ρ|‖. The way,
        and why: {reason}.
      </p>
    </>
  );
}

export function MachinesView() {
  const result = useStudy(machine, requestOf);
  return (
    <div class="with-parameters machines">
      <Editor why={result?.why ?? null} />
      <div class="stack" id={RESULTS} tabIndex={-1}>
        <StudyProgress study={machine} what={null} total={null} />
        {result === null ? null : (
          <div class="stack results" aria-busy={!machine.current.value}>
            {result.why === null ? null : <Warning>{result.why}</Warning>}
            {result.card === null ? null : <Description card={result.card} />}
            {result.numbers === null ? null : (
              <>
                <Flows flows={result.numbers.flows} />
                <FluctuationsLink />
                <Solution numbers={result.numbers} />
                <Ladder numbers={result.numbers} />
                <Means numbers={result.numbers} />
              </>
            )}
            {result.card === null ? null : <Parameters card={result.card} />}
          </div>
        )}
      </div>
    </div>
  );
}
