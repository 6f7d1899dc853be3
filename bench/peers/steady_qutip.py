"""The paper's local master equation at N = 61, solved by QuTiP's direct steady-state solver.

Reads the device's parameters as JSON on stdin; prints JSON: version, seconds of building the Liouvillian and of solving (the best runs), <L_z>, Q2.
"""
import json
import sys
import time

import numpy as np
import qutip
from qutip import Qobj, liouvillian, qeye, sigmam, sigmap, sigmaz, steadystate, tensor


def device(p, lmin, lmax):
    levels = np.arange(lmin, lmax + 1)
    size = len(levels)
    # QuTiP's sigmap() raises its first basis state, |0>, which stands here for "up".
    up, down, z = sigmap(), sigmam(), sigmaz()
    one, rotor_one = qeye(2), qeye(size)
    shift = Qobj(np.diag(np.ones(size - 1), -1))
    lz = Qobj(np.diag(levels.astype(float)))
    on1 = lambda a: tensor(a, one, rotor_one)
    on2 = lambda a: tensor(one, a, rotor_one)
    rotor = lambda a: tensor(one, one, a)
    mill = tensor(up, down, shift)
    h = p["B1"] * on1(z) + p["B2"] * on2(z) + rotor(lz * lz) / (2 * p["I"]) + p["lambda"] * (mill + mill.dag())
    jumps = []
    for a, beta, field, g in (
        (on1, p["beta1"], p["B1"], p["g"] * (1 - p["chi"])),
        (on2, p["beta2"], p["B2"], p["g"] * (1 + p["chi"])),
    ):
        n = 1 / np.expm1(2 * beta * field)
        jumps += [g * np.sqrt(n) * a(up), g * np.sqrt(n + 1) * a(down)]
    cos, sin = (shift + shift.dag()) / 2, (shift - shift.dag()) / 2j
    amplitude = np.sqrt(2 * p["I"] * p["gamma"] / p["betaR"])
    a = p["betaR"] / (4 * p["I"])
    jumps += [amplitude * rotor(cos - 1j * a * sin * lz), amplitude * rotor(sin + 1j * a * cos * lz)]
    return h, jumps, rotor(lz), p["B2"] * on2(z)


def main():
    request = json.load(sys.stdin)
    p = request["parameters"]
    h, jumps, lz, qubit2 = device(p, request["lmin"], request["lmax"])
    building, solving = [], []
    for _ in range(request["runs"]):
        begin = time.perf_counter()
        generator = liouvillian(h, jumps)
        built = time.perf_counter()
        rho = steadystate(generator, method="direct")
        building.append(built - begin)
        solving.append(time.perf_counter() - built)
    commutator = -1j * (h * rho - rho * h)
    print(json.dumps({
        "version": qutip.__version__,
        "building": min(building),
        "solving": min(solving),
        "Lz": float(qutip.expect(lz, rho)),
        "Q2": float(np.real(-(qubit2 * commutator).tr())),
    }))


if __name__ == "__main__":
    main()
