"""Heating of a nose and a skin by the air: the temperature of a wall in radiative balance.

What the air brings, the wall radiates. At the nose by the stagnation formula of Sutton and Graves; along the skin by
the flat plate at a reference enthalpy (Eckert), laminar or turbulent; the wall takes less as it gets hotter.

Left out: ablation, a body's own heat and how long it takes to warm up, real-gas chemistry at the wall. Equations,
sources and evidence: docs/models/infrared.md.
"""

import math

from opendome.air import density, pressure
from opendome.kernel import kernel

STEFAN_BOLTZMANN = 5.670374419e-8
"""W/(m2 K4) (CODATA 2018)."""

COLD_K = 300.0
"""Temperature of what is not heated by the air, and of the air itself: it matters little beside its motion."""

EMISSIVITY = 0.85
"""Of a hot skin, as in tracy2020."""

SUTTON_GRAVES = 1.7415e-4
"""kg^0.5 / m, for air."""

CP = 1150.0
"""J/(kg K), mean of air between rest and a hot wall (1,005 at 300 K, about 1,180 at 3,000 K undissociated)."""

_R_AIR, _PRANDTL = 287.05, 0.71
RE_TRANSITION = 1.0e6
"""Reynolds number, at the reference enthalpy, from which the skin's boundary layer is turbulent."""


@kernel
def _radiating(conductance, enthalpy, emissivity):
    """Temperature in K of a wall that radiates what it takes: conductance (kg/(m2 s)) times (enthalpy - CP T).

    It stands in surroundings of COLD_K. Newton from above: the balance is convex.
    """
    s = emissivity * STEFAN_BOLTZMANN
    cold = s * COLD_K**4
    t = math.sqrt(math.sqrt((conductance * enthalpy + cold) / s))
    for _ in range(6):
        t3 = s * t * t * t
        t -= (t3 * t - cold - conductance * (enthalpy - CP * t)) / (4.0 * t3 + conductance * CP)
    return t


@kernel
def stagnation_temperature(alt_m, speed_m_s, nose_radius_m, emissivity):
    """Temperature in K of a nose in radiative balance at its stagnation point.

    Cold-wall heating 1.7415e-4 sqrt(rho / r) V^3 W/m2 (suttongraves1971), less by the wall's share of the enthalpy,
    and never more than the air brings along (which bounds it in thin air).
    """
    enthalpy = 0.5 * speed_m_s * speed_m_s + CP * COLD_K
    rho = density(alt_m)
    heating = SUTTON_GRAVES * math.sqrt(rho / nose_radius_m) * speed_m_s**3
    return _radiating(min(heating / enthalpy, rho * speed_m_s), enthalpy, emissivity)


@kernel
def skin_temperature(alt_m, speed_m_s, incidence_rad, x_m, emissivity, cone):
    """Temperature in K of a skin in radiative balance, `x_m` behind the tip and at an angle to the flow.

    Flat plate at the reference enthalpy (eckert1956; White 1991, chapter 7), edge pressure by Newton's law; `cone` is
    1.0 for a plate, sqrt(3) for a cone (laminar; 1.15 turbulent). Turbulent from RE_TRANSITION on.
    """
    rho, v2 = density(alt_m), speed_m_s * speed_m_s
    sin2 = math.sin(incidence_rad) ** 2
    edge_pa, edge_m_s = pressure(alt_m) + rho * v2 * sin2, speed_m_s * math.cos(incidence_rad)
    edge_h, motion = CP * COLD_K + 0.5 * v2 * sin2, 0.5 * edge_m_s * edge_m_s
    t = 1000.0
    for _ in range(4):
        ref_k = (0.5 * (edge_h + CP * t) + 0.22 * math.sqrt(_PRANDTL) * motion) / CP
        ref_rho, viscosity = edge_pa / (_R_AIR * ref_k), 1.458e-6 * ref_k**1.5 / (ref_k + 110.4)
        reynolds = ref_rho * edge_m_s * x_m / viscosity
        if reynolds < RE_TRANSITION:
            stanton, recovery = 0.332 * cone / math.sqrt(reynolds), math.sqrt(_PRANDTL)
        else:
            stanton, recovery = 0.0296 / reynolds**0.2 * (1.15 if cone > 1.0 else 1.0), _PRANDTL ** (1 / 3)
        conductance = stanton * _PRANDTL ** (-2 / 3) * ref_rho * edge_m_s
        conductance = min(conductance, rho * speed_m_s * math.sin(incidence_rad))  # what meets the skin in thin air
        t = _radiating(conductance, edge_h + recovery * motion, emissivity)
    return t
