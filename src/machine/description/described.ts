/** A machine as its file describes it, ready to be computed with. */
import { largestOf } from '../../operators/operator.js';
import { OperatorSet } from '../evaluateOperator.js';
import type { Expression } from '../expression.js';
import { ONE, parameter, quotient, ZERO } from '../expression.js';
import { type EnergyPart, FREQUENCY } from '../machine.js';
import { adjoint, type OperatorForm, real, scale, sum } from '../operatorForm.js';
import type {
  DescribedBath,
  DescribedCollisions,
  DescribedInitial,
  DescribedMachine,
  DescribedParameter,
} from './describedMachine.js';
import { suggestion } from './error.js';
import { isReserved, Scope } from './evaluate.js';
import { FormulaReader } from './formulaReader.js';
import {
  finiteLadder,
  type LadderForm,
  NO_LADDER,
  oscillatorLadder,
  ringLadder,
  spinLadder,
  turningLadder,
} from './ladder.js';
import { type MachineModel, machineModel } from './models.js';
import type { Subsystems } from './subsystems.js';
import { MachineText, type Path } from './text.js';
import { localJumps, thermalRate } from './thermalBath.js';
import { functionValue, ValueError } from './value.js';

/** Largest |H − H†| beside |H|. */
const HERMITIAN = 1e-12;

/**
 * @param model in place of the file's
 * @throws {MachineError} in one line that says where and what
 */
export function describedMachine(
  file: string,
  text: string,
  model?: MachineModel,
): DescribedMachine {
  return new Compiler(new MachineText(file, text), model).compile();
}

class Compiler extends FormulaReader {
  compile(): DescribedMachine {
    const { name, source = '', text = '' } = this.description;
    const subsystems = this.subsystems();
    const parameters = this.parameters(subsystems);
    const ladder = this.#ladder(subsystems, parameters);
    const scope = new Scope(subsystems, ladder);
    this.fill(scope, parameters);
    const known = (key: string) => this.#refuseName(key, subsystems, ladder);
    for (const { name: key } of parameters) known(key)(['parameters', key]);
    this.#definitions(scope, known);
    const energies = this.#energies(scope, ladder);
    const baths = this.#baths(scope, energies);
    const observables = Object.keys(this.description.observables).map((key) => ({
      name: key,
      operator: this.operator(scope, ['observables', key]),
    }));
    const initial = this.#initial(scope, ladder);
    const collisions = this.#collisions(scope);
    this.#requireUsed(scope, parameters, ladder);
    if (energies.length === 0 && baths.length === 0) {
      this.refuse([], 'a machine has energies in its hamiltonian, or baths, or both');
    }
    return {
      file: this.text.file,
      name,
      source,
      text,
      subsystems,
      ladder,
      model: this.#model(baths),
      parameters,
      energies,
      baths,
      observables,
      initial,
      collisions,
      machine: {
        name,
        states: subsystems.states,
        energies,
        baths: baths.map(({ name: bath, jumps }) => ({ kind: 'explicit', name: bath, jumps })),
      },
      description: this.description,
      scope,
      placeOf: (path) => this.text.placeOf(path),
    };
  }

