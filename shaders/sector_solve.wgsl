// The steady state of the zero-charge sector, one device for each thread.
//
// The elimination that keeps probability (after Grassmann, Taksar and Heyman): a population's pivot is the
// sum of the rates out of it into the unknowns still there, and nothing is subtracted from a diagonal, so
// that in f32 too every population is right to rounding, relative to itself, whatever the condition number.
// Sites are eliminated from the lower edge up to the centre, then in the mirrored model from the upper edge
// down to the centre's link: each link leads towards the centre. Of a site go Re and Im of the link at once,
// then D, E, 11, 00.
//
// Of the factors of a point the n-th is at n stride + point, so that neighbouring threads touch
// neighbouring addresses. State: 6 numbers a level, Re, Im, D, E of the link above, then 11 and 00. In the
// place of a link above the highest level: two zeros, D of the lowest level and E of the highest.

import package::sector_numbers::{
  real, real4, number, leading, add, multiply, multiply_add, divide, zero4, four, lane, add4, scale4,
};
import package::sector_point::{batch, Point, read_point, mirrored, solved, closed, off_center};
import package::sector_model::{matrix, Link, link_at, edge_of, assemble};

@group(0) @binding(2) var<storage, read_write> factors: array<real>;
@group(0) @binding(3) var<storage, read_write> state: array<real>;
/// Of each point a verdict, and a centre nearer to the largest population.
@group(0) @binding(4) var<storage, read_write> sums: array<vec2f>;

/// The population on which the others hang. Tails far below it keep both halves of a double-float.
const scale_of_center: f32 = 0x1p20;
const largest_population: f32 = 1e17;

/// What an eliminated site or edge leaves to the next site (columns of the link, then of the level).
var<private> carried: array<real4, 12>;
/// What the other half of the window leaves to the centre and to the link above it.
var<private> set_aside: array<real4, 12>;

var<private> slot: u32;

fn push(value: real) {
  factors[slot] = value;
  slot += batch.stride;
}

fn pop() -> real {
  slot -= batch.stride;
  return factors[slot];
}

/// The edge from the site next to it. False when its state cannot be left.
fn eliminate_edge(point: Point, link: Link) -> bool {
  let edge = edge_of(point, link);
  if (!(leading(edge.outflow) > 0.0)) { return false; }
  let inverse = divide(number(1.0), edge.outflow);
  let pivot = array<real4, 2>(scale4(edge.from_link, inverse), scale4(edge.from_level, inverse));
  for (var i = 0u; i < 6u; i++) { push(lane(pivot[i / 4u], i % 4u)); }
  for (var i = 0u; i < 12u; i++) { carried[i] = scale4(pivot[i % 2u], edge.out[i / 2u]); }
  return true;
}

/// Adds what was left to the assembled equations. Beside the centre, what was set aside belongs to the link
/// and to the next level: the centre, to which its own part of it is left.
fn join(beside_center: bool) {
  for (var r = 0u; r < 6u; r++) {
    matrix[3u * r] = add4(matrix[3u * r], carried[2u * r]);
    matrix[3u * r + 2u] = add4(matrix[3u * r + 2u], carried[2u * r + 1u]);
    if (!beside_center) { continue; }
    let row = 3u * select(r + 6u, r, r < 4u);
    matrix[row] = add4(matrix[row], set_aside[2u * r]);
    if (r < 4u) {
      let level = set_aside[2u * r + 1u];
      matrix[row + 2u] = add4(matrix[row + 2u], four(number(0.0), number(0.0), lane(level, 0u), lane(level, 1u)));
    }
  }
}

fn carry() {
  for (var r = 0u; r < 6u; r++) {
    let levels = matrix[3u * r + 20u];
    carried[2u * r] = matrix[3u * r + 19u];
    carried[2u * r + 1u] = four(lane(levels, 2u), lane(levels, 3u), number(0.0), number(0.0));
  }
}

/// Sets aside what is carried, as seen in the mirrored model: Im changes its sign, D and E change places.
fn turn() {
  for (var r = 0u; r < 6u; r++) {
    let source = select(r, 5u - r, r == 2u || r == 3u);
    let sign = number(select(1.0, -1.0, r == 1u));
    let link = scale4(carried[2u * source], sign);
    set_aside[2u * r] = four(lane(link, 0u), -lane(link, 1u), lane(link, 3u), lane(link, 2u));
    set_aside[2u * r + 1u] = scale4(carried[2u * source + 1u], sign);
  }
}

/// The link's first two rows times minus the inverse of their 2x2 block: (Re, Im) from all the rest.
fn solve_coherence() {
  let zero = number(0.0);
  let first = matrix[0];
  let second = matrix[3];
  let a = lane(first, 0u);
  let b = lane(first, 1u);
  let c = lane(second, 0u);
  let d = lane(second, 1u);
  let determinant = add(multiply(a, d), -multiply(b, c));
  let inverse = divide(number(-1.0), determinant);
  var weights = array<real, 4>(d, -b, -c, a);
  for (var i = 0u; i < 4u; i++) { weights[i] = multiply(weights[i], inverse); }
  matrix[0] = four(zero, zero, lane(first, 2u), lane(first, 3u));
  matrix[3] = four(zero, zero, lane(second, 2u), lane(second, 3u));
  for (var column = 0u; column < 3u; column++) {
    let upper = matrix[column];
    let lower = matrix[column + 3u];
    for (var r = 0u; r < 2u; r++) {
      let combined = add4(scale4(upper, weights[2u * r]), scale4(lower, weights[2u * r + 1u]));
      matrix[3u * r + column] = combined;
    }
  }
}

