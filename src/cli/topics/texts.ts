/** Topics whose texts follow from no records. */

export const conventions = `Conventions

ħ = k_B = 1. A basis state is |n1, n2, l⟩: n = 1 for "up", l the rotor's angular momentum.
Populations of the two qubits are listed as 00, 01, 10, 11, qubit 1 first. e^{iφ}|l⟩ = |l + 1⟩,
cut at the edges of the window.

Heat and work are positive where they flow into the machine: an engine has work < 0. β is an
inverse temperature: the hot bath is the one of the smaller β, whichever qubit it is at. At equal
temperatures the operation is "other".

Observables have one name everywhere: heat.Q1 in JSON and in plans, heat_Q1 in stores, CSV and
netCDF.
`;

export const machineFiles = `Machines that files describe

Without --machine a command is about the paper's machine, two qubits that drive a rotor; --machine
mill is its name. --machine FILE takes another one: few levels, at most one ladder, a Hamiltonian
and baths as formulas in YAML. Nothing in such a file is executed.

  qmill machines                              those that come with the package
  qmill machines piston > mine.yaml           the file of one, to begin with
  qmill steady --machine mine.yaml --set g=2  one parameter changed; --set once for each
  qmill schema machine > machine.json         for an editor that checks files while they are written
`;

export const backends = `Backends

  cpu     float64, exact elimination in a sector, every core for sweeps and large states
  webgpu  a GPU: float32 refined to float64, or pairs of float32; in Node by the package webgpu
  gpujs   float32 through gpu.js, for devices with a potential; needs the package gpu.js
  auto    cpu; a sweep of more than ten seconds measures a GPU beside it, and takes the faster one

A backend that was asked for is never replaced by another one: where it cannot do what is asked,
the command ends with exit status 1 or 2 and one line. solver.backendReason in JSON says why a
backend was taken; --dry-run says it beforehand; qmill adapters lists the GPUs.
`;

export const precision = `Precision

--precision f64 (the default) promises float64-grade answers whatever computes: on a GPU
corrections in float32 are refined, and pairs of float32 are used only after a probe of the
device's own arithmetic. --precision f32 leaves it at float32.

A steady state is judged by its residual relative to the equation (solver.relativeResidual: at
most 1e-12, or 1e-5 with f32). Flows have errors of their own beside them (±; flowErrors in JSON),
which cover rounding and what a window cuts off. What is not converged is printed, marked, and has
exit status 3.
`;

export const stores = `Stores

qmill sweep PLAN --out FOLDER writes a Zarr v3 group: an array for each observable, with
dimensions, coordinates, units and a status for every point.

  resuming     the same command goes on where it was, whatever ended it
  parts        --shard 2/8 computes one part of eight, beside others; qmill slurm submits them
  checks       every chunk is held against its hash; what is damaged is computed again
  reading      xarray.open_zarr("FOLDER"); qmill export FOLDER --to netcdf FILE, or --to csv FILE
  drawing      qmill plot FOLDER
`;

export const files = `Files of results

--out FILE writes what a command prints, by the ending of the file, with units and with where it
comes from (version, commit, command line, host, GPU):

  .json  the object of --json, the units of its fields, and its provenance
  .csv   a row for each time, collision, mode, level or found device; # begins what is no table
         pandas.read_csv(FILE, comment="#")
  .nc    netCDF-4: xarray.open_dataset(FILE)

--states FILE.nc writes density matrices (steady, evolve). qmill plot FILE draws what .json and
.nc hold.
`;

export const exitCodes = `Exit status

  0    done
  1    the world's fault, in one line: a disk, a device, a package that is not installed
  2    bad input: one line that names the field, its value and what is allowed
  3    not converged, or no unique answer: what there is is printed, and marked
  130  stopped by Ctrl-C: what there is is printed, and marked as not complete
`;
