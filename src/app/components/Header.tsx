/** What stands above every view: the views, what computes, light or dark. */
import { appearance } from '../state/appearance.js';
import { VIEWS, type View, writeHash } from '../state/page.js';
import { page } from '../state/store.js';
import { Backend } from './Backend.js';

const titles: Readonly<Record<View, string>> = {
  device: 'Device',
  map: 'Map',
  figures: 'Figures',
  rectification: 'Rectification',
  evolution: 'Evolution',
  performance: 'Performance',
};

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
      <AppearanceChoice />
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
    </header>
  );
}
