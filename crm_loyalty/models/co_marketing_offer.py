"""What a member may use now: the answer of ``co.marketing.benefit._benefits_open_to``."""

from typing import NamedTuple


class Offer(NamedTuple):
    """One benefit, as it stands for one member at one moment.

    :ivar benefit: ``co.marketing.benefit``
    :ivar code: why it cannot be used now: ``membership``, ``club``, ``tier``, ``weekday``, ``hours``, ``member_day``,
        ``member_month``, ``member``, ``day``, ``month``, ``total``, ``budget``, ``amount`` (the bill must be known) or
        ``minimum``; empty: it can be used
    :ivar reason: the same as a sentence for the person at the counter
    :ivar uses_left: how often this member may use it today at most; None: as often as he likes
    :ivar discount: what he gets off the bill, when that is known
    """

    benefit: object
    code: str = ""
    reason: str = ""
    uses_left: int | None = None
    discount: float = 0.0

    @property
    def is_open(self):
        """Whether the member may use it now."""
        return not self.code

    @property
    def is_for_him(self):
        """Whether it is meant for this member at all, be it now or another time."""
        return self.code not in ("membership", "club", "tier")
