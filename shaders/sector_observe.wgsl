// What is asked of the states that sector_solve left, reduced to a few numbers of each: sums over the
// levels, not yet divided by the sum of all populations, which come first.

import package::sector_numbers::{
  real, real4, number, from_pair, to_pair, leading, leading4, add, multiply, divide, multiply_add, multiply_f32, zero4, four, lane, add4,
  multiply4, scale4,
};
import package::sector_point::{batch, Point, read_point, mirrored, solved, faint};
import package::sector_model::{matrix, Link, mirrored_link, link_at, edge_of, assemble};
@if(global) import package::sector_model::Transitions;
@if(global) import package::sector_eigenstates::Mixing;

@group(0) @binding(2) var<storage, read> state: array<real>;
/// Number s of point p at s stride + p: the verdict of sector_solve, then the totals below, the
/// populations of the lowest and the highest level, the sum of |derivative|^2, and the grosses below.
@group(0) @binding(3) var<storage, read_write> sums: array<vec2f>;

/// Of the flows of which the J are differences, to the populations.
const smallest_flow: f32 = 1e-28;

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

fn unknown(at: u32, level: u32, u: u32) -> real {
  return state[(level * 6u + u) * batch.stride + at];
}

fn square(a: real) -> real {
  return multiply(a, a);
}

fn magnitude(a: real) -> real {
  if (leading(a) < 0.0) { return -a; }
  return a;
}

fn sum4(a: real4) -> real {
  return add(add(lane(a, 0u), lane(a, 1u)), add(lane(a, 2u), lane(a, 3u)));
}

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

/// What 10 has less than D, and 01 more than E.
@if(global)
fn exchanged(mixing: Mixing, own: real4) -> real {
  let mixed = multiply_f32(multiply(mixing.cosine, mixing.sine), 2.0);
  let difference = add(lane(own, 2u), -lane(own, 3u));
  return multiply_add(multiply(square(mixing.sine), difference), mixed, lane(own, 0u));
}

/// Re, Im, D, E of the link above a level; zeros above the highest.
fn link_unknowns(at: u32, level: u32) -> real4 {
  if (level + 1u >= batch.levels) { return zero4(); }
  return four(
    unknown(at, level, 0u),
    unknown(at, level, 1u),
    unknown(at, level, 2u),
    unknown(at, level, 3u),
  );
}

/// The level at `place`, the next one, the link between them and the one above.
struct Site {
  place: u32,
  link: Link,
  /// Re, Im, D, E of the link, and of the next one.
  own: real4,
  next: real4,
  /// 11 and 00 of the level, then of the next one.
  levels: real4,
  /// 10 and 01, between bare states, of the level, then of the next one.
  excited: array<array<real, 2>, 2>,
}

/// @param ten the population of 10 at the level
fn site_at(at: u32, point: Point, place: u32, own: real4, ten: real) -> Site {
  let steps = batch.levels - 1u;
  var site = Site();
  site.place = place;
  site.link = link_at(point, place);
  site.own = own;
  site.next = link_unknowns(at, place + 1u);
  site.levels = four(unknown(at, place, 4u), unknown(at, place, 5u), number(0.0), number(0.0));
  if (place < steps) {
    site.levels = four(
      lane(site.levels, 0u), lane(site.levels, 1u), unknown(at, place + 1u, 4u), unknown(at, place + 1u, 5u),
    );
  }
  site.excited[0][0] = ten;
  site.excited[1][0] = lane(own, 2u);
  for (var i = 0u; i < 2u; i++) {
    var unknowns = own;
    if (i == 1u) { unknowns = site.next; }
    site.excited[i][1] = lane(unknowns, 3u);
    if (place + i == steps) { site.excited[i][1] = unknown(at, steps, 3u); }
    @if(global) {
      if (place + i < steps) {
        let moved = exchanged(site.link.mixings[i], unknowns);
        site.excited[i][1] = add(site.excited[i][1], moved);
        if (i == 0u) { site.excited[1][0] = add(site.excited[1][0], -moved); }
      }
    }
  }
  return site;
}

