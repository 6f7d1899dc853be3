/** What fluctuates in the steady state of the device, live: noise, uncertainty relations, modes, noise spectrum. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { fieldNotes, readFields } from '../../../model/parameters.js';
import { hasPotential } from '../../../model/potentialParameters.js';
import { Card } from '../../components/Card.js';
import { minus } from '../../components/format.js';
import { NumberField } from '../../components/NumberField.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { RESULTS } from '../../content/views.js';
import {
  askFluctuations,
  FREQUENCIES,
  leaveFluctuations,
  modes,
  numbers,
  spectrum,
} from '../../fluctuations/live.js';
import { Plot } from '../../plot/Plot.js';
import type { Newest } from '../../state/newest.js';
import { settingsSchema } from '../../state/page.js';
import { changeSettings, page } from '../../state/store.js';
import { Currents, Together } from './Currents.js';
import { Modes } from './Modes.js';
import { rateRows, spectrumDataset, spectrumPlot, spectrumRows } from './spectrumPlot.js';

const BY = 'cpu f64, sector, direct';

/** What a computation says of itself where it fails. */
function Failure<Request, Result>({ of }: { readonly of: Newest<Request, Result> }) {
  const turn = of.turn.value;
  if (turn.state !== 'failed') return null;
  return (
    <p class="warning" role="alert">
      {turn.why}
    </p>
  );
}

/** Whether what is shown is of an earlier device. */
const isOld = <Request, Result>(of: Newest<Request, Result>): boolean =>
  of.answer.value !== null && !of.current.value;

function NumbersCards() {
  const answer = numbers.answer.value?.result ?? null;
  return (
    <>
      <Card label="Currents" title="Currents and their noise">
        <Failure of={numbers} />
        {answer?.problems.map((problem) => (
          <p class="warning" role="alert" key={problem}>
            Not converged: {minus(problem)}
          </p>
        ))}
        <div class="results currents" aria-busy={isOld(numbers)}>
          {answer === null ? null : <Currents found={answer.found} />}
        </div>
        <p class="note counted" data-testid="fluctuations">
          {answer === null
            ? 'computing'
            : `${answer.milliseconds.toFixed(1)} ms on ${BY}. Positive into the device, by time; noise is the zero-frequency one.`}
        </p>
      </Card>
      <Card label="Together" title="Of all baths together">
        <div class="results together" aria-busy={isOld(numbers)}>
          {answer === null ? null : <Together found={answer.found} />}
        </div>
      </Card>
    </>
  );
}

function ModesCard() {
  const found = modes.answer.value?.result ?? null;
  return (
    <Card label="Modes" title="Slowest modes">
      <Failure of={modes} />
      <div class="results modes" aria-busy={isOld(modes)}>
        {found === null ? null : <Modes modes={found} />}
      </div>
      <p class="note">
        Of the populations: each decays as e^(−rate·t). The first is the gap, by which the steady
        state is reached.
      </p>
    </Card>
  );
}

const ENDS = [
  ['omegaFrom', 'from ω'],
  ['omegaTo', 'to ω'],
] as const;

function FrequencyField({ name, title }: { name: (typeof ENDS)[number][0]; title: string }) {
  return (
    <span class="inline">
      <label for={name}>{title}</label>
      <NumberField
        id={name}
        name={name}
        size={7}
        value={page.value.settings[name]}
        allowed={fieldNotes(settingsSchema, name).allowed}
        take={(value) => {
          const { omegaFrom, omegaTo } = readFields(settingsSchema, {
            ...page.value.settings,
            [name]: value,
          });
          if (!(omegaFrom < omegaTo)) {
            throw new RangeError(`omega from ${omegaFrom} to ${omegaTo} is no range`);
          }
          changeSettings({ [name]: value });
        }}
      />
    </span>
  );
}

function SpectrumCard() {
  const answer = spectrum.answer.value;
  const noise = answer?.result ?? null;
  const slow = modes.current.value ? (modes.answer.value?.result ?? null) : null;
  const { omegaFrom, omegaTo } = page.value.settings;
  const { from, to } = answer?.request ?? { from: omegaFrom, to: omegaTo };
  const spec = useMemo(() => spectrumPlot({ from, to }), [from, to]);
  const data = useMemo(
    () =>
      answer === null
        ? null
        : {
            rows: spectrumRows(answer.result),
            rates: slow === null ? [] : rateRows(slow, answer.request),
          },
    [answer, slow],
  );
  return (
    <Card label="Noise spectrum" kind="wide" title="Noise spectrum">
      <Failure of={spectrum} />
      <div class="results" aria-busy={isOld(spectrum)}>
        <Plot
          label="Noise of each current against frequency"
          name="noise"
          spec={spec}
          data={data}
          dataset={() => (noise === null ? null : spectrumDataset(noise))}
          by={BY}
          ratio={1.9}
        />
      </div>
      <p class="note">
        Noise of the quanta that each bath brings, at {FREQUENCIES} frequencies. Upright lines: the
        rates of the slowest modes.
      </p>
      <div class="controls">
        {ENDS.map(([name, title]) => (
          <FrequencyField key={name} name={name} title={title} />
        ))}
      </div>
    </Card>
  );
}

export function FluctuationsView() {
  useSignalEffect(() => askFluctuations(page.value));
  useEffect(() => leaveFluctuations, []);
  return (
    <div class="with-parameters">
      <ParameterPanel />
      <div class="stack" id={RESULTS} tabIndex={-1}>
        {hasPotential(page.value.parameters) ? (
          <p class="warning" role="alert">
            Fluctuations are known of devices without a potential: V and V2 must be 0 here.
          </p>
        ) : (
          <>
            <NumbersCards />
            <SpectrumCard />
            <ModesCard />
          </>
        )}
      </div>
    </div>
  );
}
