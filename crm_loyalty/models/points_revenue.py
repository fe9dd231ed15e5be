"""What points are worth in the books (IFRS 15, customer loyalty): pure functions.

Points given with a sale are a promise of their own. A part of the price is revenue only when the points are redeemed.
"""


def allocate(price, points, point_value, expected_share):
    """Share the price of a sale between the goods and the points given with it, by their stand-alone prices.

    :param price: of the goods, also their stand-alone price
    :param points: given with the sale
    :param point_value: what a point takes off a later bill
    :param expected_share: of the points, how many are expected to be redeemed: 0 to 1
    :return: (revenue of the goods at once, deferred for the points)

    >>> [round(part) for part in allocate(100_000, 10_000, 1, 0.95)]
    [91324, 8676]
    """
    worth = points * point_value * expected_share
    if not price + worth:
        return 0.0, 0.0
    deferred = price * worth / (price + worth)
    return price - deferred, deferred


def recognise(deferred, redeemed, expected):
    """How much of what was deferred is revenue by now.

    :param deferred: for the points, as of :func:`allocate`
    :param redeemed: points redeemed until now
    :param expected: points now expected to be redeemed in all
    :return: (revenue until now, what is left as a liability)

    >>> [round(part) for part in recognise(8_676, 4_500, 9_500)]
    [4110, 4566]
    """
    share = min(redeemed / expected, 1.0) if expected else 1.0
    return deferred * share, deferred * (1 - share)