  #ladder(subsystems: Subsystems, parameters: readonly DescribedParameter[]): LadderForm {
    const { ladder } = this.description;
    const { states } = subsystems;
    switch (ladder.kind) {
      case 'rotor':
      case 'charge': {
        const scope = new Scope(subsystems, NO_LADDER);
        this.fill(scope, parameters);
        const path = ['ladder', 'offset'];
        const offset = ladder.offset === undefined ? null : this.number(scope, path);
        if (offset !== null) this.requireUnit(path, offset, 0);
        return turningLadder(ladder.kind, ladder.window, offset);
      }
      case 'oscillator':
        return oscillatorLadder(states, ladder.levels);
      case 'spin':
        return spinLadder(states, ladder.spin);
      case 'ring':
        return ringLadder(states, ladder.sites);
      case 'finite':
        return finiteLadder(states, ladder.levels);
      case 'none':
        return NO_LADDER;
    }
  }

  #refuseName(key: string, subsystems: Subsystems, ladder: LadderForm) {
    return (path: Path) => {
      const taken =
        isReserved(key) || ladder.names.has(key)
          ? `'${key}' already has a meaning in formulas`
          : subsystems.find(key) >= 0
            ? `'${key}' is a subsystem already`
            : null;
      if (taken !== null) this.refuse(path, taken, this.text.placeOfKey(path));
    };
  }

  #definitions(scope: Scope, known: (key: string) => (path: Path) => void): void {
    const { definitions, parameters } = this.description;
    scope.announce(Object.keys(definitions));
    for (const key of Object.keys(definitions)) {
      const path = ['definitions', key];
      known(key)(path);
      if (Object.hasOwn(parameters, key)) this.refuse(path, `'${key}' is a parameter already`);
      scope.define(key, this.value(scope, path));
    }
  }

  #energies(scope: Scope, ladder: LadderForm): EnergyPart[] {
    return Object.entries(this.description.hamiltonian).map(([name, given]) => {
      const key = ['hamiltonian', name];
      const isPlain = typeof given !== 'object';
      const path = isPlain ? key : [...key, 'energy'];
      const operator = this.operator(scope, path);
      this.requireUnits(path, operator, 1);
      this.#requireHermitian(path, operator, ladder);
      const isHeat = isPlain || given.counts === 'heat';
      return { name, symbol: this.textAt(path), isHeat, operator };
    });
  }

  #baths(scope: Scope, energies: readonly EnergyPart[]): DescribedBath[] {
    const hamiltonian = sum(...energies.map(({ operator }) => operator));
    return Object.entries(this.description.baths).map(([name, given]) => {
      const path = ['baths', name];
      if (name === 'hamiltonian') this.refuse(path, "no bath is named 'hamiltonian'");
      const { temperature, beta, jumps, coupling, spectrum } = given;
      if (temperature === undefined && beta === undefined) {
        this.refuse(
          path,
          "its temperature, or beta, is missing; 'temperature: none' is for what has none",
        );
      }
      if (temperature !== undefined && beta !== undefined) {
        this.refuse(path, 'temperature or beta, not both');
      }
      if (jumps !== undefined && coupling !== undefined) {
        this.refuse(path, 'jumps or coupling, not both');
      }
      const own = { name, beta: this.#beta(scope, path, given), isHeat: given.counts === 'heat' };
      if (jumps !== undefined) {
        if (spectrum !== undefined) this.refuse([...path, 'spectrum'], 'only with coupling');
        return { ...own, jumps: jumps.map((_, k) => this.#jump(scope, path, k)), thermal: null };
      }
      if (coupling === undefined || spectrum === undefined) {
        const missing = coupling === undefined ? 'jumps, or coupling and spectrum,' : 'spectrum';
        this.refuse(path, `${missing} is missing`.replace(', is', ', are'));
      }
      return { ...own, ...this.#coupled(scope, path, own.beta, hamiltonian) };
    });
  }

  #jump(scope: Scope, path: Path, k: number): OperatorForm {
    const at = [...path, 'jumps', k];
    const jump = this.operator(scope, at);
    this.requireUnits(at, jump, 0.5);
    return jump;
  }

  /** What a bath couples to, and the jumps that the local master equation makes of it. */
  #coupled(
    scope: Scope,
    path: Path,
    beta: Expression | null,
    hamiltonian: OperatorForm,
  ): Pick<DescribedBath, 'jumps' | 'thermal'> {
    if (beta === null) this.refuse(path, "'temperature: none' is for jumps: a coupling needs one");
    for (const kind of ['parameters', 'definitions'] as const) {
      if (!Object.hasOwn(this.description[kind], FREQUENCY)) continue;
      const taken = [kind, FREQUENCY];
      const what = `'${FREQUENCY}' is the frequency in a spectrum`;
      this.refuse(taken, what, this.text.placeOfKey(taken));
    }
    const at = [...path, 'coupling'];
    const coupling = this.operator(scope, at);
    this.requireUnits(at, coupling, 0);
    this.#requireHermitian(at, coupling, scope.ladder);
    const rateOf = (gain: Expression): Expression =>
      thermalRate(gain, beta, (frequency) => {
        scope.define(FREQUENCY, functionValue(real(frequency)));
        const density = this.number(scope, [...path, 'spectrum']);
        scope.forget(FREQUENCY);
        this.requireUnit([...path, 'spectrum'], density, 1);
        return density;
      });
    const rate = rateOf(parameter(FREQUENCY));
    if (!machineModel(this.description.model).hasFormulas) {
      return { jumps: [], thermal: { coupling, rate } };
    }
    try {
      const jumps = localJumps(scope.subsystems.states, coupling, hamiltonian, rateOf);
      return { jumps, thermal: { coupling, rate } };
    } catch (error) {
      if (error instanceof ValueError) this.refuse(at, error.message);
      throw error;
    }
  }

  /** @throws {MachineError} where the model is not for this machine */
  #model(baths: readonly DescribedBath[]): MachineModel {
    const { model } = this.description;
    const { hasFormulas } = machineModel(model);
    const place = this.text.placeOf(['model']);
    if (!hasFormulas && baths.every(({ thermal }) => thermal === null)) {
      this.refuse(['model'], 'it makes jumps of couplings, and no bath has one', place);
    }
    return model;
  }

  /** At the defaults of all parameters. */
  #requireHermitian(path: Path, form: OperatorForm, { lmin, lmax }: LadderForm): void {
    const excess = sum(form, scale(adjoint(form), -1));
    if (excess.length === 0) return;
    const values = Object.fromEntries(
      Object.entries(this.description.parameters).map(([name, given]) => [
        name,
        typeof given === 'number' ? given : given.default,
      ]),
    );
    const window = { lmin, lmax, size: lmax - lmin + 1 };
    const operator = OperatorSet.of({ of: form, by: excess }).evaluate(window, values);
    // What is no number is told where the numbers are looked at.
    if (!(largestOf(operator('by')) > HERMITIAN * largestOf(operator('of')))) return;
    this.refuse(path, "it is not Hermitian; '+ hc' adds the adjoint of what is before it");
  }

  #beta(
    scope: Scope,
    path: Path,
    { temperature, beta }: { readonly temperature?: unknown; readonly beta?: unknown },
  ): Expression | null {
    if (temperature === 'none') return null;
    const field = beta === undefined ? 'temperature' : 'beta';
    const at = [...path, field];
    const given = this.number(scope, at);
    this.requireUnit(at, given, field === 'beta' ? -1 : 1);
    return field === 'beta' ? given : quotient(ONE, given);
  }

  #initial(scope: Scope, ladder: LadderForm): DescribedInitial {
    const { initial } = this.description;
    const { all } = scope.subsystems;
    for (const key of Object.keys(initial)) {
      const known = [...all.map(({ name }) => name), ...(ladder.symbol === null ? [] : ['ladder'])];
      if (known.includes(key)) continue;
      const path = ['initial', key];
      const what = `'${key}' is neither a subsystem nor the ladder`;
      this.refuse(path, `${what}${suggestion(key, known)}`, this.text.placeOfKey(path));
    }
    const weights = all.map(({ name, levels }): readonly Expression[] => {
      const path = ['initial', name];
      const given = initial[name] ?? 0;
      if (Array.isArray(given)) {
        if (given.length !== levels.length) {
          this.refuse(path, `${given.length} weights of ${levels.length} levels`);
        }
        return given.map((_, k) => this.number(scope, [...path, k]));
      }
      const named = levels.indexOf(String(given));
      const level = named >= 0 ? named : typeof given === 'number' ? given : -1;
      if (!(level >= 0 && level < levels.length)) {
        this.refuse(path, `'${given}' is no level of '${name}', which has ${levels.join(', ')}`);
      }
      return levels.map((_, k) => (k === level ? ONE : ZERO));
    });
    const { lmin, lmax } = ladder;
    const level = initial.ladder ?? Math.min(Math.max(0, lmin), lmax);
    if (typeof level !== 'number' || level < lmin || level > lmax) {
      this.refuse(['initial', 'ladder'], `must be a whole number from ${lmin} to ${lmax}`);
    }
    return { weights, level };
  }

  #collisions(scope: Scope): DescribedCollisions | null {
    const { collisions } = this.description;
    if (collisions === undefined) return null;
    const { subsystems } = scope;
    const path = ['collisions', 'units'];
    const tau = this.number(scope, ['collisions', 'tau']);
    this.requireUnit(['collisions', 'tau'], tau, -1);
    const names = subsystems.all.map(({ name }) => name);
    const units = Object.entries(collisions.units).map(([name, state]) => {
      const own = [...path, name];
      const at = subsystems.find(name);
      if (at < 0) {
        const what = `'${name}' is no subsystem${suggestion(name, names)}`;
        this.refuse(own, what, this.text.placeOfKey(own));
      }
      const isPure = !Array.isArray(state);
      const given = Array.isArray(state) ? state : state.amplitudes;
      const { levels } = subsystems.all[at];
      if (given.length !== levels.length) {
        this.refuse(own, `${given.length} numbers of ${levels.length} levels`);
      }
      const numbers = given.map((_, k) => {
        const place = [...own, ...(isPure ? ['amplitudes'] : []), k];
        return isPure ? this.complex(scope, place) : real(this.number(scope, place));
      });
      return { at, isPure, numbers };
    });
    if (units.length === 0) this.refuse(path, 'no subsystem is a unit');
    return { tau, units };
  }

  #requireUsed(scope: Scope, parameters: readonly DescribedParameter[], ladder: LadderForm): void {
    const { definitions } = this.description;
    const unused = (kind: string, name: string): void => {
      const path = [kind, name];
      this.refuse(path, `'${name}' is not used by any formula`, this.text.placeOfKey(path));
    };
    const { ladder: given } = this.description;
    const offset = 'offset' in given && given.offset !== undefined ? String(given.offset) : '';
    for (const { name } of parameters) {
      const inOffset = new RegExp(`\\b${name}\\b`).test(offset);
      if (!scope.isUsed(name) && !inOffset) unused('parameters', name);
    }
    for (const name of Object.keys(definitions))
      if (!scope.isUsed(name)) unused('definitions', name);
    for (const { name } of scope.subsystems.all) {
      if (!scope.isUsed(name)) unused('subsystems', name);
    }
    const names = [...ladder.names.keys()];
    if (names.length > 0 && !names.some((name) => scope.isUsed(name))) {
      const list = names.map((name) => `'${name}'`).join(', ');
      this.refuse(['ladder'], `no formula has any of its operators ${list}`);
    }
  }
}
