// The blocks of block-tridiagonal chains, assembled from a generator's couplings, and their inverses.
//
// A row of a chain is a class of elements: its unknown at site s is element offset + s of a vector. A row
// that a site lacks is that of the identity; nothing couples to it, and its unknown is 0.

import package::complex::{complex, plus, times};
import constants::width;

const row_entries = 3u * width;
const block_entries = width * width;

struct Chain {
  /// Where its sites start in the arrays of factors.
  start: u32,
  sites: u32,
}

struct Row {
  /// The element of site 0, and the one that gets its conjugate or -1.
  offset: i32,
  mirror: i32,
  /// Sites that have this row, from the first on.
  length: u32,
  first_coupling: u32,
  couplings: u32,
}

/// Adds to one entry of the row at the sites begin <= s < end.
struct Coupling {
  begin: u32,
  end: u32,
  /// The unknown, plus width times 0 for the site before, 1 for the row's own, 2 for the next.
  column: u32,
  kind: u32,
  /// Of the tables' numbers those for site 0, which may lie outside of the array.
  first: i32,
  second: i32,
}

const product_of_tables = 1u;
const sum_of_tables = 2u;

struct Parameters {
  /// This dispatch starts with the group of this number; there are `groups` in all.
  first_group: u32,
  groups: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> chains: array<Chain>;
/// `width` of each chain.
@group(0) @binding(2) var<storage, read> rows: array<Row>;

// For factorisations:
@group(0) @binding(3) var<storage, read> couplings: array<Coupling>;
@group(0) @binding(4) var<storage, read> tables: array<complex>;

/// Row r of the blocks (site before, own, next) of a chain's site, one after the other.
fn row_at(chain: u32, r: u32, s: u32) -> array<complex, row_entries> {
  var entries = array<complex, row_entries>();
  let row = rows[chain * width + r];
  if (s >= row.length) {
    entries[width + r] = complex(1.0, 0.0);
    return entries;
  }
  for (var k = row.first_coupling; k < row.first_coupling + row.couplings; k++) {
    let c = couplings[k];
    if (s < c.begin || s >= c.end) { continue; }
    var value = tables[c.first + i32(s)];
    if (c.kind == product_of_tables) {
      value = times(value, tables[c.second + i32(s)]);
    } else if (c.kind == sum_of_tables) {
      value = plus(value, tables[c.second + i32(s)]);
    }
    entries[c.column] += value;
  }
  return entries;
}

/// A pivot smaller than this share of what its row once held is rounding.
const smallest_pivot = 2e-7;

/// The inverse, in place, by Gauss and Jordan; pivots are chosen relative to what their rows once held.
/// False where a pivot was lost to rounding: then a number of rounding's size stands in its place.
fn invert(a: ptr<function, array<complex, block_entries>>) -> bool {
  var regular = true;
  var pivots = array<u32, width>();
  var scales = array<f32, width>();
  for (var i = 0u; i < width; i++) {
    var largest = 0.0;
    for (var j = 0u; j < width; j++) { largest = max(largest, length((*a)[i * width + j])); }
    scales[i] = largest;
  }
  for (var k = 0u; k < width; k++) {
    var best = k;
    var share = -1.0;
    for (var i = k; i < width; i++) {
      let here = length((*a)[i * width + k]) / scales[i];
      if (here > share) {
        best = i;
        share = here;
      }
    }
    pivots[k] = best;
    if (best != k) {
      for (var j = 0u; j < width; j++) {
        let kept = (*a)[k * width + j];
        (*a)[k * width + j] = (*a)[best * width + j];
        (*a)[best * width + j] = kept;
      }
      scales[best] = scales[k];
    }
    var pivot = (*a)[k * width + k];
    // A row of zeros has no share, not even 0.
    if (!(share > smallest_pivot)) {
      regular = false;
      pivot = complex(smallest_pivot * max(scales[k], 1e-6), 0.0);
    }
    // Scaled, so that squares stay in range.
    let size = length(pivot);
    let direction = pivot / size;
    let inverse = complex(direction.x, -direction.y) / size;
    (*a)[k * width + k] = complex(1.0, 0.0);
    for (var j = 0u; j < width; j++) { (*a)[k * width + j] = times(inverse, (*a)[k * width + j]); }
    for (var i = 0u; i < width; i++) {
      if (i == k) { continue; }
      let factor = (*a)[i * width + k];
      (*a)[i * width + k] = complex();
      for (var j = 0u; j < width; j++) {
        (*a)[i * width + j] -= times(factor, (*a)[k * width + j]);
      }
    }
  }
  for (var k = width; k > 0; k--) {
    let other = pivots[k - 1];
    if (other == k - 1) { continue; }
    for (var i = 0u; i < width; i++) {
      let kept = (*a)[i * width + k - 1];
      (*a)[i * width + k - 1] = (*a)[i * width + other];
      (*a)[i * width + other] = kept;
    }
  }
  return regular;
}
