// What is asked of the states that sector_solve left, reduced to a few numbers of each: sums over the
// levels, not yet divided by the sum of all populations, which come first.

import package::sector_numbers::{
  real, real4, number, to_pair, leading, add, multiply, divide, multiply_add, multiply_f32, zero4, four, lane, add4,
  multiply4, linear,
};
import package::sector_model::{batch, matrix, Point, Link, Channel, read_point, link_at, assemble};
@if(global) import package::sector_model::{Pair, mirrored_pair};

@group(0) @binding(2) var<storage, read> state: array<real>;
/// Number s of point p at s stride + p: the verdict of sector_solve, then the totals below, the
/// populations of the lowest and the highest level, and the sum of |derivative|^2.
@group(0) @binding(3) var<storage, read_write> sums: array<vec2f>;

@if(!global) const count_of_totals = 17u;
@if(global) const count_of_totals = 20u;

/// From the states:
///   0-3    populations of 11, 10, 01, 00
///   4, 5   l, l^2
///   6, 7   J_k, (2k + 1) J_k, where J_k is what flows down through the link k other than by the load
///   8, 9   what they are differences of: the sums of all rates that make J_k
///   10     (2k + 1) Im c_k
///   11     Re c_k
///   12     what the load does to Re c_k
///   13, 14 angular momentum and twice the heat from the load, over their prefactors
///   15, 16 what they are differences of
/// In the global model also each qubit's sum of (w - 2B) times the net rate at which it takes up w, and what
/// the baths do to Re c_k.
var<private> totals: array<real, count_of_totals>;

fn unknown(at: u32, level: u32, u: u32) -> real {
  return state[(level * 6u + u) * batch.stride + at];
}

fn square(a: real) -> real {
  return multiply(a, a);
}

/// J_k and the sum of the magnitudes of what it is made of.
struct Flux {
  net: real,
  gross: real,
}

fn flux_down(point: Point, link: Link, p: real4, q: real4, re: real, im: real) -> Flux {
  let p01 = lane(p, 2u);
  let q10 = lane(q, 1u);
  let twice = multiply_f32(point.lambda, 2.0);
  var net = multiply(twice, im);
  // The coherence follows the two populations at the rate 2 lambda^2 decay / (decay^2 + detuning^2).
  let width2 = multiply_add(square(link.detuning), link.decay, link.decay);
  let exchange = multiply_f32(multiply(square(point.lambda), divide(link.decay, width2)), 2.0);
  var gross = multiply(exchange, add(p01, q10));
  @if(global) {
    let one = link.baths[0];
    let two = link.baths[1];
    var upward = array<real, 4>(
      one.emission_crossed, one.emission_crossed, two.absorption_crossed, two.absorption_crossed,
    );
    var downward = array<real, 4>(
      one.absorption_crossed, one.absorption_crossed, two.emission_crossed, two.emission_crossed,
    );
    var lower = array<real, 4>(p01, lane(p, 0u), lane(p, 3u), p01);
    var upper = array<real, 4>(lane(q, 3u), q10, q10, lane(q, 0u));
    for (var i = 0u; i < 4u; i++) {
      let up = multiply(upward[i], lower[i]);
      let down = multiply(downward[i], upper[i]);
      net = add(net, add(down, -up));
      gross = add(gross, add(down, up));
    }
    let interference = add(
      add(one.emission_mixed, one.absorption_mixed),
      -add(two.emission_mixed, two.absorption_mixed),
    );
    net = add(net, -multiply(interference, re));
  }
  return Flux(net, gross);
}

fn sum4(a: real4) -> real {
  return add(add(lane(a, 0u), lane(a, 1u)), add(lane(a, 2u), lane(a, 3u)));
}

/// (w - 2B) times the rates at which a qubit takes up w, for its two eigenoperators.
@if(global)
fn add_shifted_flows(link: Link, p: real4, q: real4, re: real) {
  var seen = link.pair;
  // The states 10 of the inner level and 01 of the own one are the excited one and the other of qubit 1.
  var states = array<real, 4>(lane(q, 1u), lane(p, 2u), lane(p, 0u), lane(q, 3u));
  for (var i = 0u; i < 2u; i++) {
    for (var s = 0u; s < 2u; s++) {
      let own = seen.own[s];
      let direct = square(own);
      let crossed = square(seen.product);
      var mixed = multiply(multiply_f32(multiply(own, seen.product), 2.0), re);
      if (s == 1u) { mixed = -mixed; }
      var flows = array<real, 2>();
      for (var k = 0u; k < 2u; k++) {
        var flow = multiply(own, states[2u + k]);
        flow = multiply_add(flow, direct, states[k]);
        flow = multiply_add(flow, crossed, states[1u - k]);
        flows[k] = add(flow, mixed);
        mixed = -mixed;
      }
      let rates = link.baths[i].resolved[s];
      let taken = add(multiply(rates.absorption, flows[1]), -multiply(rates.emission, flows[0]));
      totals[17u + i] = multiply_add(totals[17u + i], seen.shift[s], taken);
    }
    seen = mirrored_pair(seen);
    states = array<real, 4>(states[1], states[0], lane(q, 0u), lane(p, 3u));
  }
}

