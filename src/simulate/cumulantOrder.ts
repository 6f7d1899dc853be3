/** How many cumulants are asked for. */
import { MOST_CUMULANTS } from '../fluctuations/counting.js';
import { checkedCount } from './modesCount.js';

/** @throws {ParameterError} for an order that is not computed */
export const checkedOrder = (order: unknown): number =>
  checkedCount('order', order, MOST_CUMULANTS);
