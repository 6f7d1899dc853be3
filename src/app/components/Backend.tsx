/** What computes, at all times, and the choice of it. */
import { gpu, steady } from '../solver/client.js';
import { BACKENDS, type BackendName, type GpuStatus } from '../solver/protocol.js';
import { changeSettings, page } from '../state/store.js';

const titles: Readonly<Record<BackendName, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  gpujs: 'gpu.js, WebGL2',
};

function gpuText(status: GpuStatus): string {
  switch (status.state) {
    case 'looking':
      return 'looking for a GPU';
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

const isSolving = (): boolean => ['waiting', 'running'].includes(steady.turn.value.state);

export function Backend() {
  const answer = steady.answer.value;
  const { V } = page.value.parameters;
  const last = answer?.result.provenance ?? null;
  const iterations =
    last === null || last.iterations === 0 ? '' : `, ${last.iterations} iterations`;
  return (
    <div class="backend">
      <label>
        <span class="hidden">What computes</span>
        <select
          value={page.value.settings.backend}
          onChange={(event) =>
            changeSettings({ backend: event.currentTarget.value as BackendName })
          }
        >
          {BACKENDS.map((name) => (
            <option
              key={name}
              value={name}
              disabled={
                (name === 'webgpu' && gpu.value.state === 'none') || (name === 'gpujs' && V === 0)
              }
            >
              {titles[name]}
              {name === 'gpujs' && V === 0 ? ' (V ≠ 0)' : ''}
            </option>
          ))}
        </select>
      </label>
      <div class="made" role="status" aria-live="off">
        <span data-testid="backend">
          {last === null
            ? 'starting'
            : `${last.backend} ${last.precision}, ${last.space}, ${last.method}${iterations}`}
        </span>{' '}
        <span class="time" data-testid="milliseconds">
          {isSolving() ? 'solving' : last === null ? '' : `${last.milliseconds.toFixed(1)} ms`}
        </span>
        <br />
        <span data-testid="gpu" class={gpu.value.state === 'lost' ? 'differs' : undefined}>
          {gpuText(gpu.value)}
        </span>
      </div>
    </div>
  );
}
