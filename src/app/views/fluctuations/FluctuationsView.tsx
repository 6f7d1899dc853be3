/** What fluctuates, live: in the steady state of the device, or of the machine of a file. */
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { hasPotential } from '../../../model/potentialParameters.js';
import { Card } from '../../components/Card.js';
import { SettingChoice } from '../../components/Choice.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { RESULTS } from '../../content/views.js';
import {
  askFluctuations,
  leaveFluctuations,
  modes,
  numbers,
  spectrum,
} from '../../fluctuations/live.js';
import {
  askMachineFluctuations,
  leaveMachineFluctuations,
  machineModes,
  machineNumbers,
  machineSpectrum,
} from '../../fluctuations/ofMachine.js';
import { page } from '../../state/store.js';
import { Editor, shownText } from '../machines/Editor.js';
import { MILL_BATHS } from './baths.js';
import { ModesCard, NumbersCards, type Sources, SpectrumCard } from './Cards.js';

const ofDevice: Sources = {
  numbers,
  modes,
  spectrum,
  baths: MILL_BATHS,
  isLong: false,
  by: 'cpu f64, sector, direct',
};
/** By the whole space, or by layers of it. */
const inPotential: Sources = { ...ofDevice, isLong: true, by: 'cpu f64, whole space' };
const ofMachine: Sources = {
  numbers: machineNumbers,
  modes: machineModes,
  spectrum: machineSpectrum,
  baths: null,
  isLong: true,
  by: 'cpu f64',
};

const isOfMachine = (): boolean => page.value.settings.fluctuating === 'machine';

function follow(): void {
  if (isOfMachine()) {
    leaveFluctuations();
    askMachineFluctuations(shownText(), page.value.settings);
  } else {
    leaveMachineFluctuations();
    askFluctuations(page.value);
  }
}

function leave(): void {
  leaveFluctuations();
  leaveMachineFluctuations();
}

function Choice() {
  return (
    <Card label="What fluctuates">
      <SettingChoice
        name="fluctuating"
        title="Fluctuations of"
        options={[
          ['device', 'the mill, by its sliders'],
          ['machine', "a machine of the gallery, or one's own"],
        ]}
      />
    </Card>
  );
}

export function FluctuationsView() {
  useSignalEffect(follow);
  useEffect(() => leave, []);
  const machine = isOfMachine();
  const potential = !machine && hasPotential(page.value.parameters);
  const sources = machine ? ofMachine : potential ? inPotential : ofDevice;
  return (
    <div class={`with-parameters${machine ? ' machines' : ''}`}>
      {machine ? <Editor why={null} /> : <ParameterPanel />}
      <div class="stack" id={RESULTS} tabIndex={-1}>
        <Choice />
        <NumbersCards {...sources} />
        <SpectrumCard {...sources} />
        <ModesCard {...sources} />
      </div>
    </div>
  );
}
