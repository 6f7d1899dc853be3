/** What stands above every view: the views, light or dark. */

import { RESULTS, viewTitles } from '../content/views.js';
import { appearance } from '../state/appearance.js';
import { VIEWS, writeHashes } from '../state/page.js';
import { page } from '../state/store.js';
import { Button } from './Button.js';

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
  const addresses = writeHashes(page.value, VIEWS);
  return (
    <header>
      {/* No link: the address after # is the state of the page. */}
      <Button class="skip" onClick={() => document.getElementById(RESULTS)?.focus()}>
        Skip to the results
      </Button>
      <h1>quantum-mill</h1>
      <nav aria-label="Views">
        {VIEWS.map((view, i) => (
          <a
            key={view}
            href={addresses[i]}
            aria-current={page.value.view === view ? 'page' : undefined}
          >
            {viewTitles[view]}
          </a>
        ))}
      </nav>
      <AppearanceChoice />
    </header>
  );
}
