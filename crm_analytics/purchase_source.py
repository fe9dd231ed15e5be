"""What a model declares to have its documents counted as purchases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PurchaseSource:
    """How the documents of a model become purchases. All names are of stored fields of the model itself.

    :param amount: what the customer bought for, without taxes
    :param rate: units of the document's currency per unit of the company's, at the time of the document; where
        empty, the amount is in the company's currency already
    :param partner: the contact; the purchase counts for his commercial partner, the *customer*
    :param date: when it was bought, a datetime in UTC
    :param states: the states in which a document is a purchase
    """

    amount: str
    rate: str = ""
    partner: str = "partner_id"
    company: str = "company_id"
    date: str = "date_order"
    state: str = "state"
    states: tuple = ()

    @property
    def key_fields(self):
        """A change of one of these moves a document to another customer, company or day, or in or out of account."""
        return {self.partner, self.company, self.date, self.state}

    @property
    def watched_fields(self):
        """A change of one of these changes a figure."""
        return self.key_fields | {self.amount, *([self.rate] if self.rate else [])}
