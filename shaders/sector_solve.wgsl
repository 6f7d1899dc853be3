// The steady state of the zero-charge sector, one device for each thread.
//
// The elimination that keeps probability (after Grassmann, Taksar and Heyman): a population's pivot is the
// sum of the rates out of it into the unknowns still there, and nothing is subtracted from a diagonal, so
// that in f32 too every population is right to rounding, relative to itself, whatever the condition number.
// Sites are eliminated from the lower edge up to the centre, then in the mirrored model from the upper
// edge. A site's link leads to the next one towards the centre; the link goes first, then 11, 10, 01, 00.
//
// Of the factors of a point the n-th is at n stride + point, so that neighbouring threads touch
// neighbouring addresses. State: 6 numbers a level, Re c, Im c of the link above, then the populations.

import package::sector_numbers::{
  real, real4, number, leading, add, multiply, multiply_add, divide, zero4, four, lane, add4, scale4,
};
import package::sector_model::{
  batch, matrix, Point, Link, Channel, read_point, mirrored, link_at, assemble,
};

@group(0) @binding(2) var<storage, read_write> factors: array<real>;
@group(0) @binding(3) var<storage, read_write> state: array<real>;
/// Of each point one of the verdicts below, and the level (by place) of the largest population.
@group(0) @binding(4) var<storage, read_write> sums: array<vec2f>;

const solved: f32 = 0.0;
/// A population that cannot reach those still there: the steady state may not be unique.
const closed: f32 = 1.0;
/// The populations grow too far beyond the centre's.
const off_center: f32 = 2.0;

/// The population on which the others hang. Tails far below it keep both halves of a double-float.
const scale_of_center: f32 = 0x1p20;
const largest_population: f32 = 1e17;

/// What an eliminated site leaves to the next one's link and populations (two blocks a row).
var<private> carried: array<real4, 12>;
/// What the sites below the centre leave to it and to the link above it, in mirrored order.
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

/// Adds what other sites left to the assembled equations: the last site to the own unknowns, and the sites
/// below the centre to the link above it and to the centre itself.
fn join(from_below: bool, at_center: bool) {
  for (var part = 0u; part < 2u; part++) {
    if (part == 1u && !from_below) { break; }
    for (var r = 0u; r < 6u; r++) {
      for (var b = 0u; b < 2u; b++) {
        var place = 3u * r + 2u * b;
        var value: real4;
        if (part == 0u) {
          value = carried[2u * r + b];
        } else {
          value = set_aside[2u * r + b];
          // Its populations are the inner ones of the link above it.
          if (!at_center) {
            if (r < 2u && b == 0u) { place += 1u; }
            if (r >= 2u && b == 0u) { continue; }
            if (r >= 2u) { place += 18u; }
          }
        }
        matrix[place] = add4(matrix[place], value);
      }
    }
  }
}

fn carry() {
  for (var r = 0u; r < 6u; r++) {
    let links = matrix[3u * r + 20u];
    carried[2u * r] = matrix[3u * r + 19u];
    carried[2u * r + 1u] = four(lane(links, 2u), lane(links, 3u), number(0.0), number(0.0));
  }
}

/// Moves what was carried aside, with the qubits exchanged and the link conjugated.
fn turn() {
  for (var r = 0u; r < 6u; r++) {
    var source = r;
    if (r == 3u) { source = 4u; }
    if (r == 4u) { source = 3u; }
    let own = carried[2u * source];
    let links = carried[2u * source + 1u];
    var re = lane(links, 0u);
    var im = -lane(links, 1u);
    var swapped = four(lane(own, 0u), lane(own, 2u), lane(own, 1u), lane(own, 3u));
    if (r == 1u) {
      re = -re;
      im = -im;
      swapped = four(-lane(swapped, 0u), -lane(swapped, 1u), -lane(swapped, 2u), -lane(swapped, 3u));
    }
    set_aside[2u * r] = swapped;
    set_aside[2u * r + 1u] = four(re, im, number(0.0), number(0.0));
  }
  clear();
}

fn clear() {
  for (var i = 0u; i < 12u; i++) { carried[i] = zero4(); }
}

/// The link's two rows times minus the inverse of its own 2x2 block: (Re c, Im c) from all the rest.
fn solve_link() {
  let zero = number(0.0);
  let first = matrix[2];
  let second = matrix[5];
  let a = lane(first, 0u);
  let b = lane(first, 1u);
  let c = lane(second, 0u);
  let d = lane(second, 1u);
  let determinant = add(multiply(a, d), -multiply(b, c));
  let inverse = divide(number(-1.0), determinant);
  var weights = array<real, 4>(d, -b, -c, a);
  for (var i = 0u; i < 4u; i++) { weights[i] = multiply(weights[i], inverse); }
  matrix[2] = four(zero, zero, lane(first, 2u), lane(first, 3u));
  matrix[5] = four(zero, zero, lane(second, 2u), lane(second, 3u));
  for (var column = 0u; column < 3u; column++) {
    let upper = matrix[column];
    let lower = matrix[column + 3u];
    for (var r = 0u; r < 2u; r++) {
      let combined = add4(scale4(upper, weights[2u * r]), scale4(lower, weights[2u * r + 1u]));
      matrix[3u * r + column] = combined;
    }
  }
}

