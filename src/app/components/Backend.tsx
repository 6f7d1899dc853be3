/** The choice of what computes, in the views that obey it, and what did. */
import { useEffect } from 'preact/hooks';
import { BACKENDS, type BackendName, backends, hasBatches } from '../../backend/registry.js';
import { hasPotential } from '../../model/potentialParameters.js';
import { atlas } from '../map/atlas.js';
import { gpu, lookForGpu, steady } from '../solver/client.js';
import type { GpuStatus, SteadyResult } from '../solver/protocol.js';
import type { View } from '../state/page.js';
import { changeSettings, page } from '../state/store.js';

function gpuText(status: GpuStatus): string {
  switch (status.state) {
    case 'looking':
      return 'GPU: not known yet';
    case 'none':
      return `no WebGPU: ${status.why}`;
    case 'lost':
      return `the GPU was lost and is being opened again: ${status.why}`;
    case 'ready': {
      const precision = status.df64 === null ? 'f32 only' : `f64 as pairs of f32 (${status.df64})`;
      const losses =
        status.losses === 0
          ? ''
          : `; lost ${status.losses} time${status.losses === 1 ? '' : 's'}, opened again`;
      return `WebGPU: ${status.adapter}, ${precision}${losses}`;
    }
  }
}

export const isSolving = (): boolean => ['waiting', 'running'].includes(steady.turn.value.state);

export function madeBy({ provenance: p }: SteadyResult): string {
  const iterations = p.iterations === 0 ? '' : `, ${p.iterations} iterations`;
  return `${p.backend} ${p.precision}, ${p.space}, ${p.method}${iterations}`;
}

/** How long the device took that is shown, or that another is under way. */
export function Duration() {
  const last = steady.answer.value?.result ?? null;
  return (
    <span class="time" data-testid="milliseconds">
      {last !== null && last.coarse !== null
        ? `coarse in ${last.provenance.milliseconds.toFixed(0)} ms${isSolving() ? ', solving on' : ''}`
        : isSolving()
          ? 'solving'
          : last === null
            ? ''
            : `${last.provenance.milliseconds.toFixed(1)} ms`}
    </span>
  );
}

/** Views that compute what is chosen, or all of it. */
const OBEDIENT: readonly View[] = ['device', 'map', 'performance'];

/** Says so in every other view, where the choice is not the CPU. */
export function OnTheCpu() {
  const { view, settings } = page.value;
  const { isHost, title } = backends[settings.backend];
  if (isHost || OBEDIENT.includes(view)) return null;
  return (
    <p class="note" data-testid="on-the-cpu">
      This view is computed on the CPU: {title}, which is chosen, computes single devices and maps.
    </p>
  );
}

/** Opening a GPU takes processor time, which what the CPU is computing has first: a map by a tenth of it. */
function useGpu(of: 'device' | 'map'): void {
  const { state } = (of === 'map' ? atlas : steady).turn.value;
  const isWanted = !backends[page.value.settings.backend].isHost;
  const isAtRest = ['done', 'failed', 'cancelled'].includes(state);
  useEffect(() => {
    if (isWanted || isAtRest) lookForGpu();
  }, [isWanted, isAtRest]);
}

/** @param of what the view computes: maps have no gpu.js */
export function Backend({ of }: { readonly of: 'device' | 'map' }) {
  const { parameters, settings } = page.value;
  const last = steady.answer.value?.result ?? null;
  useGpu(of);
  const left = (name: BackendName): string | null => {
    if (backends[name].hasKernels && gpu.value.state === 'none') return 'not here';
    if (hasBatches(name)) return null;
    if (of === 'map') return 'not for maps';
    return hasPotential(parameters) ? null : 'with V ≠ 0';
  };
  return (
    <div class="backend">
      <label class="choice">
        <span>What computes</span>
        <select
          value={settings.backend}
          onPointerEnter={lookForGpu}
          onFocus={lookForGpu}
          onChange={(event) =>
            changeSettings({ backend: event.currentTarget.value as BackendName })
          }
        >
          {BACKENDS.map((name) => {
            const why = left(name);
            return (
              <option key={name} value={name} disabled={why !== null}>
                {backends[name].title}
                {why === null ? '' : ` (${why})`}
              </option>
            );
          })}
        </select>
      </label>
      <div class="made note">
        {of === 'device' ? (
          <span data-testid="backend">{last === null ? 'starting' : madeBy(last)}</span>
        ) : null}
        <span data-testid="gpu" class={gpu.value.state === 'lost' ? 'differs' : undefined}>
          {gpuText(gpu.value)}
        </span>
      </div>
    </div>
  );
}
