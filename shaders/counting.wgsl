// Mean and zero-frequency noise of what jumps count in steady states, with the factors of shaders/elimination.wgsl: one
// thread for each solution of each chain.
//
// With J' what is counted in a change of the state, J'' the same with squared weights, <1| the trace and m the mean:
//   L x = J' rho - m rho,   z L = <1|J' - m <1|,   D = <1|J''|rho> - 2 <1|J'|x>,
//   q L = dD/drho = <1|J'' - 2 z (J' - m), but for a multiple of <1|.
// D is corrected by what x and rho leave of their equations, as z and q weigh it, so that it is right to second order in
// what the factors lose. Each number of the equations and of the jumps may be off by so much relative to itself; what
// that does to the mean and to D, by their derivatives by that number, is summed as their errors. What leaves one
// population for another is weighed with the difference of both: a common part of z and q is none of an error.
//
// Which elements there are is data, words that src/fluctuations/countingWords.ts writes.

import constants::{width, paired};
import package::numbers::{
  real, halves, number, leading, add, add_exactly, multiply, multiply_f32, multiply_add, divide,
};
import package::elimination_steps::{Step, step_of};

struct Batch {
  /// As in elimination.wgsl.
  count: u32,
  stride: u32,
  levels: u32,
  sites: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
/// Those of the elimination.
@group(0) @binding(1) var<storage, read> words: array<u32>;
/// How many elements of the equations there are, and where they begin; of each solution where its counters begin, and how
/// many there are to choose from; then all of these.
/// Of an element of the equations: the unknown that it comes from; the one that it goes to, with the sign, and whether
/// both are populations; its number among those of all tables.
/// Of a counter of a solution: where its elements begin, how many there are, and by what its noise is divided to choose.
/// Of an element of a jump: the unknown that it comes from; the one that it goes to, and whether that is a population;
/// how many products it is the sum of and how many tables twice its weight; of each product both factors and the sign;
/// then these tables.
@group(0) @binding(2) var<storage, read> counted: array<u32>;
@group(0) @binding(3) var<storage, read> tables: array<f32>;
@group(0) @binding(4) var<storage, read> factors: array<f32>;
/// Null vectors, not normalised.
@group(0) @binding(5) var<storage, read> state: array<f32>;
/// Of each chain the site that was eliminated last, and what each number may be off by.
@group(0) @binding(6) var<storage, read> chains: array<vec2f>;
/// Three vectors of each solution: z; x; what drives x, then q.
@group(0) @binding(7) var<storage, read_write> vectors: array<f32>;
/// Of each solution: which of its counters it is of, the mean, its error, the noise and its error.
@group(0) @binding(8) var<storage, read_write> found: array<f32>;

/// What sums lose, relative to the magnitudes of their terms.
@if(!df64) const of_sums = 0x1p-21;
@if(df64) const of_sums = 0x1p-44;

const negative = 0x80000000u;
const flow = 0x40000000u;
const unknown_bits = 0x3fffffffu;

const adjoint = 0u;
const response = 1u;
const driving = 2u;

var<private> chain: u32;
var<private> solution: u32;
var<private> center: u32;
var<private> length: u32;
/// 1 by the sum of all populations of the null vector.
var<private> scale: real;

fn table(number: u32) -> real {
  let at = number * halves * batch.stride + chain;
  @if(!df64) { return tables[at]; }
  @if(df64) { return vec2f(tables[at], tables[at + batch.stride]); }
}

fn factor(number: u32) -> real {
  let at = number * halves * batch.stride + chain;
  @if(!df64) { return factors[at]; }
  @if(df64) { return vec2f(factors[at], factors[at + batch.stride]); }
}

fn unscaled(unknown: u32) -> real {
  let at = unknown * halves * batch.stride + chain;
  @if(!df64) { return state[at]; }
  @if(df64) { return vec2f(state[at], state[at + batch.stride]); }
}

fn rho(unknown: u32) -> real { return multiply(unscaled(unknown), scale); }

fn place(vector: u32, unknown: u32) -> u32 {
  return ((3u * solution + vector) * length + unknown) * halves * batch.stride + chain;
}

fn value_of(vector: u32, unknown: u32) -> real {
  let at = place(vector, unknown);
  @if(!df64) { return vectors[at]; }
  @if(df64) { return vec2f(vectors[at], vectors[at + batch.stride]); }
}

fn keep(vector: u32, unknown: u32, value: real) {
  let at = place(vector, unknown);
  @if(!df64) { vectors[at] = value; }
  @if(df64) {
    vectors[at] = value.x;
    vectors[at + batch.stride] = value.y;
  }
}

fn add_to(vector: u32, unknown: u32, value: real) {
  keep(vector, unknown, add(value_of(vector, unknown), value));
}

fn tell(n: u32, value: real) {
  let at = (5u * solution + n) * halves * batch.stride + chain;
  @if(!df64) { found[at] = value; }
  @if(df64) {
    found[at] = value.x;
    found[at + batch.stride] = value.y;
  }
}

fn is_population(unknown: u32) -> bool { return unknown % width >= paired; }

/// An element of a jump, and what it counts.
struct Jump {
  source: u32,
  destination: u32,
  arrives: bool,
  value: real,
  weight: real,
  next: u32,
}

fn jump_at(at: u32) -> Jump {
  let destination = counted[at + 1u];
  let products = counted[at + 2u] & 0xffffu;
  let gains = counted[at + 2u] >> 16u;
  var next = at + 3u;
  var value = number(0.0);
  for (var n = 0u; n < products; n++) {
    let right = counted[next + 1u];
    let product = multiply(table(counted[next]), table(right & ~negative));
    value = add_exactly(value, product * (1.0 - 2.0 * f32(right >> 31u)));
    next += 2u;
  }
  var weight = number(0.0);
  for (var n = 0u; n < gains; n++) {
    weight = add_exactly(weight, table(counted[next]));
    next++;
  }
  return Jump(counted[at], destination & unknown_bits, (destination & flow) != 0u, value, weight * 0.5, next);
}

/// The inverse pivots of an unknown, or of a pair, times what is there; or of the transposed ones.
fn divide_by_pivot(vector: u32, unknown: u32, kept: u32, is_pair: bool, transposed: bool) {
  let u = value_of(vector, unknown);
  if (is_pair) {
    let v = value_of(vector, unknown + 1u);
    let across = select(1u, 2u, transposed);
    keep(vector, unknown, -add(multiply(factor(kept), u), multiply(factor(kept + across), v)));
    keep(vector, unknown + 1u, -add(multiply(factor(kept + 3u - across), u), multiply(factor(kept + 3u), v)));
  } else {
    keep(vector, unknown, -multiply(factor(kept), u));
  }
}

/// Eliminated unknowns together: which they are, how many later ones of the site and the next one are coupled to them,
/// and where the next site's unknowns would begin if they followed.
struct Group {
  first: u32,
  count: u32,
  later: u32,
  own: u32,
  beside: u32,
}

/// @param next the unknown of the site after them
fn group_of(step: Step, next: u32) -> Group {
  let count = select(1u, 2u, next <= paired);
  let columns = width + select(words[step.reach + next - 1u], 0u, step.towards == 0);
  let own = step.site * width;
  let beside = u32(i32(step.site) + step.towards) * width - width;
  return Group(next - count, count, columns - next, own, beside);
}

/// What is kept of a group: pivots, then of each unknown its factors and as many multipliers.
fn kept_of(group: Group) -> u32 {
  return select(1u, 4u, group.count == 2u) + 2u * group.count * group.later;
}

fn pivots_of(group: Group) -> u32 { return select(1u, 4u, group.count == 2u); }

fn later_of(group: Group, n: u32) -> u32 {
  let column = group.first + group.count + n;
  return column + select(group.beside, group.own, column < width);
}

/// L x = y in place of y, of trace 0; or z L = y - (y rho) in place of y, of mean 0.
fn solve_for(vector: u32, transposed: bool) {
  var mean = number(0.0);
  if (transposed) {
    for (var i = 0u; i < length; i++) { mean = multiply_add(mean, value_of(vector, i), rho(i)); }
    for (var i = 0u; i < length; i++) { if (is_population(i)) { add_to(vector, i, -mean); } }
  }
  var kept = 0u;
  for (var n = 0u; n < batch.sites; n++) {
    let step = step_of(n, center, batch.sites);
    var j = 0u;
    while (j < step.count) {
      let group = group_of(step, j + select(1u, 2u, j < paired));
      let pivots = pivots_of(group);
      if (!transposed) { divide_by_pivot(vector, group.own + j, kept, group.count == 2u, false); }
      for (var v = 0u; v < group.count; v++) {
        let value = value_of(vector, group.own + j + v) * select(-1.0, 1.0, transposed);
        let at = kept + pivots + (2u * v + select(1u, 0u, transposed)) * group.later;
        for (var k = 0u; k < group.later; k++) {
          add_to(vector, later_of(group, k), multiply(factor(at + k), value));
        }
      }
      kept += kept_of(group);
      j += group.count;
    }
  }
  keep(vector, center * width + width - 1u, number(0.0));
  for (var n = batch.sites; n > 0u; n--) {
    let step = step_of(n - 1u, center, batch.sites);
    var next = step.count;
    while (next > 0u) {
      let group = group_of(step, next);
      let pivots = pivots_of(group);
      kept -= kept_of(group);
      for (var v = 0u; v < group.count; v++) {
        var sum = number(0.0);
        let at = kept + pivots + (2u * v + select(0u, 1u, transposed)) * group.later;
        for (var k = 0u; k < group.later; k++) {
          sum = multiply_add(sum, factor(at + k), value_of(vector, later_of(group, k)));
        }
        add_to(vector, group.own + group.first + v, sum * select(1.0, -1.0, transposed));
      }
      if (transposed) { divide_by_pivot(vector, group.own + group.first, kept, group.count == 2u, true); }
      next = group.first;
    }
  }
  var excess = number(0.0);
  for (var i = 0u; i < length; i++) {
    if (transposed) { excess = multiply_add(excess, value_of(vector, i), rho(i)); }
    else if (is_population(i)) { excess = add(excess, value_of(vector, i)); }
  }
  for (var i = 0u; i < length; i++) {
    if (!transposed) { add_to(vector, i, -multiply(excess, rho(i))); }
    else if (is_population(i)) { add_to(vector, i, -excess); }
  }
}

@compute @workgroup_size(64)
fn count(@builtin(global_invocation_id) id: vec3u) {
  chain = id.x;
  solution = id.y;
  if (chain >= batch.count) { return; }
  center = u32(chains[chain].x);
  length = batch.sites * width;
  scale = number(1.0);
  var total = number(0.0);
  for (var i = 0u; i < length; i++) { if (is_population(i)) { total = add(total, unscaled(i)); } }
  scale = divide(number(1.0), total);

  // Of the counters that vary in proportion that one whose noise is the smallest difference.
  var which = 0u;
  var mean = number(0.0);
  var shot = number(0.0);
  var least = 0.0;
  let counters = counted[2u + 2u * solution];
  for (var c = 0u; c < counted[3u + 2u * solution]; c++) {
    var own_mean = number(0.0);
    var own_shot = number(0.0);
    var at = counted[counters + 3u * c];
    for (var e = counted[counters + 3u * c + 1u]; e > 0u; e--) {
      let jump = jump_at(at);
      at = jump.next;
      if (!jump.arrives) { continue; }
      let term = multiply(jump.weight, multiply(jump.value, rho(jump.source)));
      own_mean = add(own_mean, term);
      own_shot = multiply_add(own_shot, jump.weight, term);
    }
    let loss = leading(own_shot) / bitcast<f32>(counted[counters + 3u * c + 2u]);
    if (c > 0u && !(loss < least)) { continue; }
    which = c;
    mean = own_mean;
    shot = own_shot;
    least = loss;
  }
  let elements_at = counted[counters + 3u * which];
  let elements = counted[counters + 3u * which + 1u];

  // What the sum <1|J'|x> is, and the magnitudes of all sums that are made for the noise.
  var answered = number(0.0);
  var sizes = leading(shot);
  var of_mean = 0.0;
  var of_noise = 0.0;
  for (var i = 0u; i < length; i++) {
    keep(driving, i, -multiply(mean, rho(i)));
    keep(adjoint, i, number(0.0));
  }
  for (var stage = 0u; stage < 3u; stage++) {
    if (stage != 1u) {
      var at = elements_at;
      for (var e = elements; e > 0u; e--) {
        let jump = jump_at(at);
        at = jump.next;
        let rate = multiply(jump.weight, jump.value);
        let here = rho(jump.source);
        if (stage == 0u) {
          add_to(driving, jump.destination, multiply(rate, here));
          if (jump.arrives) {
            add_to(adjoint, jump.source, rate);
            of_mean += abs(leading(multiply(rate, here)));
          }
          continue;
        }
        let reached = value_of(adjoint, jump.destination) * 2.0;
        var slope = -multiply(rate, reached);
        var by_response = number(0.0);
        if (jump.arrives) {
          slope = multiply_add(slope, rate, jump.weight);
          by_response = multiply(rate, value_of(response, jump.source)) * -2.0;
        }
        add_to(driving, jump.source, slope);
        of_noise += abs(leading(multiply_add(by_response, slope, here)));
      }
    }
    if (stage == 0u) {
      for (var i = 0u; i < length; i++) { keep(response, i, value_of(driving, i)); }
    }
    solve_for(select(select(driving, adjoint, stage == 1u), response, stage == 0u), stage > 0u);
    if (stage == 2u) { break; }
    for (var i = 0u; i < length; i++) {
      let other = select(response, driving, stage == 1u);
      let term = multiply(value_of(adjoint, i), value_of(other, i));
      answered = add(answered, term);
      sizes += 2.0 * abs(leading(term));
      if (stage == 1u) { keep(driving, i, multiply(mean, value_of(adjoint, i)) * 2.0); }
    }
  }

  var left_of_mean = number(0.0);
  var left_of_noise = number(0.0);
  var at = counted[1];
  for (var e = counted[0]; e > 0u; e--) {
    let source = counted[at];
    let to = counted[at + 1u];
    let value = table(counted[at + 2u]) * (1.0 - 2.0 * f32(to >> 31u));
    at += 3u;
    var by_adjoint = value_of(adjoint, to & unknown_bits);
    var by_slope = value_of(driving, to & unknown_bits);
    if ((to & flow) != 0u) {
      by_adjoint = add(by_adjoint, -value_of(adjoint, source));
      by_slope = add(by_slope, -value_of(driving, source));
    }
    let here = multiply(value, rho(source));
    let of_response = multiply(multiply(value, value_of(response, source)), by_adjoint) * -2.0;
    let of_state = multiply(here, by_slope);
    left_of_mean = multiply_add(left_of_mean, here, by_adjoint);
    left_of_noise = add(left_of_noise, add(of_response, of_state));
    of_mean += abs(leading(multiply(here, by_adjoint)));
    of_noise += abs(leading(add(of_response, of_state)));
    sizes += abs(leading(of_response)) + abs(leading(of_state));
  }
  // The answer is <1|J'|x> + z (J' rho - m rho - L x), less what is left of L rho by q.
  let noise = add(add(shot, answered * -2.0), -left_of_noise);
  let unit = chains[chain].y;
  tell(0u, number(f32(which)));
  tell(1u, add(mean, -left_of_mean));
  tell(2u, number((unit + of_sums) * of_mean));
  tell(3u, noise);
  tell(4u, number(unit * of_noise + of_sums * sizes));
}
