/** The browser app. */
import { type ComponentType, render } from 'preact';
import { Header } from './components/Header.js';
import { startSolving, steady } from './solver/client.js';
import type { View } from './state/page.js';
import { addressProblem, page, startStore } from './state/store.js';
import './styles/base.css';
import './styles/layout.css';
import { DeviceView } from './views/device/DeviceView.js';
import { EvolutionView } from './views/evolution/EvolutionView.js';
import { FiguresView } from './views/figures/FiguresView.js';
import { MapView } from './views/map/MapView.js';
import { PerformanceView } from './views/performance/PerformanceView.js';
import { RectificationView } from './views/rectification/RectificationView.js';

const views: Readonly<Record<View, ComponentType>> = {
  device: DeviceView,
  map: MapView,
  figures: FiguresView,
  rectification: RectificationView,
  evolution: EvolutionView,
  performance: PerformanceView,
};

function App() {
  const View = views[page.value.view];
  return (
    <>
      <Header />
      <main aria-busy={['waiting', 'running'].includes(steady.turn.value.state)}>
        {addressProblem.value === null ? null : (
          <p class="warning" role="alert">
            The address was not understood, and the defaults are shown: {addressProblem.value}
          </p>
        )}
        <View />
      </main>
    </>
  );
}

startStore();
startSolving();
const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the app');
place.textContent = '';
render(<App />, place);
