// The steps of an elimination, shaders/elimination.wgsl, in the order in which they are made.

import constants::width;

/// One of the steps of an elimination: the site, on which side the next one is (1 above, -1 below, 0 none), how many
/// unknowns go, and where their reach is among the words.
struct Step {
  site: u32,
  towards: i32,
  count: u32,
  reach: u32,
}

/// Where the words have how many of the next site's unknowns each one reaches: from below the centre, then from above.
const reaches_at = 7u;

fn step_of(step: u32, center: u32, sites: u32) -> Step {
  if (step == sites - 1u) { return Step(center, 0, width - 1u, reaches_at); }
  if (step < center) { return Step(step, 1, width, reaches_at); }
  return Step(sites - 1u - (step - center), -1, width, reaches_at + width);
}
