/** The browser app. */
import { effect } from '@preact/signals';
import { type ComponentType, render } from 'preact';
import { isSolving, OnTheCpu } from './components/Backend.js';
import { Header } from './components/Header.js';
import { later } from './components/Later.js';
import { workOffline } from './offline/register.js';
import { startSolving } from './solver/client.js';
import { embedded } from './state/embedded.js';
import { type View, writeHash } from './state/page.js';
import { addressProblems, page, startStore } from './state/store.js';
import { titleOf } from './state/title.js';
import './styles/base.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/plots.css';
import './styles/numbers.css';
import './styles/device.css';
import './styles/map.css';
import './styles/embed.css';
import './styles/print.css';
import { DeviceView } from './views/device/DeviceView.js';

/** All but the first come when they are asked for. */
const views: Readonly<Record<View, ComponentType>> = {
  device: DeviceView,
  map: later(async () => (await import('./views/map/MapView.js')).MapView),
  fluctuations: later(
    async () => (await import('./views/fluctuations/FluctuationsView.js')).FluctuationsView,
  ),
  figures: later(async () => (await import('./views/figures/FiguresView.js')).FiguresView),
  rectification: later(
    async () => (await import('./views/rectification/RectificationView.js')).RectificationView,
  ),
  evolution: later(async () => (await import('./views/evolution/EvolutionView.js')).EvolutionView),
  machines: later(async () => (await import('./views/machines/MachinesView.js')).MachinesView),
  performance: later(
    async () => (await import('./views/performance/PerformanceView.js')).PerformanceView,
  ),
};

function App() {
  const View = views[page.value.view];
  return (
    <>
      {embedded ? null : <Header />}
      <main aria-busy={isSolving()}>
        {addressProblems.value.length === 0 ? null : (
          <div class="warning" role="alert">
            Not all of the address was understood; what was is shown, with defaults for the rest.
            <ul>
              {addressProblems.value.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        <OnTheCpu />
        <View />
      </main>
      {embedded ? (
        <footer>
          <a href={`${location.pathname}${writeHash(page.value)}`} target="_blank" rel="noopener">
            {titleOf(page.value)}
          </a>
        </footer>
      ) : null}
    </>
  );
}

/** The history has the title of where it goes back to: set before the address changes. */
effect(() => {
  document.title = titleOf(page.value);
});

document.documentElement.toggleAttribute('data-embed', embedded);
startStore();
startSolving();
workOffline();
const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the app');
place.textContent = '';
render(<App />, place);
