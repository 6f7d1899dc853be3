/** How many cumulants are asked for. */
import { MOST_CUMULANTS } from '../fluctuations/counting.js';
import { ParameterError } from '../model/parameters.js';

/** @throws {ParameterError} for an order that is not computed */
export function checkedOrder(order: unknown): number {
  if (
    typeof order === 'number' &&
    Number.isInteger(order) &&
    order >= 1 &&
    order <= MOST_CUMULANTS
  ) {
    return order;
  }
  throw new ParameterError('order', order, `an integer from 1 to ${MOST_CUMULANTS}`);
}
