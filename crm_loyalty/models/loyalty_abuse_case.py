from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .plain_number import plain_number

KINDS = [
    ("staff_card", "Employee's card on many orders"),
    ("many_customers", "One card for many customers"),
    ("same_card", "Salesperson with the same card"),
    ("refund_loop", "Earned and taken back"),
    ("adjustments", "Many adjustments by one person"),
    ("merge_redeem", "Redeemed after a merge"),
    ("card_numbers", "Card numbers tried"),
]
JUDGING = {"note", "activity_ids", "message_ids", "message_follower_ids"}  # what reviewers write themselves
LISTED_ORDERS = 1000


class LoyaltyAbuseCase(models.Model):
    """Something suspicious about points that a person should look at: facts of a period, and what was decided.

    The nightly search makes cases and keeps the facts of open ones up to date. What was judged, be it confirmed or
    dismissed, is not counted again: only what happens afterwards makes a new case.
    """

    _name = "loyalty.abuse.case"
    _description = "Case for Review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, id desc"

    kind = fields.Selection(KINDS, string="Pattern", required=True, readonly=True)
    club_id = fields.Many2one("loyalty.club", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="club_id.company_id", store=True)
    card_id = fields.Many2one("loyalty.card", readonly=True, index="btree_not_null", ondelete="set null")
    partner_id = fields.Many2one(
        "res.partner", string="Card Owner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users", string="Colleague", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date_from = fields.Datetime(string="From", readonly=True)
    date_to = fields.Datetime(string="To", readonly=True)
    entry_count = fields.Integer(string="Ledger Entries", readonly=True)
    order_count = fields.Integer(string="Orders", readonly=True)
    customer_count = fields.Integer(string="Other Customers", readonly=True)
    points = fields.Float(readonly=True)
    share = fields.Float(string="Share of His Orders (%)", readonly=True)
    # Whom it is about, for good: 0 when it is about no card or no colleague. The references are emptied when they are deleted.
    card_key = fields.Integer(readonly=True)
    user_key = fields.Integer(readonly=True)
    last_entry_id = fields.Integer(readonly=True, help="The newest entry of the ledger that counts for this case.")
    facts = fields.Char(compute="_compute_facts")
    state = fields.Selection(
        [("open", "To Review"), ("dismissed", "Dismissed"), ("confirmed", "Confirmed")],
        string="Review Status",
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        group_expand=True,
    )
    reviewer_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    reviewed_on = fields.Datetime(readonly=True)
    note = fields.Text(help="What was found out, and what was done.")

    # Two searches at the same time: the second is refused by the database.
    _one_open_per_subject = models.UniqueIndex(
        "(club_id, kind, card_key, user_key) WHERE state = 'open' AND card_key + user_key > 0",
        "There is an open case of this pattern already.",
    )

    @api.depends("kind", "partner_id", "user_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for case in self:
            # sudo: the name of the card's owner and of the colleague, not more, to the manager who reviews.
            names = [case.sudo().user_id.name, case.sudo().partner_id.name]
            case.display_name = " · ".join(filter(None, [kinds.get(case.kind), *names]))

    @api.depends("kind", "order_count", "entry_count", "customer_count", "points", "share")
    def _compute_facts(self):
        for case in self:
            case.facts = case._facts_text()

    def _facts_text(self):
        """What was found, in one sentence."""
        values = {
            "orders": self.order_count,
            "entries": self.entry_count,
            "customers": self.customer_count,
            "points": plain_number(self.env, abs(self.points)),
            "share": f"{self.share:.0f}",
        }
        if self.kind == "staff_card":
            return self.env._("%(orders)s orders collected %(points)s points on an employee's card", **values)
        if self.kind == "many_customers":
            return self.env._("The card was used on %(orders)s orders for %(customers)s other customers", **values)
        if self.kind == "same_card":
            return self.env._("%(orders)s orders, %(share)s %% of all of this salesperson, carry this card", **values)
        if self.kind == "refund_loop":
            return self.env._("%(entries)s times points were earned and taken back, %(points)s points", **values)
        if self.kind == "adjustments":
            return self.env._("%(entries)s adjustments by this person, %(points)s points in sum", **values)
        if self.kind == "card_numbers":
            return self.env._("%(entries)s card numbers too many were typed to join with a card in the hand", **values)
        return self.env._("%(points)s points redeemed soon after contacts were merged", **values)

    # ------------------------------------------------------------ the search

    @api.model
    def _put_on_list(self, club, kind, found):
        """Make cases of what was found, or bring the open ones up to date.

        :param found: dicts as of ``loyalty.club._abuse_query``
        :return: the new cases
        """
        open_cases = {
            (case.card_key, case.user_key): case
            for case in self.search([("club_id", "=", club.id), ("kind", "=", kind), ("state", "=", "open")])
        }
        cards = self.env["loyalty.card"].browse(facts["card_id"] for facts in found if facts["card_id"])
        owners = {card.id: card.partner_id.id for card in cards}
        new = []
        for facts in found:
            keys = {"card_key": facts["card_id"] or 0, "user_key": facts["user_id"] or 0}
            case = open_cases.get(tuple(keys.values()))
            if not case:
                owner = owners.get(facts["card_id"])
                new.append({**facts, **keys, "kind": kind, "club_id": club.id, "partner_id": owner})
            elif case.last_entry_id != facts["last_entry_id"]:
                case.write(facts)
        return self.create(new)

    @api.model
    def _report_numbers(self, club, partner=None):
        """Somebody types card numbers on the pages where one joins, more than anybody has cards.

        :param partner: ``res.partner`` who is logged in; of visitors nobody is named
        """
        about = Domain("kind", "=", "card_numbers") & Domain("club_id", "=", club.id) & Domain("state", "=", "open")
        about &= Domain("partner_id", "=", partner.id if partner else False)
        now = fields.Datetime.now()
        if case := self.search(about, limit=1):
            case.write({"entry_count": case.entry_count + 1, "date_to": now})
            return
        values = {"kind": "card_numbers", "club_id": club.id, "partner_id": partner and partner.id}
        self.create({**values, "entry_count": 1, "date_from": now, "date_to": now})

    # ------------------------------------------------------------ judging

    def write(self, vals):
        if not self.env.su and set(vals) - JUDGING:
            raise AccessError(self.env._("A case is judged by its buttons; its facts are never changed by hand."))
        return super().write(vals)

    def action_confirm_abuse(self):
        """It is abuse."""
        self._judge("confirmed")

    def action_dismiss(self):
        """It is none: these facts do not come back."""
        self._judge("dismissed")

    def action_reopen(self):
        """Look at it once more.

        :raises UserError: when the search has made a newer case of the same pattern meanwhile
        """
        for case in self:
            same = Domain("club_id", "=", case.club_id.id) & Domain("kind", "=", case.kind)
            same &= Domain("card_key", "=", case.card_key) & Domain("user_key", "=", case.user_key)
            if case.state != "open" and self.search_count(same & Domain("state", "=", "open"), limit=1):
                raise UserError(
                    self.env._("“%s”: there is a newer case of the same pattern. Judge that one.", case.display_name)
                )
        self._judge("open")

    def _judge(self, state):
        """:raises AccessError: unless the user manages clubs and is not concerned himself"""
        self.check_access("write")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager judges a case."))
        # sudo: whether it is about himself is asked of every case, whichever contacts he may read.
        for case in self.sudo():
            if self.env.user in (case.user_id | case.partner_id.user_ids):
                raise AccessError(
                    self.env._("“%s” is about yourself: ask another club manager to judge it.", case.display_name)
                )
        done = {"reviewer_id": self.env.uid, "reviewed_on": fields.Datetime.now()}
        nobody = {"reviewer_id": False, "reviewed_on": False}
        # sudo: the right is checked above; nobody writes these fields in any other way.
        self.sudo().write({"state": state, **(nobody if state == "open" else done)})

    # ------------------------------------------------------------ what it is about

    def _entry_domain(self):
        """The ledger entries that tell of this case."""
        self.ensure_one()
        if self.kind == "card_numbers":
            return Domain.FALSE  # it is about no points
        kinds = {
            "adjustments": ["adjust", "gift"],
            "merge_redeem": ["merge", "redeem"],
            "refund_loop": ["earn", "cancel", "reverse"],
            "many_customers": ["earn", "redeem"],
        }.get(self.kind, ["earn"])
        domain = Domain("program_id", "=", self.club_id.program_id.id) & Domain("kind", "in", kinds)
        if self.kind != "merge_redeem":  # the merge was before the first redemption
            domain &= Domain("date", ">=", self.date_from)
        if self.kind != "refund_loop":  # the last points were taken back after they had been earned
            domain &= Domain("date", "<=", self.date_to)
        if self.card_id:
            return domain & Domain("card_id", "=", self.card_id.id)
        return domain & Domain("user_id", "=", self.user_id.id)

    def action_open_entries(self):
        """The ledger entries that it is about."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_ledger_entry_action")
        return {**action, "name": self.display_name, "domain": list(self._entry_domain()), "context": {}}

    def action_open_orders(self):
        """The sales orders that it is about."""
        self.ensure_one()
        entries = self.env["loyalty.ledger.entry"].search_fetch(
            self._entry_domain() & Domain("res_model", "=", "sale.order"), ["res_id"], limit=LISTED_ORDERS
        )
        orders = self.env["sale.order"].browse(set(entries.mapped("res_id"))).exists()
        if self.kind == "same_card":
            # sudo: only to choose the orders of this salesperson; the list shows what the reader may read.
            orders = orders.filtered(lambda order: order.sudo().user_id in (self.user_id, order.user_id.browse()))
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "sale.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", orders.ids)],
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        result = super()._anonymise_records()
        # sudo: an administrator was asked for, see action_anonymise. What a reviewer noted about the person goes.
        cases = self.env["loyalty.abuse.case"].sudo().search([("partner_id", "in", self.ids)])
        self._anonymise_texts_of(cases)
        cases.note = False
        return result
