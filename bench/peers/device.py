"""The local model as QuTiP has it, 4 or 5: Hamiltonian, jump operators, and two observables."""
import numpy as np
import scipy.sparse as sparse
from qutip import Qobj, qeye, sigmam, sigmap, sigmaz, tensor


def sparsely(operator):
    """QuTiP 5 keeps what comes from dense arrays, or is diagonal, in other formats; 4 has no other than CSR."""
    return operator.to("CSR") if hasattr(operator, "to") else operator


def device(p, lmin, lmax):
    """Hamiltonian, jump operators, L_z and B_2 sigma_2^z of the local model, Eqs. (1)-(3) and (13)-(17)."""
    levels = np.arange(lmin, lmax + 1)
    size = len(levels)
    # QuTiP's sigmap() raises its first basis state, |0>, which stands here for "up".
    up, down, z = sigmap(), sigmam(), sigmaz()
    one, rotor_one = qeye(2), qeye(size)
    shift = Qobj(sparse.diags(np.ones(size - 1), -1, format="csr"))
    lz = Qobj(sparse.diags(levels.astype(float), format="csr"))
    on1 = lambda a: tensor(a, one, rotor_one)
    on2 = lambda a: tensor(one, a, rotor_one)
    rotor = lambda a: tensor(one, one, a)
    cos, sin = (shift + shift.dag()) / 2, (shift - shift.dag()) / 2j
    mill = tensor(up, down, shift)
    h = p["B1"] * on1(z) + p["B2"] * on2(z) + rotor(lz * lz) / (2 * p["I"]) + p["lambda"] * (mill + mill.dag())
    if p["V"]:
        h = h + p["V"] * rotor(cos)
    jumps = []
    for a, beta, field, g in (
        (on1, p["beta1"], p["B1"], p["g"] * (1 - p["chi"])),
        (on2, p["beta2"], p["B2"], p["g"] * (1 + p["chi"])),
    ):
        n = 1 / np.expm1(2 * beta * field)
        jumps += [g * np.sqrt(n) * a(up), g * np.sqrt(n + 1) * a(down)]
    if p["gamma"]:
        amplitude = np.sqrt(2 * p["I"] * p["gamma"] / p["betaR"])
        a = p["betaR"] / (4 * p["I"])
        jumps += [amplitude * rotor(cos - 1j * a * sin * lz), amplitude * rotor(sin + 1j * a * cos * lz)]
    return sparsely(h), [sparsely(jump) for jump in jumps], sparsely(rotor(lz)), sparsely(p["B2"] * on2(z))
