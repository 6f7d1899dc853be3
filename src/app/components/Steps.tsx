/** Back and forth among the states of the page, to its beginning, and what to compare with. */

import { masterEquations } from '../../model/masterEquations/registry.js';
import { deviceParameters, truncation } from '../../model/parameters.js';
import { pin, unpin } from '../state/pinned.js';
import { canRedo, canUndo, page, takeDevice } from '../state/store.js';
import { Button } from './Button.js';
import { nextModel, ofModel } from './ofModel.js';

export function Steps() {
  return (
    <div class="steps">
      <Button disabled={!canUndo.value} onClick={() => history.back()}>
        Undo
      </Button>
      <Button disabled={!canRedo.value} onClick={() => history.forward()}>
        Redo
      </Button>
      <Button
        onClick={() => takeDevice({ parameters: deviceParameters(), truncation: truncation() })}
      >
        Reset
      </Button>
    </div>
  );
}

/** A device that stays beside the one that is turned. */
export function Comparison() {
  const { settings, parameters } = page.value;
  const [other] = masterEquations[nextModel(parameters)].label.split(' (');
  return (
    <div class="steps">
      {settings.pin === '' ? (
        <Button onClick={pin}>Pin this device</Button>
      ) : (
        <Button onClick={unpin}>Unpin</Button>
      )}
      <Button
        onClick={() => {
          pin();
          takeDevice({
            parameters: ofModel(page.value.parameters, nextModel(page.value.parameters)),
          });
        }}
      >
        Beside it: the {other} model
      </Button>
    </div>
  );
}
