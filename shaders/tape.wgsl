// The tables of a tape (src/machine/tape.ts) for many devices: one thread for a few levels of each device. A table may be
// read at another level than those of the thread where an earlier dispatch has left it.
//
// What is computed is data, words that src/machine/tapeWords.ts writes, so that one compilation serves every
// machine that needs no other functions. Whatever comes more than once is computed by one stretch of code in a
// loop, and a loop stands where a branch would do: compilers inline every call, and some devices run both sides
// of a branch.

import package::numbers::{
  real, halves, number, from_pair, leading, add_exactly, multiply, multiply_f32, divide, square_root,
};
@if(exponentials) import package::tape_functions::exponential_less;
@if(trigonometry) import package::tape_functions::turned;
@if(mixing) import package::tape_functions::mixed;
@if(ohmic) import package::tape_functions::ohmic_emission;

struct Batch {
  /// Devices, devices from one number of a device to its next in every array, and levels.
  count: u32,
  stride: u32,
  levels: u32,
  /// The word at which this dispatch begins, how many levels it computes, and how many of them are the lowest ones,
  /// before as many of the highest.
  first_word: u32,
  computed: u32,
  low: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<storage, read> words: array<u32>;
/// Number s of device p at s halves stride + p, a second half a stride on; number 0 is its lowest level.
@group(0) @binding(2) var<storage, read> numbers: array<f32>;
/// Given tables, the same for all devices, one after another.
@group(0) @binding(3) var<storage, read> given: array<vec2f>;
/// Table t at the i-th level of device p at (t levels + i) halves stride + p, a second half a stride on: so neighbouring
/// threads touch neighbouring addresses.
@group(0) @binding(4) var<storage, read_write> tables: array<f32>;

/// In a word that names a table, or after its highest bit a number.
const table_bits: u32 = 0xffffff;
const number_bits: u32 = 0x7fffffff;

/// Levels of a thread, one after another for each operation: so what is to be done is read once for all of them.
const levels_at_once = 4u;

var<private> next_word: u32;
var<private> device: u32;
/// The thread's first level, l there, and where its first table has the 16th level before.
var<private> lowest: u32;
var<private> first_l: f32;
var<private> first_here: u32;
/// The same of the level that is computed.
var<private> level: u32;
var<private> l: f32;
var<private> here: u32;
/// From one number of the device to its next.
var<private> apart: u32;

fn take() -> u32 {
  next_word++;
  return words[next_word - 1u];
}

fn number_of(at: u32) -> real {
  let first = at * apart + device;
  @if(!df64) { return numbers[first]; }
  @if(df64) { return vec2f(numbers[first], numbers[first + batch.stride]); }
}

/// Of a table's number, where bits 24 to 28 say how many levels on it is read, counted from -16. Beyond the levels
/// nothing that is read is used.
fn address(table: u32) -> u32 {
  return ((table & table_bits) * batch.levels + ((table >> 24u) & 31u)) * apart + here;
}

@if(!df64) fn load(at: u32) -> real { return tables[at]; }
@if(df64) fn load(at: u32) -> real { return vec2f(tables[at], tables[at + batch.stride]); }

@if(!df64) fn store(at: u32, value: real) { tables[at] = value; }
@if(df64)
fn store(at: u32, value: real) {
  tables[at] = value.x;
  tables[at + batch.stride] = value.y;
}

/// What a word names: a table, or a number where the highest bit is set.
fn operand(word: u32) -> real {
  if ((word & 0x80000000u) != 0u) { return number_of(word & number_bits); }
  return load(address(word));
}

/// Four of them, by the words from one on.
@if(mixing || ohmic)
fn operands(first: u32) -> array<real, 4> {
  var all: array<real, 4>;
  for (var i = 0u; i < 4u; i++) { all[i] = operand(words[first + i]); }
  return all;
}

/// Sum of c_n (l - center)^n about the nearest of as many levels as the degree says; there the host has found the
/// coefficients, so that hardly anything cancels at any level.
fn polynomial(degree: u32, first: u32) -> real {
  var distance = l;
  var piece = 0u;
  for (var p = 0u; p < degree; p++) {
    let other = l - leading(number_of(first + p));
    if (p == 0u || abs(other) < abs(distance)) {
      distance = other;
      piece = p;
    }
  }
  var at = first + degree + piece * (degree + 1u) + degree;
  var value = number_of(at);
  for (var n = 0u; n < degree; n++) {
    at--;
    value = add_exactly(multiply_f32(value, distance), number_of(at));
  }
  return value;
}

/// A table, its root where bit 30 is set, its inverse where bit 31 is.
fn power(word: u32) -> real {
  var value = load(address(word));
  for (var n = (word >> 30u) & 1u; n > 0u; n--) { value = square_root(value); }
  for (var n = word >> 31u; n > 0u; n--) { value = divide(number(1.0), value); }
  return value;
}

/// To the thread's first level, and from one of its levels to the next.
fn begin() {
  level = lowest;
  l = first_l;
  here = first_here;
}

fn next() {
  level++;
  l += 1.0;
  here += apart;
}

@compute @workgroup_size(64)
fn evaluate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  // Of a few devices neighbouring threads are neighbouring stretches of levels.
  let thread = id.x + 64u * groups.x * id.y;
  device = thread % batch.count;
  lowest = thread / batch.count * levels_at_once;
  if (lowest >= batch.computed) { return; }
  // Both parts of the levels are whole stretches, but for the last one.
  let count = min(levels_at_once, batch.computed - lowest);
  if (lowest >= batch.low) { lowest += batch.levels - 2u * batch.low; }
  next_word = batch.first_word;
  apart = halves * batch.stride;
  first_l = numbers[device] + f32(lowest);
  first_here = (lowest - 16u) * apart + device;
  for (var n = take(); n > 0u; n--) {
    let at = take();
    let degree = take();
    let first = take();
    begin();
    for (var i = count; i > 0u; i--) {
      store(address(at), polynomial(degree, first));
      next();
    }
  }
  for (var n = take(); n > 0u; n--) {
    let at = take();
    let first = take() * batch.levels;
    begin();
    for (var i = count; i > 0u; i--) {
      store(address(at), from_pair(given[first + level]));
      next();
    }
  }
  // Of each stage what can be computed from what was before it.
  for (var stages = take(); stages > 0u; stages--) {
    @if(exponentials) {
      for (var n = take(); n > 0u; n--) {
        let at = take();
        let less = f32(take());
        let factor = take();
        begin();
        for (var i = count; i > 0u; i--) {
          store(address(at), exponential_less(operand(factor), less));
          next();
        }
      }
    }
    @if(trigonometry) {
      for (var n = take(); n > 0u; n--) {
        let at = take();
        let quarters = take();
        let factor = take();
        begin();
        for (var i = count; i > 0u; i--) {
          store(address(at), turned(operand(factor), quarters));
          next();
        }
      }
    }
    @if(mixing) {
      for (var n = take(); n > 0u; n--) {
        let at = take();
        let kind = take();
        let first = next_word;
        begin();
        for (var i = count; i > 0u; i--) {
          store(address(at), mixed(kind, operands(first)));
          next();
        }
        next_word = first + 4u;
      }
    }
    @if(ohmic) {
      for (var n = take(); n > 0u; n--) {
        let at = take();
        let first = next_word;
        begin();
        for (var i = count; i > 0u; i--) {
          let of_level = operands(first);
          store(address(at), ohmic_emission(of_level[0], of_level[1], of_level[2], of_level[3]));
          next();
        }
        next_word = first + 4u;
      }
    }
    @if(powers) {
      for (var n = take(); n > 0u; n--) {
        let at = take();
        let factor = take();
        begin();
        for (var i = count; i > 0u; i--) {
          store(address(at), power(factor));
          next();
        }
      }
    }
    @if(products) {
      // Sums of products of two, one product after another.
      for (var n = take(); n > 0u; n--) {
        let word = take();
        let factor = take();
        let second = take();
        let sign = 1.0 - 2.0 * f32(word >> 31u);
        let is_alone = (second & 0x20000000u) != 0u;
        let is_first = (word & 0x40000000u) == 0u;
        begin();
        for (var i = count; i > 0u; i--) {
          let at = address(word);
          let other = select(load(address(second)), number(1.0), is_alone);
          let product = multiply(load(address(factor)), other) * sign;
          store(at, add_exactly(select(load(at), number(0.0), is_first), product));
          next();
        }
      }
    }
  }
}
