from odoo import fields, models
from odoo.addons.crm_contact_history.unchecked_many2one import UncheckedMany2one

SEGMENTS = [
    ("champions", "Champions"),
    ("loyal", "Loyal"),
    ("potential_loyalist", "Potential Loyalists"),
    ("new_customers", "New Customers"),
    ("promising", "Promising"),
    ("need_attention", "Need Attention"),
    ("about_to_sleep", "About to Sleep"),
    ("at_risk", "At Risk"),
    ("cannot_lose", "Cannot Lose Them"),
    ("hibernating", "Hibernating"),
    ("lost", "Lost"),
]
LIFECYCLES = [
    ("prospect", "Prospect"),
    ("new", "New"),
    ("growing", "Growing"),
    ("loyal", "Loyal"),
    ("at_risk", "At Risk"),
    ("lost", "Lost"),
    ("won_back", "Won Back"),
]
CHURN_RISKS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class CustomerMetric(models.Model):
    """What is known of a customer of a company today: one row per customer (commercial partner) and company.

    A *figure*, derived each night from the facts (``customer.purchase``); nobody else writes it. All of it holds at the
    end of ``as_of``, a day of the company's time zone. A night writes only the rows that it changes; what merely moves
    with the calendar (days since the first and the last purchase) is not stored. So the column ``as_of`` holds the day
    that the row was written for; read as a field it is the day of the company's figures, see ``customer.metric.day``.
    A *purchase day* is a day with at least one order. Prospects (a lead or a quotation, nothing bought yet) have a row
    with a lifecycle stage and nothing else.

    What is empty in the database is no zero: a prospect has no last day, without a fit (``retention.model``) there is
    no estimate. The ORM reads an empty number as 0, so ask ``orders``, ``retention_model_id`` or ``csat_count`` first.
    """

    _name = "customer.metric"
    _description = "Figures of a Customer"
    _order = "lifetime_value DESC NULLS LAST, id"
    _rec_name = "partner_id"
    _log_access = False  # a million rows, written by SQL only

    # Without foreign keys, which would be looked up and locked a million times in the first night: what these point to is
    # what the facts point to, which have theirs. Deleted contacts: res_partner_metrics.py; companies and fits:
    # retention_references.py.
    partner_id = UncheckedMany2one("res.partner", "Customer", required=True, ondelete="restrict", readonly=True)
    company_id = UncheckedMany2one("res.company", required=True, ondelete="restrict", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    as_of = fields.Date("As of", required=True, readonly=True, help="The figures hold at the end of this day.")

    first_day = fields.Date("First Purchase", readonly=True)
    last_day = fields.Date("Last Purchase", readonly=True)
    orders = fields.Integer(readonly=True)
    purchase_days = fields.Integer(readonly=True, help="Days with at least one order.")
    amount = fields.Monetary("Amount without Taxes", readonly=True, help="All he ever bought for, less credit notes.")
    first_amount = fields.Monetary("First Purchase, Amount", readonly=True, help="Of the first purchase day.")
    average_amount = fields.Monetary(
        "Average Order", readonly=True, aggregator="avg", help="Amount without taxes per order."
    )
    frequency = fields.Integer(
        "Repeat Purchases", readonly=True, aggregator="avg", help="Purchase days after the first one (x)."
    )
    t_x = fields.Integer(
        "Days from First to Last Purchase", readonly=True, aggregator="avg", help="t_x in the statistics."
    )
    interval_days = fields.Float(
        "Usual Interval (Days)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Mean days between purchase days.",
    )
    came_back = fields.Boolean(
        readonly=True,
        help="He bought again after having been lost, fewer purchase days ago than make a customer loyal.",
    )

    r_score = fields.Integer("Recency Score", readonly=True, aggregator="avg", help="1 to 5; 5 bought most recently.")
    f_score = fields.Integer("Frequency Score", readonly=True, aggregator="avg", help="1 to 5; 5 buys most often.")
    m_score = fields.Integer("Money Score", readonly=True, aggregator="avg", help="1 to 5; 5 bought for most.")
    rfm = fields.Char("RFM", size=3, readonly=True, help="The three scores in a row, such as 543.")
    segment = fields.Selection(SEGMENTS, readonly=True)
    lifecycle = fields.Selection(LIFECYCLES, "Lifecycle Stage", required=True, readonly=True)

    retention_model_id = UncheckedMany2one(
        "retention.model", "Estimated by", readonly=True, ondelete="set null", help="Empty: there is no estimate."
    )
    estimated_on = fields.Date(
        readonly=True,
        help="The estimates look ahead from this day: that of the fit or weeks later, or of a later purchase.",
    )
    probability_alive = fields.Float(
        "Chance to Buy Again", readonly=True, aggregator="avg", digits=(16, 4), help="0 to 1: is he still a customer?"
    )
    expected_purchases = fields.Float(
        readonly=True, digits=(16, 3), help="Purchase days expected within the horizon of the estimate."
    )
    lifetime_value = fields.Monetary(readonly=True, help="Expected revenue within the horizon, discounted.")
    lifetime_value_low = fields.Monetary("Lifetime Value, Low", readonly=True, help="Lower end of the interval (95 %).")
    lifetime_value_high = fields.Monetary("Lifetime Value, High", readonly=True, help="Upper end of the interval.")
    churn_risk = fields.Selection(CHURN_RISKS, "Risk of Leaving", readonly=True)

    open_complaints = fields.Integer(readonly=True)
    csat = fields.Float("Satisfaction", readonly=True, aggregator="avg", digits=(16, 2), help="Mean mark, 1 to 5.")
    csat_count = fields.Integer("Satisfaction Answers", readonly=True)

    # Serves the nightly upsert, a customer's card, deleting and merging contacts.
    _partner_company_uidx = models.UniqueIndex("(partner_id, company_id)")
    # Serves the list (its order), and the top customers by value.
    _value_idx = models.Index("(company_id, lifetime_value DESC NULLS LAST, id)")
    # Serves the customers of a segment, of a lifecycle stage and of a cell of the RFM grid: segments are few, so one index finds
    # a stage in all of them, and costs each row that is written half of what two do. With the customers, since the dashboard
    # asks who is in some segments, a million maybe, and nothing else of them.
    _lifecycle_segment_idx = models.Index("(company_id, segment, lifecycle) INCLUDE (partner_id)")
    # Serves the risk list: those most valuable first.
    _risk_idx = models.Index("(company_id, churn_risk, lifetime_value DESC NULLS LAST) WHERE churn_risk <> 'low'")
