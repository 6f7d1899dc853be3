/** Reads the formulas of a description, and refuses what they may not be, with where it stands. */
import type { Expression } from '../expression.js';
import { parameter } from '../expression.js';
import { type ComplexExpression, type OperatorForm, real } from '../operatorForm.js';
import type { DescribedParameter } from './describedMachine.js';
import { MachineError } from './error.js';
import { isReserved, MeaningError, type Scope } from './evaluate.js';
import type { MachineModel } from './models.js';
import { readDescription } from './read.js';
import { type CompleteDescription, MOST_STATES } from './schema.js';
import { Subsystems } from './subsystems.js';
import { parseExpression, SyntaxTextError } from './syntax.js';
import type { MachineText, Path } from './text.js';
import { type Powers, powerOfUnit, requirePower, UnitError } from './units.js';
import {
  asOperator,
  complexNumber,
  functionValue,
  realNumber,
  type Value,
  ValueError,
} from './value.js';

export class FormulaReader {
  protected readonly description: CompleteDescription;

  readonly #powers: Map<string, number> = new Map();

  constructor(
    readonly text: MachineText,
    model?: MachineModel,
  ) {
    const description = readDescription(text);
    this.description = model === undefined ? description : { ...description, model };
  }

  protected refuse(path: Path, what: string, place = this.text.placeOf(path)): never {
    const where = path.length === 0 ? '' : `${path.join('.')}: `;
    throw new MachineError(this.text.file, path.length === 0 ? null : place, `${where}${what}`);
  }

  protected subsystems(): Subsystems {
    const all = Object.entries(this.description.subsystems).map(([name, levels]) => {
      const path = ['subsystems', name];
      if (isReserved(name) || name === 'ladder')
        this.refuse(path, `'${name}' already has a meaning in formulas`);
      const names =
        typeof levels === 'number' ? Array.from({ length: levels }, (_, k) => `${k}`) : levels;
      if (new Set(names).size < names.length) this.refuse(path, 'a level is there twice');
      return { name, levels: names };
    });
    const states = all.reduce((n, { levels }) => n * levels.length, 1);
    if (states > MOST_STATES) {
      this.refuse(['subsystems'], `${states} states together: at most ${MOST_STATES}`);
    }
    return new Subsystems(all);
  }

  protected parameters(subsystems: Subsystems): DescribedParameter[] {
    return Object.entries(this.description.parameters).map(([name, given]) => {
      const path = ['parameters', name];
      if (subsystems.find(name) >= 0) this.refuse(path, `'${name}' is a subsystem already`);
      const {
        default: value,
        unit,
        range,
        text = '',
      } = typeof given === 'number' ? { default: given, unit: undefined, range: undefined } : given;
      const [low, high] = [range?.[0] ?? -Infinity, range?.[1] ?? Infinity];
      if (!(value >= low && value <= high)) {
        this.refuse([...path, 'default'], `${value} is outside of its range [${low}, ${high}]`);
      }
      const power = unit === undefined ? undefined : powerOfUnit(unit);
      if (power !== undefined) this.#powers.set(name, power);
      return { name, default: value, unit: unit ?? '', range: [low, high], text };
    });
  }

  protected fill(scope: Scope, parameters: readonly DescribedParameter[]): void {
    for (const { name } of parameters) scope.define(name, functionValue(real(parameter(name))));
  }

  protected textAt(path: Path): string {
    let data: unknown = this.description;
    for (const key of path) data = (data as Record<string | number, unknown>)[key];
    return String(data);
  }

  /** The value of the formula at a path. */
  protected value(scope: Scope, path: Path): Value {
    try {
      return scope.evaluate(parseExpression(this.textAt(path)));
    } catch (error) {
      if (error instanceof SyntaxTextError || error instanceof MeaningError) {
        this.refuse(path, error.message, this.text.placeWithin(path, error.at));
      }
      if (error instanceof ValueError) this.refuse(path, error.message);
      throw error;
    }
  }

  /** A value of a kind. */
  #as<T>(scope: Scope, path: Path, kind: (value: Value) => T): T {
    const value = this.value(scope, path);
    try {
      return kind(value);
    } catch (error) {
      if (error instanceof ValueError) this.refuse(path, error.message);
      throw error;
    }
  }

  protected operator(scope: Scope, path: Path): OperatorForm {
    return this.#as(scope, path, (value) => asOperator(scope.subsystems.states, value));
  }

  protected number(scope: Scope, path: Path): Expression {
    return this.#as(scope, path, realNumber);
  }

  protected complex(scope: Scope, path: Path): ComplexExpression {
    return this.#as(scope, path, complexNumber);
  }

  protected requireUnit(path: Path, x: Expression, power: number): void {
    this.#unitsChecked(path, (powers) => requirePower(x, power, powers));
  }

  #unitsChecked(path: Path, check: (powers: Powers) => void): void {
    try {
      check(this.#powers);
    } catch (error) {
      if (error instanceof UnitError) this.refuse(path, error.message);
      throw error;
    }
  }

  /** Every term of an operator has the unit that is wanted, or one that all of them share. */
  protected requireUnits(path: Path, form: OperatorForm, wanted: number): void {
    this.#unitsChecked(path, (powers) => {
      for (const { f } of form) {
        requirePower(f.re, wanted, powers);
        requirePower(f.im, wanted, powers);
      }
    });
  }
}
