"""Devices from Python: qmill as a process, its JSON and netCDF as dictionaries and data sets.

Needs xarray and netCDF4 (pip install xarray netCDF4). QMILL says how qmill is called, by default npx qmill.
"""

import json
import os
import shlex
import subprocess
import tempfile

import xarray

QMILL = shlex.split(os.environ.get("QMILL", "npx qmill"))


def qmill(*args):
    """What qmill prints. Raises where a device has no answer, or is no device."""
    done = subprocess.run([*QMILL, *args], check=True, capture_output=True, text=True)
    return done.stdout


# One number, without a file.
steady = json.loads(qmill("steady", "--beta2", "0.03", "--json"))
print(steady["operation"], round(steady["efficiency"], 6))

with tempfile.TemporaryDirectory() as folder:
    # An evolution as a data set with dimensions and units.
    file = os.path.join(folder, "run.nc")
    qmill("evolve", "--beta2", "0.03", "--times", "log:10:1e6:6", "--out", file)
    with xarray.open_dataset(file) as run:
        momentum = run.rotor_Lz
        print(momentum.attrs["units"], momentum.sel(t=1e6).item().__round__(6))
        populations = run.rotor_populations.isel(t=-1)
        mean = float((populations * populations.l).sum())
        print("from the populations", round(mean, 6))

    # A sweep as a Zarr group, for xarray.open_zarr, or exported.
    plan = os.path.join(folder, "plan.yaml")
    with open(plan, "w", encoding="utf8") as text:
        text.write("axes: {beta2: {linspace: {from: 0.02, to: 0.08, count: 4}}}\nobservables: [work.WQ]\n")
    results = os.path.join(folder, "results")
    table = os.path.join(folder, "results.nc")
    qmill("sweep", plan, "--out", results)
    qmill("export", results, table, "--to", "netcdf")
    with xarray.open_dataset(table) as data:
        for beta2, work in zip(data.beta2.values, data.work_WQ.values):
            print(f"{beta2:.2f} {work:+.6e}")
