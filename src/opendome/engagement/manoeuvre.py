"""Kill probability against a target that turns: what is left of that against one that flies straight on.

A target with the sideways acceleration a can be anywhere on a disc of radius a t^2 / 2 about its predicted place, t
later. Where on it is not known, so the place is drawn from the round normal distribution with the spread of an even
one over that disc: a t^2 / 4 along each of two axes, cut nowhere. Two things must then succeed, independently:

    midcourse    the interceptor is told of the turns all the way and answers each at once, so that its sideways speed
                 is spent evenly: it shifts the meeting by divert t / 2 at most
    handover     the seeker finds the target within `basket_m` of where the track puts it. The track is as old as its
                 last detection: its own spread and that of the turns since then add in squares

Either is the chance that a point of a round normal distribution lies within a radius: 1 - exp(-(radius / sigma)^2 / 2).

Left out: guidance, its lags and its miss distance; lift and speed of the interceptor along its flight; what a turn
costs the target; a target that knows where the interceptor is.
Source: the project's own model, derived in docs/models/manoeuvre.md.
"""

import math

from opendome.kernel import kernel


@kernel(inline=True)
def p_within(radius, sigma):
    """Chance that a point of a round normal distribution in a plane, `sigma` along each axis, lies within `radius`.

    1 where sigma is 0, and 0 where it is infinite.
    """
    if sigma <= 0.0:
        return 1.0
    ratio = radius / sigma
    return -math.expm1(-0.5 * ratio * ratio)


@kernel(inline=True)
def turn_sigma_m(manoeuvre_m_s2, dt_s):
    """Spread in m, along each of two axes across its path, of a target's place after `dt_s` of turns not foreseen.

    A quarter of manoeuvre dt^2: half of the radius that it can reach, as of an even distribution over that disc.
    """
    return 0.25 * manoeuvre_m_s2 * dt_s * dt_s


@kernel(inline=True)
def follow_factor(divert_m_s, flight_s, manoeuvre_m_s2):
    """Chance that an interceptor can follow a target's turns during its flight of `flight_s`; 1 for no manoeuvre.

    The shift that it can make, divert t / 2, against the spread of the target's, a t^2 / 4: one minus
    exp(-2 (divert / (a t))^2).
    """
    return p_within(0.5 * divert_m_s * flight_s, turn_sigma_m(manoeuvre_m_s2, flight_s))


@kernel(inline=True)
def basket_factor(basket_m, sigma_m, blind_s, manoeuvre_m_s2):
    """Chance that the seeker finds the target within `basket_m` of where the track puts it; 1 for a perfect track.

    sigma_m: spread of the track along each axis across the approach. blind_s: since the track's last detection.
    """
    turn_m = turn_sigma_m(manoeuvre_m_s2, blind_s)
    return p_within(basket_m, math.sqrt(sigma_m * sigma_m + turn_m * turn_m))


@kernel(inline=True)
def manoeuvre_factor(divert_m_s, basket_m, flight_s, sigma_m, blind_s, manoeuvre_m_s2):
    """What is left of a kill probability against a target that turns: `follow_factor` times `basket_factor`.

    1 exactly for manoeuvre_m_s2 = 0 and sigma_m = 0. Arguments: sideways speed that the interceptor can spend, m/s;
    basket of its seeker, m; its flight, s; spread of the track along each axis, m; time since the track's last
    detection, s; sideways acceleration of the target, m/s^2. None below 0; divert and basket may be infinite.
    """
    return (follow_factor(divert_m_s, flight_s, manoeuvre_m_s2)
            * basket_factor(basket_m, sigma_m, blind_s, manoeuvre_m_s2))
