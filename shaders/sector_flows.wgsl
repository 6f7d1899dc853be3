// The sums over the levels of a steady state, and what rounding has to do with them.

import package::sector_numbers::{
  real, real4, number, from_pair, leading, leading4, add, multiply, multiply_add, multiply_f32, lane,
};
import package::sector_point::Point;
import package::sector_model::{matrix, Link};
@if(global) import package::sector_model::Transitions;
import package::sector_site::{Site, population_of, square};

@if(!global) const count_of_totals = 11u;
@if(global) const count_of_totals = 14u;

/// From the states:
///   0-3    populations of 11, 10, 01, 00
///   4, 5   l, l^2
///   6, 7   J_k, (2k + 1) J_k, where J_k is the angular momentum that the load moves up through the link k
///   8      the sum of all rates whose differences the J_k are
///   9      what the load does to Re c_k, over its prefactor
///   10     E(01, k) - E(10, k+1) times what comes down by the interaction: J_k, or in the global model a part
/// and in the global model
///   11     (2k + 1) Im c_k
///   12, 13 each bath's sum of (w - 2B) times the net rate at which it gives w
var<private> totals: array<real, count_of_totals>;

@if(!global) const count_of_grosses = 4u;
@if(global) const count_of_grosses = 7u;

/// What rounding has to do with: sums of magnitudes, each for the totals that are differences of such.
///   0      |l| p
///   1      what the J_k are differences of, times |2k + 1|
///   2, 3   the same for the totals 9 and 10
/// and in the global model
///   4-6    for the totals 11 to 13
var<private> grosses: array<f32, count_of_grosses>;

/// What the real and the imaginary part of a link's coherence are the sum of, by the equations of its site, which are
/// assembled: what its populations drive, and populations and coherences of the links beside it.
/// @param from_below what the link below, or an edge, does to them
fn coherence_gross(site: Site, from_below: vec2f) -> vec2f {
  let own = abs(leading4(site.own));
  let next = abs(leading4(site.next));
  var driven = from_below;
  for (var r = 0u; r < 2u; r++) {
    driven[r] += dot(abs(leading4(matrix[3u * r])).zw, own.zw) + dot(abs(leading4(matrix[3u * r + 1u])), next);
  }
  // By 1/|decay + i turn|, whose square may underflow.
  let turning = abs(leading4(matrix[0])).xy;
  let larger = max(turning.x, turning.y);
  return own.xy + vec2f(dot(turning / larger, driven), dot(turning.yx / larger, driven)) / larger;
}

/// What a link does to the coherence of the next one, by the same equations.
/// @param gross of its own coherence
fn driven_above(site: Site, gross: vec2f) -> vec2f {
  let own = vec4f(gross, leading4(site.own).zw);
  return vec2f(dot(abs(leading4(matrix[18])), own), dot(abs(leading4(matrix[21])), own));
}

/// What flows down through a link other than by the load, and the sum of what it is a difference of.
struct Flux {
  net: real,
  gross: real,
}

/// @param own Re, Im, D, E
@if(!global)
fn flux_down(point: Point, link: Link, own: real4, levels: real4, coherence: vec2f) -> Flux {
  let twice = multiply_f32(point.lambda, 2.0);
  return Flux(multiply(twice, lane(own, 1u)), number(abs(leading(twice)) * coherence.y));
}

/// What the baths give to a link by their direct and their crossed transitions, to D and to E.
@if(global)
struct Taken {
  direct: real,
  crossed: real,
  upper: real,
  lower: real,
  /// Flows in both directions.
  direct_gross: real,
  crossed_gross: real,
}

/// @param upper the population that goes down by the direct transition, lower the other one
@if(global)
fn taken(bath: Transitions, upper: real, lower: real, none: real, both: real) -> Taken {
  let rates = array<real, 4>(bath.direct_down, bath.direct_up, bath.crossed_down, bath.crossed_up);
  var start = array<real, 4>(upper, none, lower, none);
  var flows: array<array<real, 4>, 2>;
  for (var k = 0u; k < 2u; k++) {
    for (var i = 0u; i < 4u; i++) { flows[k][i] = multiply(rates[i], start[i]); }
    // |11> leads to the other one by the same operator.
    start = array<real, 4>(both, lower, both, upper);
  }
  let upper_direct = add(flows[0][1], -flows[0][0]);
  let lower_direct = add(flows[1][0], -flows[1][1]);
  let lower_crossed = add(flows[0][3], -flows[0][2]);
  let upper_crossed = add(flows[1][2], -flows[1][3]);
  return Taken(
    add(upper_direct, -lower_direct),
    add(lower_crossed, -upper_crossed),
    add(upper_direct, upper_crossed),
    add(lower_direct, lower_crossed),
    add(add(flows[0][0], flows[0][1]), add(flows[1][0], flows[1][1])),
    add(add(flows[0][2], flows[0][3]), add(flows[1][2], flows[1][3])),
  );
}