/// All four populations of a site's level, or of the next one.
fn population_of(site: Site, i: u32) -> real {
  let outer = add(lane(site.levels, 2u * i), lane(site.levels, 2u * i + 1u));
  return add(outer, add(site.excited[i][0], site.excited[i][1]));
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

/// What the lower edge, or the upper one in the mirrored model, does to the unknowns of the site next to it,
/// and the square of its own derivative.
struct Exchange {
  given: array<real, 6>,
  square: real,
}

fn exchange_with_edge(at: u32, point: Point, site: Site, upper: bool) -> Exchange {
  let steps = batch.levels - 1u;
  var seen = point;
  var link = site.link;
  var own = site.own;
  if (upper) {
    seen = mirrored(point);
    link = mirrored_link(link);
    own = four(lane(own, 0u), -lane(own, 1u), lane(own, 3u), lane(own, 2u));
  }
  let edge = edge_of(seen, link);
  let population = unknown(at, steps, select(2u, 3u, upper));
  let levels = four(
    lane(site.levels, select(0u, 2u, upper)), lane(site.levels, select(1u, 3u, upper)), number(0.0), number(0.0),
  );
  let gained = array<real4, 2>(multiply4(edge.from_link, own), multiply4(edge.from_level, levels));
  var exchange: Exchange;
  for (var u = 0u; u < 6u; u++) {
    exchange.given[u] = multiply(edge.out[u], population);
    // What a coherence gives it does not lose to it.
    if (u >= 2u) { exchange.given[u] = add(exchange.given[u], -lane(gained[u / 4u], u % 4u)); }
  }
  exchange.square = square(add(add(sum4(gained[0]), sum4(gained[1])), -multiply(edge.outflow, population)));
  return exchange;
}

/// What the link and the load between it and the next one do to the unknowns of the site and of the next.
fn derivative_of(point: Point, site: Site) -> array<real, 12> {
  assemble(point, site.link, site.place, site.link.above);
  let x = array<real4, 3>(site.own, site.next, site.levels);
  var losses = array<real4, 3>(zero4(), zero4(), zero4());
  var derivative = array<real, 12>();
  for (var r = 0u; r < 12u; r++) {
    var rate = zero4();
    for (var b = 0u; b < 3u; b++) {
      let change = multiply4(matrix[3u * r + b], x[b]);
      rate = add4(rate, change);
      if (r != 0u && r != 1u && r != 6u && r != 7u) { losses[b] = add4(losses[b], change); }
    }
    derivative[r] = sum4(rate);
  }
  for (var i = 2u; i < 4u; i++) {
    derivative[i] = add(derivative[i], -lane(losses[0], i));
    derivative[i + 2u] = add(derivative[i + 2u], -lane(losses[2], i - 2u));
    derivative[i + 6u] = add(derivative[i + 6u], -lane(losses[1], i));
    derivative[i + 8u] = add(derivative[i + 8u], -lane(losses[2], i));
  }
  return derivative;
}

@compute @workgroup_size(64)
fn observe(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x;
  if (at >= batch.count) { return; }
  let point = read_point(at);
  let zero = number(0.0);
  let steps = batch.levels - 1u;

  var residual2 = zero;
  var ends = array<real, 2>(zero, zero);
  // What lower levels, the lower edge and the upper one contribute to the derivative of a site.
  var pending: array<real, 6>;
  var from_upper_edge: array<real, 6>;
  for (var u = 0u; u < 6u; u++) { pending[u] = zero; }
  var own = link_unknowns(at, 0u);
  // What is done to the coherence of a link from below.
  var from_below = vec2f();
  var ten = unknown(at, steps, 2u);
  for (var place = 0u; place <= steps; place++) {
    let site = site_at(at, point, place, own, ten);
    let l = point.lowest + f32(place);
    let population = population_of(site, 0u);
    if (place == 0u) { ends[0] = population; }
    if (place == steps) { ends[1] = population; }
    add_populations(site, l, population);

    for (var side = 0u; side < 2u; side++) {
      if (place != select(0u, steps - 1u, side == 1u)) { continue; }
      let exchange = exchange_with_edge(at, point, site, side == 1u);
      residual2 = add(residual2, exchange.square);
      if (side == 0u) { pending = exchange.given; } else { from_upper_edge = exchange.given; }
      from_below += abs(vec2f(leading(exchange.given[0]), leading(exchange.given[1])));
    }
    var derivative = array<real, 12>();
    for (var r = 0u; r < 12u; r++) { derivative[r] = zero; }
    if (place < steps) {
      derivative = derivative_of(point, site);
      let coherence = coherence_gross(site, from_below);
      add_flows(point, site, l, population, coherence);
      from_below = driven_above(site, coherence);
    }
    for (var u = 0u; u < 6u; u++) {
      var rate = add(derivative[u], pending[u]);
      pending[u] = derivative[u + 6u];
      // The upper edge exchanges with the last link and with the last level.
      if (place == select(steps, steps - 1u, u < 4u)) {
        rate = add(rate, from_upper_edge[select(u, 5u - u, u == 2u || u == 3u)]);
      }
      // A coherence stands for its conjugate too.
      residual2 = multiply_add(residual2, multiply_f32(rate, select(1.0, 2.0, u < 2u)), rate);
    }
    own = site.next;
    ten = site.excited[1][0];
  }

  var population = zero;
  for (var i = 0u; i < 4u; i++) { population = add(population, totals[i]); }
  let driven = leading(point.lambda) != 0.0 && leading(point.load) != 0.0;
  if (driven && sums[at].x == solved && leading(totals[8]) < smallest_flow * leading(population)) {
    sums[at].x = faint;
  }

  var slot = at;
  for (var i = 0u; i < count_of_totals + 3u; i++) {
    slot += batch.stride;
    var value = residual2;
    if (i < count_of_totals) { value = totals[i]; } else if (i < count_of_totals + 2u) {
      value = ends[i - count_of_totals];
    }
    sums[slot] = to_pair(value);
  }
  for (var i = 0u; i < count_of_grosses; i++) {
    slot += batch.stride;
    sums[slot] = vec2f(grosses[i], 0.0);
  }
}
