/** What stands above every view: the views, what computes, light or dark. */
import { gpu, steady } from '../solver/client.js';
import { appearance } from '../state/appearance.js';
import { VIEWS, type View, writeHash } from '../state/page.js';
import { page } from '../state/store.js';

const titles: Readonly<Record<View, string>> = { device: 'Device', map: 'Map', figures: 'Figures' };

function Backend() {
  const answer = steady.value;
  const status = gpu.value;
  const last = answer.state === 'done' ? answer.result.provenance : null;
  return (
    <div class="backend" role="status" aria-live="off">
      <span data-testid="backend">
        {last === null
          ? 'starting'
          : `${last.backend} ${last.precision}, ${last.space}, ${last.method}`}
      </span>
      <span class="time" data-testid="milliseconds">
        {last === null ? '' : `${last.milliseconds.toFixed(1)} ms`}
      </span>
      <span data-testid="gpu">
        {status === null
          ? 'looking for a GPU'
          : status.state === 'none'
            ? `no WebGPU: ${status.why}`
            : `WebGPU: ${status.adapter}, ${status.df64 === null ? 'f32 only' : `f64 as pairs of f32 (${status.df64})`}`}
      </span>
    </div>
  );
}

function AppearanceChoice() {
  return (
    <label class="appearance">
      <span class="hidden">Appearance</span>
      <select
        value={appearance.value}
        onChange={({ currentTarget: { value } }) => {
          appearance.value = value === 'light' || value === 'dark' ? value : 'system';
        }}
      >
        <option value="system">as the system</option>
        <option value="light">light</option>
        <option value="dark">dark</option>
      </select>
    </label>
  );
}

export function Header() {
  return (
    <header>
      <h1>quantum-mill</h1>
      <nav aria-label="Views">
        {VIEWS.map((view) => (
          <a
            key={view}
            href={writeHash({ ...page.value, view })}
            aria-current={page.value.view === view ? 'page' : undefined}
          >
            {titles[view]}
          </a>
        ))}
      </nav>
      <Backend />
      <AppearanceChoice />
    </header>
  );
}