/// The unknowns of a site from those after them and from the next site's. False when a population cannot
/// leave.
fn eliminate() -> bool {
  for (var v = 0u; v < 6u; v++) {
    let block = select(2u, 0u, v < 4u);
    let column = select(v - 4u, v, v < 4u);
    var next = v + 1u;
    if (v < 2u) {
      next = 2u;
      if (v == 0u) { solve_coherence(); }
    } else {
      var outflow = number(0.0);
      for (var r = next; r < 12u; r++) {
        // What goes to the next coherence is no probability.
        if (r != 6u && r != 7u) { outflow = add(outflow, lane(matrix[3u * r + block], column)); }
      }
      if (!(leading(outflow) > 0.0)) { return false; }
      let inverse = divide(number(1.0), outflow);
      for (var b = 0u; b < 3u; b++) { matrix[3u * v + b] = scale4(matrix[3u * v + b], inverse); }
    }
    // In the order of the unknowns: the site's link and level, the next site's.
    for (var i = next; i < 12u; i++) {
      var place = i;
      if (i >= 4u && i < 6u) { place = i + 4u; }
      if (i >= 6u && i < 10u) { place = i - 2u; }
      push(lane(matrix[3u * v + place / 4u], place % 4u));
    }
    for (var r = next; r < 12u; r++) {
      let factor = lane(matrix[3u * r + block], column);
      for (var b = 0u; b < 3u; b++) {
        matrix[3u * r + b] = add4(matrix[3u * r + b], scale4(matrix[3u * v + b], factor));
      }
    }
  }
  return true;
}

@compute @workgroup_size(64)
fn solve(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x;
  if (at >= batch.count) { return; }
  var point = read_point(at);
  let steps = batch.levels - 1u;
  let center = point.center;
  let zero = number(0.0);

  slot = at;
  // The lower edge, the sites below the centre, the upper edge, the sites above.
  for (var step = 0u; step < steps + 2u; step++) {
    let upper = step > center;
    let first = select(0u, center + 1u, upper);
    if (step == center + 1u) {
      turn();
      point = mirrored(point);
    }
    let place = max(step - first, 1u) - 1u;
    let link = link_at(point, place);
    var left: bool;
    if (step == first) {
      left = eliminate_edge(point, link);
    } else {
      let beside_center = step == steps + 1u;
      assemble(point, link, place, link.above && !beside_center);
      join(beside_center);
      left = eliminate();
      carry();
    }
    if (!left) {
      sums[at] = vec2f(closed, 0.0);
      return;
    }
  }
  // Of the centre 11 goes and 00 stays: its equation is the sum of all others.
  let departure = add(lane(carried[11], 0u), lane(set_aside[11], 0u));
  if (!(leading(departure) > 0.0)) {
    sums[at] = vec2f(closed, 0.0);
    return;
  }
  let arrival = add(lane(carried[9], 1u), lane(set_aside[9], 1u));

  // Link and level of a site, then of the next one.
  var x: array<real, 12>;
  for (var i = 0u; i < 12u; i++) { x[i] = zero; }
  x[5] = number(scale_of_center);
  x[4] = multiply(divide(arrival, departure), x[5]);
  // The centre with the link above it, on which the lower half hangs.
  var middle = array<real, 6>(zero, zero, zero, zero, x[4], x[5]);
  var largest = 0.0;
  var peak = center;
  var finite = true;
  for (var t = steps + 3u; t > 0u; t--) {
    let at_center = t == steps + 3u;
    let upper = !at_center && t > center + 1u;
    let at_edge = t == 1u || t == center + 2u;
    if (at_edge) {
      var lone = zero;
      for (var i = 6u; i > 0u; i--) { lone = multiply_add(lone, pop(), x[i - 1u]); }
      let side = select(0u, 1u, upper);
      state[(steps * 6u + side) * batch.stride + at] = zero;
      state[(steps * 6u + 2u + side) * batch.stride + at] = lone;
      if (upper) { for (var i = 0u; i < 6u; i++) { x[i] = middle[i]; } }
      continue;
    }
    if (!at_center) {
      for (var i = 0u; i < 6u; i++) { x[i + 6u] = x[i]; }
      for (var v = 6u; v > 0u; v--) {
        var value = zero;
        for (var i = 12u; i > max(v, 2u); i--) { value = multiply_add(value, pop(), x[i - 1u]); }
        x[v - 1u] = value;
      }
    }
    // The link of an upper site is the one above the level below it.
    var level = center;
    var below = center;
    var natural = array<real, 6>(x[0], x[1], x[2], x[3], x[4], x[5]);
    if (upper) {
      below = steps + 2u + center - t;
      level = below + 1u;
      natural = array<real, 6>(x[0], -x[1], x[3], x[2], x[4], x[5]);
      if (below == center) { for (var i = 0u; i < 4u; i++) { middle[i] = natural[i]; } }
    } else if (!at_center) {
      below = t - 2u;
      level = below;
    }
    for (var i = select(0u, 4u, at_center); i < 6u; i++) {
      let place = select(level, below, i < 4u);
      state[(place * 6u + i) * batch.stride + at] = natural[i];
      if (i >= 2u && finite) {
        let value = leading(natural[i]);
        // By its bits: a compiler may hold that there is no infinity.
        finite = (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
        if (!finite || value > largest) {
          largest = value;
          peak = min(level, steps - 1u);
        }
      }
    }
  }
  let near = finite && largest < largest_population;
  sums[at] = vec2f(select(off_center, solved, near), f32(peak));
}
