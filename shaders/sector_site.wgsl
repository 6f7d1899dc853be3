// A level of a steady state and the next one, with the link between them: the unknowns that sector_solve left, and what
// they mean between bare states.

import package::sector_numbers::{
  real, real4, number, add, multiply, multiply_add, multiply_f32, zero4, four, lane,
};
import package::sector_point::{batch, Point};
import package::sector_model::{Link, link_at};
@if(global) import package::sector_eigenstates::Mixing;

@group(0) @binding(2) var<storage, read> state: array<real>;

fn unknown(at: u32, level: u32, u: u32) -> real {
  return state[(level * 6u + u) * batch.stride + at];
}

fn square(a: real) -> real {
  return multiply(a, a);
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
