// The tables of a tape (src/machine/tape.ts) for many devices: one thread for each level of each device.
//
// What is computed is data, words that src/machine/tapeWords.ts writes, so that one compilation serves every
// machine that needs no other functions. Whatever comes more than once is computed by one stretch of code in a
// loop, and a loop stands where a branch would do: compilers inline every call, and some devices run both sides
// of a branch.

import package::sector_numbers::{
  real, number, from_pair, leading, add_exactly, multiply, multiply_f32, divide, square_root,
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
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<storage, read> words: array<u32>;
/// Number s of device p at s stride + p; number 0 is its lowest level.
@group(0) @binding(2) var<storage, read> numbers: array<vec2f>;
/// Given tables, the same for all devices, one after another.
@group(0) @binding(3) var<storage, read> given: array<vec2f>;
/// Table t at the i-th level of device p at (t levels + i) stride + p.
@group(0) @binding(4) var<storage, read_write> tables: array<real>;

/// In a word that names a table or a number.
const place_bits: u32 = 0x1fffffff;

var<private> next_word: u32;
var<private> device: u32;
var<private> level: u32;

fn take() -> u32 {
  next_word++;
  return words[next_word - 1u];
}

fn number_of(at: u32) -> vec2f {
  return numbers[at * batch.stride + device];
}

fn address(table: u32) -> u32 {
  return (table * batch.levels + level) * batch.stride + device;
}

/// A table, or a number where the highest bit is set.
fn operand() -> real {
  let word = take();
  let place = word & place_bits;
  if ((word & 0x80000000u) != 0u) { return from_pair(number_of(place)); }
  return tables[address(place)];
}

/// Sum of c_n (l - center)^n about the nearest of as many levels as the degree says; there the host has found the
/// coefficients, so that hardly anything cancels at any level.
fn polynomial(l: f32) -> real {
  let degree = take();
  let first = take();
  var distance = l;
  var piece = 0u;
  for (var p = 0u; p < degree; p++) {
    let other = l - number_of(first + p).x;
    if (p == 0u || abs(other) < abs(distance)) {
      distance = other;
      piece = p;
    }
  }
  var at = first + degree + piece * (degree + 1u) + degree;
  var value = from_pair(number_of(at));
  for (var n = 0u; n < degree; n++) {
    at--;
    value = add_exactly(multiply_f32(value, distance), from_pair(number_of(at)));
  }
  return value;
}

/// A table, its root where bit 30 is set, its inverse where bit 31 is.
fn power() -> real {
  let word = take();
  var value = tables[address(word & place_bits)];
  for (var n = (word >> 30u) & 1u; n > 0u; n--) { value = square_root(value); }
  for (var n = word >> 31u; n > 0u; n--) { value = divide(number(1.0), value); }
  return value;
}

fn sum_of_products() -> real {
  var sum = number(0.0);
  let terms = take();
  for (var t = 0u; t < terms; t++) {
    var term = number(1.0);
    let factors = take();
    for (var f = 0u; f < factors; f++) {
      var product = tables[address(take())];
      for (var once = min(f, 1u); once > 0u; once--) { product = multiply(term, product); }
      term = product;
    }
    for (var once = min(t, 1u); once > 0u; once--) { term = add_exactly(sum, term); }
    sum = term;
  }
  return sum;
}

@compute @workgroup_size(64)
fn evaluate(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= batch.count) { return; }
  device = id.x;
  level = id.y;
  next_word = 0u;
  let l = number_of(0u).x + f32(level);
  for (var n = take(); n > 0u; n--) {
    let at = address(take());
    tables[at] = polynomial(l);
  }
  for (var n = take(); n > 0u; n--) {
    let at = address(take());
    tables[at] = from_pair(given[take() * batch.levels + level]);
  }
  // Of each stage what can be computed from what was before it.
  for (var stages = take(); stages > 0u; stages--) {
    @if(exponentials) {
      for (var n = take(); n > 0u; n--) {
        let at = address(take());
        let less = f32(take());
        tables[at] = exponential_less(operand(), less);
      }
    }
    @if(trigonometry) {
      for (var n = take(); n > 0u; n--) {
        let at = address(take());
        let quarters = take();
        tables[at] = turned(operand(), quarters);
      }
    }
    @if(mixing) {
      for (var n = take(); n > 0u; n--) {
        let at = address(take());
        let kind = take();
        var operands: array<real, 4>;
        for (var i = 0u; i < 4u; i++) { operands[i] = operand(); }
        tables[at] = mixed(kind, operands);
      }
    }
    @if(ohmic) {
      for (var n = take(); n > 0u; n--) {
        let at = address(take());
        var operands: array<real, 4>;
        for (var i = 0u; i < 4u; i++) { operands[i] = operand(); }
        tables[at] = ohmic_emission(operands);
      }
    }
    @if(powers) {
      for (var n = take(); n > 0u; n--) {
        let at = address(take());
        tables[at] = power();
      }
    }
    @if(products) {
      for (var n = take(); n > 0u; n--) {
        let at = address(take());
        tables[at] = sum_of_products();
      }
    }
  }
}