@compute @workgroup_size(64)
fn observe(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x;
  if (at >= batch.count) { return; }
  let point = read_point(at);
  let zero = number(0.0);
  let one = number(1.0);
  let steps = batch.levels - 1u;

  var residual2 = zero;
  var edges = array<real, 2>(zero, zero);
  var below = point.baths;
  // What lower levels contribute to the derivative of a level and of the link above it.
  var pending: array<real, 6>;
  for (var i = 0u; i < 6u; i++) { pending[i] = zero; }
  // Own populations, the next level's, and (Re c, Im c) of the links above the two.
  var x: array<real4, 3>;
  for (var level = 0u; level <= steps; level++) {
    for (var k = 0u; k < 2u; k++) {
      x[k] = zero4();
      if (level + k <= steps) {
        x[k] = four(
          unknown(at, level + k, 2u),
          unknown(at, level + k, 3u),
          unknown(at, level + k, 4u),
          unknown(at, level + k, 5u),
        );
      }
    }
    let re = unknown(at, level, 0u);
    let im = unknown(at, level, 1u);
    let above = min(level + 1u, steps);
    x[2] = four(re, im, unknown(at, above, 0u), unknown(at, above, 1u));

    let l = point.lowest + f32(level);
    let population = sum4(x[0]);
    if (level == 0u) { edges[0] = population; }
    if (level == steps) { edges[1] = population; }

    var link = Link();
    link.baths = point.baths;
    var up = zero;
    var down = zero;
    var load_decay = zero;
    if (level < steps) {
      link = link_at(point, level);
      up = square(link.own_up);
      // Transport of the coherence less its decay, free of cancellation where the load leads on.
      let tilt2 = square(add(link.inner_down, -link.own_down));
      load_decay = add(select(up, tilt2, link.above), select(square(link.inner_down), tilt2, link.below));
    }
    if (level > 0u) {
      down = square(linear(vec2f(1.0, 0.0), point.tilt, l));
    }

    var flux = Flux(zero, zero);
    if (level < steps) { flux = flux_down(point, link, x[0], x[1], re, im); }
    let odd = 2.0 * l + 1.0;
    var left = array<real, 17>();
    var right = array<real, 17>();
    for (var i = 0u; i < 17u; i++) {
      left[i] = population;
      right[i] = one;
    }
    for (var i = 0u; i < 4u; i++) { left[i] = lane(x[0], i); }
    right[4] = number(l);
    right[5] = number(l * l);
    left[6] = flux.net;
    left[7] = flux.net;
    right[7] = number(odd);
    left[8] = flux.gross;
    left[9] = flux.gross;
    right[9] = number(abs(odd));
    left[10] = im;
    right[10] = number(odd);
    left[11] = re;
    left[12] = re;
    right[12] = multiply_f32(load_decay, -0.5);
    right[13] = add(up, -down);
    right[14] = add(multiply_f32(up, odd), -multiply_f32(down, odd - 2.0));
    right[15] = right[13];
    if (leading(right[15]) < 0.0) { right[15] = -right[15]; }
    right[16] = add(multiply_f32(up, abs(odd)), multiply_f32(down, abs(odd - 2.0)));
    for (var i = 0u; i < 17u; i++) { totals[i] = multiply_add(totals[i], left[i], right[i]); }
    @if(global) { if (level < steps) { add_shifted_flows(link, x[0], x[1], re); } }

    assemble(point, below, link, link.above);
    var losses = array<real4, 2>(zero4(), zero4());
    var derivative = array<real, 12>();
    for (var r = 0u; r < 12u; r++) {
      var rate = zero4();
      for (var b = 0u; b < 3u; b++) {
        let flow = multiply4(matrix[3u * r + b], x[b]);
        @if(global) {
          if (r == 0u && b == 2u) {
            totals[19] = add(totals[19], add(sum4(rate), -multiply(link.decay, re)));
          }
        }
        rate = add4(rate, flow);
        if (b < 2u && r != 0u && r != 1u && r != 6u && r != 7u) { losses[b] = add4(losses[b], flow); }
      }
      derivative[r] = sum4(rate);
    }
    for (var r = 0u; r < 6u; r++) {
      var rate = add(derivative[r], pending[r]);
      pending[r] = derivative[r + 6u];
      if (r >= 2u) {
        rate = add(rate, -lane(losses[0], r - 2u));
        pending[r] = add(pending[r], -lane(losses[1], r - 2u));
      }
      // A coherence stands for its conjugate too; there is none above the highest level.
      var weight = 1.0;
      if (r < 2u) { weight = select(0.0, 2.0, level < steps); }
      residual2 = multiply_add(residual2, multiply_f32(rate, weight), rate);
    }
    below = link.baths;
  }

  var slot = at;
  for (var i = 0u; i < count_of_totals + 3u; i++) {
    slot += batch.stride;
    var value = residual2;
    if (i < count_of_totals) { value = totals[i]; } else if (i < count_of_totals + 2u) {
      value = edges[i - count_of_totals];
    }
    sums[slot] = to_pair(value);
  }
}