/// The unknowns begin ... end - 1 from those after them. False when a population cannot leave.
/// @param rows how many rows there are
fn eliminate(begin: u32, end: u32, rows: u32) -> bool {
  for (var v = begin; v < end; v++) {
    var block = 0u;
    var column = v - 2u;
    var next = v + 1u;
    if (v < 2u) {
      block = 2u;
      column = v;
      next = 2u;
      if (v == 0u) { solve_link(); }
    } else {
      var outflow = number(0.0);
      for (var r = next; r < rows; r++) {
        // What goes to the inner link is no probability.
        if (r != 6u && r != 7u) { outflow = add(outflow, lane(matrix[3u * r], column)); }
      }
      if (!(leading(outflow) > 0.0)) { return false; }
      let inverse = divide(number(1.0), outflow);
      for (var b = 0u; b < 3u; b++) { matrix[3u * v + b] = scale4(matrix[3u * v + b], inverse); }
    }
    for (var i = select(column + 1u, 0u, v < 2u); i < 4u; i++) { push(lane(matrix[3u * v], i)); }
    for (var i = 0u; i < 4u; i++) { push(lane(matrix[3u * v + 1u], i)); }
    push(lane(matrix[3u * v + 2u], 2u));
    push(lane(matrix[3u * v + 2u], 3u));
    for (var r = next; r < rows; r++) {
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
  var below = point.baths;
  var below_center = below;
  clear();
  for (var t = 0u; t <= steps; t++) {
    if (t == center) {
      turn();
      below_center = below;
      point = mirrored(point);
      below = point.baths;
    }
    let at_center = t == steps;
    let last = t + 1u == steps && t >= center;
    var link = Link();
    if (at_center) {
      // In the mirrored model, the link above the centre is the one that was below it.
      link.baths[0] = below_center[1];
      link.baths[1] = below_center[0];
    } else {
      link = link_at(point, select(t, t - center, t >= center));
    }
    assemble(point, below, link, link.above && !last);
    join(last || at_center, at_center);
    if (!eliminate(select(0u, 2u, at_center), select(6u, 5u, at_center), select(12u, 6u, at_center))) {
      sums[at] = vec2f(closed, 0.0);
      return;
    }
    carry();
    below = link.baths;
  }

  // Own populations, inner populations, inner link.
  var x: array<real, 10>;
  for (var i = 0u; i < 10u; i++) { x[i] = zero; }
  x[3] = number(scale_of_center);
  var middle: array<real, 6>;
  var link = array<real, 2>(zero, zero);
  var largest = 0.0;
  var peak = center;
  var finite = true;
  for (var t = steps + 1u; t > 0u; t--) {
    let at_center = t == steps + 1u;
    let upper = t > center;
    if (t == center) {
      // The lower half, no longer mirrored, hangs on the centre and on the link above it.
      for (var i = 0u; i < 6u; i++) { x[i + 4u] = middle[i]; }
    }
    for (var v = select(6u, 5u, at_center); v > select(0u, 2u, at_center); v--) {
      var value = zero;
      for (var i = 10u; i > select(v - 2u, 0u, v < 3u); i--) {
        value = multiply_add(value, pop(), x[i - 1u]);
      }
      if (v > 2u) { x[v - 3u] = value; } else { link[v - 1u] = value; }
    }
    let level = select(t - 1u, steps + 1u + center - t, upper);
    var natural = array<real, 6>(link[0], link[1], x[0], x[1], x[2], x[3]);
    if (upper) { natural = array<real, 6>(link[0], -link[1], x[0], x[2], x[1], x[3]); }
    if (at_center) {
      for (var i = 0u; i < 4u; i++) { middle[i] = natural[i + 2u]; }
      middle[4] = zero;
      middle[5] = zero;
    }
    if (t == steps && upper) {
      middle[4] = natural[0];
      middle[5] = natural[1];
    }
    for (var i = 0u; i < 6u; i++) {
      // The link of an upper site is the one above the level below it; the centre has none of its own.
      var place = level;
      if (i < 2u && upper) {
        if (at_center) { continue; }
        place -= 1u;
      }
      state[(place * 6u + i) * batch.stride + at] = natural[i];
      if (i >= 2u && finite) {
        let value = leading(natural[i]);
        // By its bits: a compiler may hold that there is no infinity.
        finite = (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
        if (!finite || value > largest) {
          largest = value;
          peak = level;
        }
      }
    }
    for (var i = 0u; i < 4u; i++) { x[i + 4u] = x[i]; }
    x[8] = link[0];
    x[9] = link[1];
  }
  for (var i = 0u; i < 2u; i++) { state[(steps * 6u + i) * batch.stride + at] = zero; }
  let near = finite && largest < largest_population;
  sums[at] = vec2f(select(off_center, solved, near), f32(peak));
}
