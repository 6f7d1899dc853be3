// Block-tridiagonal chains by cyclic reduction: one workgroup a chain, whose threads share its sites.
//
// Among the sites left, h apart, every other one is eliminated from its two neighbours, which are then 2h
// apart: log2 of the length steps, each all at once, in place of one after the other along the chain.
// An eliminated site keeps B⁻¹A, B⁻¹ and B⁻¹C of its row (A, B, C) at that time; a site that is left keeps
// of each step the multipliers of its neighbours' rows, α = A B⁻¹ and γ = C B⁻¹.

import package::complex::{complex, conjugate, times};
import package::chain_blocks::{
  parameters, chains, rows, row_at, invert, row_entries, block_entries,
};
import constants::width;

const threads = 64u;

const before = 0u;
const own = 1u;
const after = 2u;

/// Of each site the blocks A, B, C, and what becomes of them.
@group(0) @binding(5) var<storage, read_write> made: array<complex>;
/// Of each step the blocks α and γ of the sites that are left, step after step.
@group(0) @binding(6) var<storage, read_write> made_multipliers: array<complex>;
/// 1 for a chain with a pivot that was lost to rounding.
@group(0) @binding(7) var<storage, read_write> singular: array<atomic<u32>>;

fn entry(site: u32, block: u32, r: u32, c: u32) -> u32 {
  return (site * 3 + block) * block_entries + r * width + c;
}

fn multiplier(place: u32, block: u32, r: u32, c: u32) -> u32 {
  return (place * 2 + block) * block_entries + r * width + c;
}

@compute @workgroup_size(threads)
fn factorise(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let chain = parameters.first_group + group.x + group.y * groups.x;
  if (chain >= parameters.groups) { return; }
  let start = chains[chain].start;
  let sites = chains[chain].sites;
  for (var t = lane; t < sites * width; t += threads) {
    let s = t / width;
    let r = t % width;
    let row = row_at(chain, r, s);
    for (var e = 0u; e < row_entries; e++) {
      made[entry(start + s, e / width, r, e % width)] = row[e];
    }
  }
  storageBarrier();
  var place = start;
  for (var h = 1u; h <= sites; h *= 2) {
    let eliminated = (sites / h + 1) / 2;
    let left = sites / (2 * h);
    for (var t = lane; t < eliminated; t += threads) {
      let site = start + (2 * t + 1) * h - 1;
      var block = array<complex, block_entries>();
      for (var e = 0u; e < block_entries; e++) { block[e] = made[entry(site, own, 0, e)]; }
      if (!invert(&block)) { atomicStore(&singular[chain], 1u); }
      for (var e = 0u; e < block_entries; e++) { made[entry(site, own, 0, e)] = block[e]; }
    }
    storageBarrier();
    for (var t = lane; t < left * width; t += threads) {
      reduce_row(start + 2 * (t / width + 1) * h - 1, h, start + sites, t % width, place + t / width);
    }
    storageBarrier();
    // Column by column: other threads need the rest of the block as it was.
    for (var t = lane; t < eliminated * 2 * width; t += threads) {
      let site = start + (2 * (t / (2 * width)) + 1) * h - 1;
      let block = 2 * ((t / width) % 2);
      let c = t % width;
      var column = array<complex, width>();
      for (var m = 0u; m < width; m++) { column[m] = made[entry(site, block, m, c)]; }
      for (var r = 0u; r < width; r++) {
        var sum = complex();
        for (var m = 0u; m < width; m++) { sum += times(made[entry(site, own, r, m)], column[m]); }
        made[entry(site, block, r, c)] = sum;
      }
    }
    place += left;
  }
}

