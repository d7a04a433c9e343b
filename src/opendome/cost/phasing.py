"""When money is paid for units that are delivered evenly over a time, each paid for evenly from its order on.

All functions take instants t in months after the start of the programme, (K,) or (R, K), and give what has been paid,
delivered or spent until then, (R, K): the payments of a year are a difference of two.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from opendome.cost import learning
from opendome.kernel import F64Array

INSTANT = 1e-9
"""Months within which two instants are the same: rounding of lives and dates."""


class Batch(NamedTuple):
    """Units of one generation, delivered evenly from a first instant to a last; R runs."""

    units: F64Array
    """(R,)"""
    first: F64Array
    """(R,) months."""
    last: F64Array
    """(R,) months; all come at once where it equals `first`."""


class Curve(NamedTuple):
    """Prices of units in the order in which they are built; R runs."""

    built: F64Array
    """(R,) units built before these."""
    slope: F64Array
    """(R,) exponent of learning."""
    is_average: bool
    """Whether learning is of the average of all units so far."""


def until(batch: Batch, end: float) -> Batch:
    """What of a batch is delivered before an instant."""
    span = batch.last - batch.first
    share = np.clip((end - batch.first) / np.where(span > 0.0, span, 1.0), 0.0, 1.0)
    share = np.where(span > 0.0, share, 1.0) * (batch.first < end - INSTANT)
    return Batch(batch.units * share, batch.first, np.minimum(batch.last, np.maximum(end, batch.first)))


def ramp(batch: Batch, t: F64Array) -> F64Array:
    """Share of a batch that is delivered before t, (R, K); one that comes at t itself is not."""
    first, span = batch.first[:, None], (batch.last - batch.first)[:, None]
    even = np.clip((t - first) / np.where(span > 0.0, span, 1.0), 0.0, 1.0)
    return np.where(span > 0.0, even, (t > first + INSTANT).astype(np.float64))


def ramp_area(batch: Batch, t: F64Array) -> F64Array:
    """Integral of the share that is there until t, (R, K) months."""
    span = (batch.last - batch.first)[:, None]
    since = np.maximum(t - batch.first[:, None], 0.0)
    rising = np.minimum(since, span)
    return rising * rising / (2.0 * np.where(span > 0.0, span, 1.0)) + since - rising


def worth(batch: Batch, curve: Curve, t: F64Array) -> F64Array:
    """What the units delivered before t cost, (R, K), in prices of the first unit."""
    return _to_share(learning.between, batch, curve, ramp(batch, t))


def worth_area(batch: Batch, curve: Curve, t: F64Array) -> F64Array:
    """Integral of `worth` until t, (R, K) prices of the first unit times months."""
    span = batch.last - batch.first
    since = np.maximum(t - batch.first[:, None], 0.0)
    rising = np.minimum(since, span[:, None])
    share = rising / np.where(span > 0.0, span, 1.0)[:, None]
    per_unit = span / np.where(batch.units > 0.0, batch.units, 1.0)
    whole = learning.between(curve.built, curve.built + batch.units, curve.slope, is_average=curve.is_average)
    growing = per_unit[:, None] * _to_share(learning.area, batch, curve, share)
    return np.asarray(growing + whole[:, None] * (since - rising))


def _to_share(function: Callable[..., F64Array], batch: Batch, curve: Curve, share: F64Array) -> F64Array:
    """A function of `learning` from the first unit of a batch to the shares (R, K) of it."""
    last = curve.built + batch.units
    whole = function(curve.built, last, curve.slope, is_average=curve.is_average)
    found = np.where(share >= 1.0, whole[:, None], 0.0)
    run, k = np.nonzero((share > 0.0) & (share < 1.0))
    built = curve.built[run]
    found[run, k] = function(built, built + batch.units[run] * share[run, k], curve.slope[run],
                             is_average=curve.is_average)
    return found


def paid(batch: Batch, curve: Curve, lead: F64Array, t: F64Array) -> F64Array:
    """What has been paid until t for a batch whose units are paid for evenly over `lead` (R,) months before their
    delivery, (R, K), in prices of the first unit."""
    is_ahead = lead > INSTANT
    if not is_ahead.any():
        return worth(batch, curve, t)
    months = np.where(is_ahead, lead, 1.0)[:, None]
    ahead = (worth_area(batch, curve, t + months) - worth_area(batch, curve, t)) / months
    return ahead if is_ahead.all() else np.where(is_ahead[:, None], ahead, worth(batch, curve, t))
