from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class ResPartner(models.Model):
    """A contact as a partner of ours, and as a customer whom a partner has sent."""

    _inherit = "res.partner"

    co_marketing_agreement_id = fields.Many2one(
        "co.marketing.agreement",
        string="Won By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="crm_loyalty.group_club_user",
        help="The agreement with a partner by which this customer came: it was used on his first order.",
    )
    partner_agreement_count = fields.Integer(
        string="Agreements", compute="_compute_partner_agreement_count", groups="crm_loyalty.group_club_user"
    )

    def _won_by(self, agreement):
        """Write down, once, by which agreement these customers came."""
        # sudo: the order is confirmed by somebody who need not manage contacts.
        self.sudo().filtered(
            lambda partner: not partner.co_marketing_agreement_id
        ).co_marketing_agreement_id = agreement

    def _no_longer_won(self, besides=None):
        """The first order was cancelled or wholly credited: who has no other one was not won.

        :param besides: ``sale.order`` that does not count
        """
        if not self:
            return
        # sudo: as in _won_by
        orders = self.env["sale.order"].sudo()
        bought = orders.search(
            [
                ("partner_id.commercial_partner_id", "in", self.ids),
                ("state", "=", "sale"),
                ("id", "not in", besides.ids if besides else []),
            ]
        )
        (self - bought.partner_id.commercial_partner_id).sudo().co_marketing_agreement_id = False  # sudo: as above

    # ------------------------------------------------------------ the partner's card

    def _agreements_by_partner(self, domain=Domain.TRUE):
        """The agreements that the reader may see of these companies. One query.

        :return: ``{id of each of these: co.marketing.agreement}``; a contact has those of its company
        """
        agreements = self.env["co.marketing.agreement"]
        found = dict.fromkeys(self.ids, agreements)
        if not agreements.has_access("read"):
            return found
        mine = agreements.search(
            Domain("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids) & domain,
            order="date_end, id",
        )
        # sudo: to whom an agreement belongs; the agreements are the reader's.
        owners = {one: one.sudo().partner_id.commercial_partner_id.id for one in mine}
        for partner in self:
            found[partner.id] = mine.filtered(lambda one, key=partner.commercial_partner_id.id: owners[one] == key)
        return found

    def _compute_partner_agreement_count(self):
        found = self._agreements_by_partner()
        for partner in self:
            partner.partner_agreement_count = len(found.get(partner.id, ()))

    def _customer_badges(self):
        badges = super()._customer_badges()
        open_ones = Domain("state", "in", ("proposed", "accepted", "running", "suspended"))
        for partner_id, agreements in self._agreements_by_partner(open_ones).items():
            badges[partner_id] += [agreement._badge() for agreement in agreements]
        return badges

    def action_open_partner_agreements(self):
        """The agreements with this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.co_marketing_agreement_action")
        agreements = self._agreements_by_partner()[self.id]
        company = self.commercial_partner_id
        action |= {
            "domain": [("partner_id.commercial_partner_id", "=", company.id)],
            "context": {"default_partner_id": company.id},
        }
        if len(agreements) == 1:
            action |= {"res_id": agreements.id, "views": [[False, "form"]]}
        else:
            action["views"] = [[False, "list"], [False, "form"]]
        return action


class CoMarketingAgreement(models.Model):
    _inherit = "co.marketing.agreement"

    def _badge(self):
        """The agreement as a fact at the head of the partner's card."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        words = [self.name]
        if self.state != "running":
            words.append(states[self.state])
        if self.date_end:
            day = format_date(self.env, self.date_end)
            goes_on = self.renewal == "renews" and not self.notice_given_on
            words.append(self.env._("goes on after %s", day) if goes_on else self.env._("ends %s", day))
        return {
            "label": self.env._("Partner"),
            "value": ", ".join(words),
            "severity": {"running": "success", "suspended": "warning"}.get(self.state, "info"),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": "co.marketing.agreement",
                "res_id": self.id,
                "views": [[False, "form"]],
            },
            "sequence": 30,
        }