/// The crossed transitions, and what the mixing of D and E adds.
@if(global)
fn flux_down(point: Point, link: Link, own: real4, levels: real4, coherence: vec2f) -> Flux {
  let mixing = link.mixings[0];
  var upper = lane(own, 2u);
  var lower = lane(own, 3u);
  var none = lane(levels, 3u);
  var both = lane(levels, 0u);
  let half_angle = multiply(mixing.sine, mixing.sine);
  let mixed = multiply_f32(multiply(mixing.cosine, mixing.sine), 2.0);
  let damping = -multiply(multiply(mixed, link.decay), lane(own, 0u));
  let precession = multiply(multiply(mixed, mixing.splitting), lane(own, 1u));
  var net = add(damping, precession);
  let turning = vec2f(leading(link.decay), abs(leading(mixing.splitting)));
  var gross = number(abs(leading(mixed)) * dot(turning, coherence));
  for (var i = 0u; i < 2u; i++) {
    let given = taken(link.baths[i], upper, lower, none, both);
    // From the second qubit's side D and E change places, and the levels too.
    var flow = add(given.crossed, multiply(half_angle, add(given.upper, -given.lower)));
    var shifted = multiply_add(
      multiply(mixing.direct_shift, given.direct), mixing.crossed_shift, given.crossed,
    );
    if (i == 1u) {
      flow = -flow;
      shifted = -shifted;
    }
    net = add(net, flow);
    gross = add(gross, add(given.crossed_gross, multiply(half_angle, add(given.direct_gross, given.crossed_gross))));
    totals[12u + i] = add(totals[12u + i], shifted);
    grosses[5u + i] += abs(leading(mixing.direct_shift)) * leading(given.direct_gross)
      + abs(leading(mixing.crossed_shift)) * leading(given.crossed_gross);
    upper = lane(own, 3u);
    lower = lane(own, 2u);
    none = lane(levels, 1u);
    both = lane(levels, 2u);
  }
  return Flux(net, gross);
}

fn add_populations(site: Site, l: f32, population: real) {
  var left = array<real, 6>(
    lane(site.levels, 0u), site.excited[0][0], site.excited[0][1], lane(site.levels, 1u), population, population,
  );
  for (var i = 0u; i < 6u; i++) {
    var weight = 1.0;
    if (i == 4u) { weight = l; }
    if (i == 5u) { weight = l * l; }
    totals[i] = add(totals[i], multiply_f32(left[i], weight));
  }
  grosses[0] += abs(l) * leading(population);
}

/// @param coherence what the real and the imaginary part are the sum of
fn add_flows(point: Point, site: Site, l: f32, population: real, coherence: vec2f) {
  let link = site.link;
  let flux = flux_down(point, link, site.own, site.levels, coherence);
  let risen = multiply(multiply(point.load, square(link.lower_up)), population);
  let fallen = multiply(multiply(point.load, square(link.upper_down)), population_of(site, 1u));
  // In a steady state both are the same: the one that cancels less.
  var flow = flux.net;
  var gross = flux.gross;
  if (leading(risen) + leading(fallen) < leading(gross)) {
    flow = add(risen, -fallen);
    gross = add(risen, fallen);
  }
  let odd = 2.0 * l + 1.0;
  totals[6] = add(totals[6], flow);
  totals[7] = add(totals[7], multiply_f32(flow, odd));
  totals[8] = add(totals[8], gross);
  grosses[1] += abs(odd) * leading(gross);

  // The real part between bare states.
  var re = lane(site.own, 0u);
  var interaction = flow;
  var re_gross = coherence.x;
  var interaction_gross = leading(gross);
  @if(global) {
    let im = lane(site.own, 1u);
    interaction = multiply(multiply_f32(point.lambda, 2.0), im);
    totals[11] = add(totals[11], multiply_f32(im, odd));
    let c = link.mixings[0].cosine;
    let s = link.mixings[0].sine;
    let difference = add(lane(site.own, 2u), -lane(site.own, 3u));
    re = multiply_add(multiply(multiply(c, s), difference), add(square(c), -square(s)), re);
    re_gross += abs(leading(c) * leading(s)) * (leading(lane(site.own, 2u)) + leading(lane(site.own, 3u)));
    interaction_gross = 2.0 * abs(leading(point.lambda)) * coherence.y;
    grosses[4] += abs(odd) * coherence.y;
  }
  grosses[3] += abs(leading(link.detuning)) * interaction_gross;
  totals[10] = add(totals[10], -multiply(link.detuning, interaction));
  // Transport of the coherence less its decay, free of cancellation where the load leads on.
  let tilt2 = square(from_pair(point.load_step));
  var loss = square(link.lower_up);
  if (link.above) { loss = tilt2; }
  if (link.below) { loss = add(loss, tilt2); } else { loss = add(loss, square(link.upper_down)); }
  totals[9] = add(totals[9], multiply_f32(multiply(loss, re), -0.5));
  grosses[2] += 0.5 * leading(loss) * re_gross;
}
