"""What a price rise brings, against the value of the customers who leave because of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.models.price_effect import PriceEffect, ratio_of

PER = 1_000  # customers


class Payback(NamedTuple):
    """Of a rise of `share` of the fees for 1,000 customers.

    `ratio` by which leaving by choice rises, `percent` (of churn per per cent of price), `extra` leavers, `brings`
    (money a month, of all of them), `lost` (their value; missing where no value is told), `months` until the rise has
    brought what is lost: each a value with low and high, 95 % interval of the effect alone.
    """

    share: float
    ratio: tuple[float, float, float]
    percent: tuple[float, float, float]
    extra: tuple[float, float, float]
    brings: float
    lost: tuple[float, float, float]
    months: tuple[float, float, float]


def payback(effect: PriceEffect, *, share: float, fees: float, value: float) -> Payback | None:
    """What a rise of a size would do, were it felt as the rises so far.

    extra = leavers there would have been without a rise, per 1,000 · (ratio − 1)
    lost = extra · value of a customer; months = lost ÷ (share · fees of those who stay)

    Parameters
    ----------
    fees : mean fees of a customer, money a month.
    value : mean value of an active customer; missing where none is told.

    Returns
    -------
    Nothing where the effect is not told.
    """
    if effect.lack or not effect.rises:
        return None
    ratio = ratio_of(effect, share)
    usual = PER * (effect.leavers - effect.attributed[0]) / effect.rises
    extra = tuple(usual * (one - 1) for one in ratio)
    percent = tuple(float(np.expm1(one * 0.01)) for one in (effect.slope, effect.low, effect.high))
    brings = [share * fees * max(PER - one, 0.0) for one in extra]
    lost = tuple(one * value for one in extra)
    months = tuple(one / each if each > 0 else np.nan for one, each in zip(lost, brings, strict=True))
    return Payback(share, ratio, _three(percent), _three(extra), brings[0], _three(lost), _three(months))


def _three(values: tuple[float, ...]) -> tuple[float, float, float]:
    first, low, high = values
    return float(first), float(low), float(high)