/// Takes the neighbours h away out of row r of a site that is left.
fn reduce_row(site: u32, h: u32, end: u32, r: u32, place: u32) {
  var middle = array<complex, width>();
  for (var c = 0u; c < width; c++) { middle[c] = made[entry(site, own, r, c)]; }
  for (var side = 0u; side < 2; side++) {
    let block = 2 * side;
    var outer = array<complex, width>();
    if (side == 0 || site + h < end) {
      let neighbour = select(site - h, site + h, side == 1);
      var factors = array<complex, width>();
      for (var m = 0u; m < width; m++) {
        let value = made[entry(site, block, r, m)];
        for (var c = 0u; c < width; c++) {
          factors[c] += times(value, made[entry(neighbour, own, m, c)]);
        }
      }
      for (var m = 0u; m < width; m++) {
        made_multipliers[multiplier(place, side, r, m)] = factors[m];
        for (var c = 0u; c < width; c++) {
          middle[c] -= times(factors[m], made[entry(neighbour, after - block, m, c)]);
          outer[c] -= times(factors[m], made[entry(neighbour, block, m, c)]);
        }
      }
    }
    for (var c = 0u; c < width; c++) { made[entry(site, block, r, c)] = outer[c]; }
  }
  for (var c = 0u; c < width; c++) { made[entry(site, own, r, c)] = middle[c]; }
}

@group(0) @binding(3) var<storage, read> factors: array<complex>;
@group(0) @binding(4) var<storage, read> multipliers: array<complex>;
@group(0) @binding(5) var<storage, read> x: array<complex>;
@group(0) @binding(6) var<storage, read_write> y: array<complex>;

/// The unknowns of a site, from where the solution goes.
fn unknowns(chain: u32, s: u32) -> array<complex, width> {
  var values = array<complex, width>();
  for (var r = 0u; r < width; r++) {
    let row = rows[chain * width + r];
    if (s < row.length) { values[r] = y[row.offset + i32(s)]; }
  }
  return values;
}

/// Threads that take whole sites, width to each.
const busy = threads / width * width;

@compute @workgroup_size(threads)
fn solve(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let chain = parameters.first_group + group.x + group.y * groups.x;
  if (chain >= parameters.groups) { return; }
  let start = chains[chain].start;
  let sites = chains[chain].sites;
  for (var t = lane; t < sites * width; t += threads) {
    let row = rows[chain * width + t % width];
    let s = t / width;
    if (s < row.length) { y[row.offset + i32(s)] = x[row.offset + i32(s)]; }
  }
  storageBarrier();
  var place = start;
  var h = 1u;
  for (; 2 * h <= sites; h *= 2) {
    let left = sites / (2 * h);
    for (var t = lane; t < left * width; t += threads) {
      let r = t % width;
      let s = 2 * (t / width + 1) * h - 1;
      let row = rows[chain * width + r];
      if (s >= row.length) { continue; }
      let below = unknowns(chain, s - h);
      var value = y[row.offset + i32(s)];
      for (var c = 0u; c < width; c++) {
        value -= times(multipliers[multiplier(place + t / width, 0, r, c)], below[c]);
      }
      if (s + h < sites) {
        let above = unknowns(chain, s + h);
        for (var c = 0u; c < width; c++) {
          value -= times(multipliers[multiplier(place + t / width, 1, r, c)], above[c]);
        }
      }
      y[row.offset + i32(s)] = value;
    }
    place += left;
    storageBarrier();
  }
  for (; h > 0; h /= 2) {
    let eliminated = (sites / h + 1) / 2;
    for (var first = 0u; first < eliminated * width; first += busy) {
      let t = first + lane;
      let mine = lane < busy && t < eliminated * width;
      let s = (2 * (t / width) + 1) * h - 1;
      var value = complex();
      if (mine) {
        let r = t % width;
        let rest = unknowns(chain, s);
        for (var c = 0u; c < width; c++) {
          value += times(factors[entry(start + s, own, r, c)], rest[c]);
        }
        if (s >= h) {
          let below = unknowns(chain, s - h);
          for (var c = 0u; c < width; c++) {
            value -= times(factors[entry(start + s, before, r, c)], below[c]);
          }
        }
        if (s + h < sites) {
          let above = unknowns(chain, s + h);
          for (var c = 0u; c < width; c++) {
            value -= times(factors[entry(start + s, after, r, c)], above[c]);
          }
        }
      }
      // A site's threads read its right-hand side before any of them writes.
      storageBarrier();
      if (mine) {
        let row = rows[chain * width + t % width];
        if (s < row.length) {
          y[row.offset + i32(s)] = value;
          if (row.mirror >= 0) { y[row.mirror + i32(s)] = conjugate(value); }
        }
      }
    }
    storageBarrier();
  }
}
