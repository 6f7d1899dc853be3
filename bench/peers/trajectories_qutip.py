"""Quantum trajectories of the local model by QuTiP's mcsolve, in one process.

Reads as JSON on stdin: the device's parameters, lmin, lmax, t and count; prints JSON: version, seconds, and the
mean of L_z^2 with its standard error. The state at t = 0 is both qubits down and the rotor in |0>.
"""
import json
import sys
import time

import numpy as np
import qutip
from qutip import Options, expect, fock_dm, mcsolve, tensor
from qutip.parallel import serial_map

from device import device


def main():
    request = json.load(sys.stdin)
    lmin, lmax, count = request["lmin"], request["lmax"], request["count"]
    h, jumps, lz, _ = device(request["parameters"], lmin, lmax)
    ket = tensor(qutip.basis(2, 1), qutip.basis(2, 1), qutip.basis(lmax - lmin + 1, -lmin))
    options = Options(rtol=1e-8, atol=1e-10, nsteps=10**9, average_states=False, seeds=list(range(count)))
    options.store_states = True
    begin = time.perf_counter()
    result = mcsolve(
        h, ket, [0.0, request["t"]], jumps, [], ntraj=count, options=options, progress_bar=None,
        map_func=serial_map,
    )
    seconds = time.perf_counter() - begin
    square = lz * lz
    values = np.array([expect(square, states[-1]) for states in result.states])
    error = values.std(ddof=1) / np.sqrt(count)
    print(json.dumps({"version": qutip.__version__, "seconds": seconds, "mean": values.mean(), "error": error}))


if __name__ == "__main__":
    main()
