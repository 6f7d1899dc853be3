// What is asked of the states that sector_solve left, reduced to a few numbers of each: sums over the
// levels, not yet divided by the sum of all populations, which come first.

import package::sector_numbers::{
  real, real4, number, to_pair, leading, add, multiply, multiply_add, multiply_f32, zero4, four, lane, add4, multiply4,
};
import package::sector_point::{batch, Point, read_point, mirrored, solved, faint};
import package::sector_model::{matrix, mirrored_link, edge_of, assemble};
import package::sector_site::{Site, site_at, link_unknowns, population_of, unknown, square};
import package::sector_flows::{
  totals, count_of_totals, grosses, count_of_grosses, add_populations, add_flows, coherence_gross, driven_above,
};

/// Number s of point p at s stride + p: the verdict of sector_solve, then the totals of sector_flows, the
/// populations of the lowest and the highest level, the sum of |derivative|^2, and the grosses.
@group(0) @binding(3) var<storage, read_write> sums: array<vec2f>;

/// Of the flows of which the J are differences, to the populations.
const smallest_flow: f32 = 1e-28;

fn sum4(a: real4) -> real {
  return add(add(lane(a, 0u), lane(a, 1u)), add(lane(a, 2u), lane(a, 3u)));
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
