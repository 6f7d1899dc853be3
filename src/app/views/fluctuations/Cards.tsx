/** What fluctuates in a steady state, as cards: noise and uncertainty relations, the noise spectrum, the slowest modes. */

import { useMemo } from 'preact/hooks';
import type { NoiseAt } from '../../../fluctuations/dynamics.js';
import { Card } from '../../components/Card.js';
import { Setting } from '../../components/Setting.js';
import { Failure, NotConverged } from '../../components/Warning.js';
import type { Frequencies } from '../../fluctuations/live.js';
import {
  type FluctuationNumbers,
  type FoundModes,
  FREQUENCIES,
  SEARCHED,
} from '../../fluctuations/protocol.js';
import { Plot } from '../../plot/Plot.js';
import type { Newest } from '../../state/newest.js';
import type { Settings } from '../../state/page.js';
import { page } from '../../state/store.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { type Bath, bathsNamed } from './baths.js';
import { Currents, Together } from './Currents.js';
import { Modes } from './Modes.js';
import {
  countedBaths,
  rateRows,
  spectrumDataset,
  spectrumPlot,
  spectrumRows,
} from './spectrumPlot.js';

/** Something that is computed: what is there of it, and where it stands. */
type Told<Request, Result> = Pick<
  Newest<Request, Result>,
  'answer' | 'current' | 'turn' | 'done' | 'cancel' | 'retry'
>;

/** Of what the cards are. */
export interface Sources {
  readonly numbers: Told<unknown, FluctuationNumbers>;
  readonly modes: Told<unknown, FoundModes>;
  readonly spectrum: Told<Frequencies, readonly NoiseAt[]>;
  /** Null where they are those that are found. */
  readonly baths: readonly Bath[] | null;
  /** Whether it may take seconds: then it says how far it is. */
  readonly isLong: boolean;
  readonly by: string;
}

const hasFailed = (of: Told<unknown, unknown>): boolean => of.turn.value.state === 'failed';

/** Whether what is shown is of an earlier device. */
const isOld = (of: Told<unknown, unknown>): boolean =>
  of.answer.value !== null && !of.current.value;

export function NumbersCards({ numbers, baths, isLong, by }: Omit<Sources, 'modes' | 'spectrum'>) {
  const answer = numbers.answer.value?.result ?? null;
  const shown = baths ?? bathsNamed(answer?.found.baths.map(({ name }) => name) ?? []);
  // Of the mill every bath has quanta.
  const unknown = answer?.found.baths.filter(({ quanta }) => quanta === null) ?? [];
  if (hasFailed(numbers)) {
    return (
      <Card label="Currents" title="Currents and their noise">
        <Failure of={numbers} />
      </Card>
    );
  }
  return (
    <>
      <Card label="Currents" title="Currents and their noise">
        {isLong ? <StudyProgress study={numbers} what={null} total={null} /> : null}
        <NotConverged problems={answer?.problems ?? []} />
        <div class="results currents" aria-busy={isOld(numbers)}>
          {answer === null ? null : <Currents found={answer.found} baths={shown} />}
        </div>
        {unknown.length === 0 ? null : (
          <p class="note">
            The jumps of {unknown.map(({ name }) => name).join(', ')} carry no quanta of a charge
            that is conserved: what is made of quanta is not known there.
          </p>
        )}
        <p class="note counted" data-testid="fluctuations">
          {answer === null
            ? 'computing'
            : `${answer.milliseconds.toFixed(1)} ms on ${by}. Positive into the device, by time; noise is the zero-frequency one.`}
        </p>
      </Card>
      <Card label="Together" title="Of all baths together">
        <div class="results together" aria-busy={isOld(numbers)}>
          {answer === null ? null : <Together found={answer.found} baths={shown} />}
        </div>
      </Card>
    </>
  );
}

export function ModesCard({ modes, isLong }: Pick<Sources, 'modes' | 'isLong'>) {
  const found = modes.answer.value?.result ?? null;
  return (
    <Card label="Modes" title="Slowest modes">
      <Failure of={modes} />
      {isLong && !hasFailed(modes) ? (
        <StudyProgress study={modes} what="parts of the search" total={SEARCHED} />
      ) : null}
      {hasFailed(modes) ? null : (
        <div class="results modes" aria-busy={isOld(modes)}>
          {found === null ? null : <Modes modes={found.modes} />}
        </div>
      )}
      <p class="note">
        Of the populations: each decays as e^(−rate·t).{' '}
        {found?.slowest === 0
          ? 'Modes of other frequencies may decay more slowly, so that the gap is not known.'
          : 'The first is the gap, by which the steady state is reached.'}
        {isLong
          ? ' Where nothing that counts levels is conserved a search takes seconds on windows of few levels, and minutes on wide ones.'
          : null}
      </p>
    </Card>
  );
}

/** The baths of which something is counted at a frequency. */
const namesAt = ({ quanta, heat }: NoiseAt): string[] => [...quanta.keys(), ...heat.keys()];

const ENDS = [
  ['omegaFrom', 'from ω'],
  ['omegaTo', 'to ω'],
] as const;

function checkRange({ omegaFrom, omegaTo }: Settings): void {
  if (omegaFrom < omegaTo) return;
  throw new RangeError(`omega from ${omegaFrom} to ${omegaTo} is no range`);
}

export function SpectrumCard({ spectrum, modes, baths, isLong, by }: Omit<Sources, 'numbers'>) {
  const answer = spectrum.answer.value;
  const noise = answer?.result ?? null;
  const slow = modes.current.value ? (modes.answer.value?.result.modes ?? null) : null;
  const { omegaFrom, omegaTo } = page.value.settings;
  const { from, to } = answer?.request ?? { from: omegaFrom, to: omegaTo };
  const shown = useMemo(() => {
    const found = answer?.result ?? [];
    const all = baths ?? bathsNamed([...new Set(found.flatMap(namesAt))]);
    return answer === null ? all : countedBaths(found, all);
  }, [answer, baths]);
  const names = shown.map(({ name }) => name).join();
  const spec = useMemo(() => spectrumPlot({ from, to }, shown), [from, to, names]);
  const data = useMemo(
    () =>
      answer === null
        ? null
        : {
            rows: spectrumRows(answer.result, shown),
            rates: slow === null ? [] : rateRows(slow, answer.request),
          },
    [answer, slow, shown],
  );
  if (hasFailed(spectrum)) {
    return (
      <Card label="Noise spectrum" kind="wide" title="Noise spectrum">
        <Failure of={spectrum} />
      </Card>
    );
  }
  return (
    <Card label="Noise spectrum" kind="wide" title="Noise spectrum">
      {isLong ? <StudyProgress study={spectrum} what="frequencies" total={FREQUENCIES} /> : null}
      <div class="results" aria-busy={isOld(spectrum)}>
        <Plot
          label="Noise of each current against frequency"
          name="noise"
          spec={spec}
          data={data}
          dataset={() => (noise === null ? null : spectrumDataset(noise, shown))}
          by={by}
          ratio={1.9}
        />
      </div>
      <p class="note">
        Noise of the quanta that each bath brings, or of its heat where no quanta are counted, at{' '}
        {FREQUENCIES} frequencies. Upright lines: the rates of the slowest modes.
      </p>
      <div class="controls">
        {ENDS.map(([name, title]) => (
          <Setting key={name} name={name} title={title} check={checkRange} isInline />
        ))}
      </div>
    </Card>
  );
}
