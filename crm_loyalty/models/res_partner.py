import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .id_array import id_array
from .loyalty_membership import COUNTING_STATES

_logger = logging.getLogger(__name__)


class ResPartner(models.Model):
    _inherit = "res.partner"

    membership_count = fields.Integer(
        string="Clubs", compute="_compute_membership_count", groups="crm_loyalty.group_club_user"
    )

    def _compute_membership_count(self):
        """Open memberships that hold for the contact: its own and, with all its contacts, its company's."""
        memberships = self.env["loyalty.membership"].search(
            self._origin._membership_domain() & Domain("state", "!=", "ended")
        )
        for partner in self:
            partner.membership_count = len(partner._origin._hold(memberships)) if partner._origin else 0

    # ------------------------------------------------------------ what holds for a customer

    def _membership_domain(self):
        """Memberships that may hold for some of these customers; :meth:`_hold` tells which holds for whom."""
        return Domain("partner_id", "in", (self | self.commercial_partner_id).ids)

    def _hold(self, memberships):
        """Those of ``memberships`` that hold for this customer, best tier first."""
        self.ensure_one()
        commercial = self.commercial_partner_id
        return memberships.filtered(
            lambda m: m.partner_id == self or (m.club_id.member_level == "commercial" and m.partner_id == commercial)
        )._best_first()

    def _running_memberships(self, company=None, date=None):
        """The memberships by which these customers may claim something: the one question to ask before giving it.

        :param company: ``res.company`` that gives it: only its clubs, those of the companies above it, and clubs of no
            company count. All companies when not given
        :param date: the day, in the past too; today when not given
        :return: ``loyalty.membership`` records, best tier first. A company's hold for its contacts as well, where the
        club
            says so
        """
        by_partner = self._running_memberships_by_partner(company, date)
        return self.env["loyalty.membership"].union(*by_partner.values())._best_first()

    def _running_memberships_by_partner(self, company=None, date=None):
        """As :meth:`_running_memberships`, for each customer.

        :return: ``{partner_id: loyalty.membership records}``
        """
        Membership = self.env["loyalty.membership"]
        domain = self._membership_domain() & Membership._running_domain(date or fields.Date.context_today(self))
        if company:
            # sudo: only to know the companies above a branch; memberships are searched as the user.
            domain &= Domain("company_id", "in", [False, *company.sudo().parent_ids.ids])
        memberships = Membership.search(domain)
        return {partner.id: partner._hold(memberships).with_prefetch(memberships.ids) for partner in self}

    # ------------------------------------------------------------ what follows from memberships

    def _mirror_memberships(self):
        """Give contacts the level, price list and tags of the tiers in which they are now.

        The level (core's ``grade_id``) is the best tier, for core's screens and price lists; nothing is decided by
        it. A level that no club has given, by hand or by a partnership product, stays as it is. So does a price list
        other than the one that the old level brought.
        """
        # Called after a change of memberships, or by the merge of contacts: whoever may do that need not write
        # contacts.
        partners = self.sudo().with_context(tracking_disable=True, active_test=False)
        held = partners._levels_and_tiers()
        partners._mirror_level(held)
        partners._mirror_tags({partner_id: tiers for partner_id, (_level, tiers) in held.items()})

    def _levels_and_tiers(self):
        """The level that contacts have, and the tiers in which they are by memberships of their own, ordered as
        ``loyalty.membership._best_first`` does.

        As numbers: of thousands of contacts, records take longer to be made than to be read. The caller must have checked
        that the memberships are the reader's to see.

        :return: ``{partner_id: (id of the level or None, list of ids of tiers)}``
        """
        self.flush_recordset(["grade_id"])
        self.env["loyalty.membership"].flush_model(["partner_id", "tier_id", "state", "date_start"])
        self.env["res.partner.grade"].flush_model(["sequence"])
        query = SQL(
            """
            SELECT contact.id, contact.grade_id, ARRAY(
                   SELECT tier.id FROM loyalty_membership member JOIN res_partner_grade tier ON tier.id = member.tier_id
                    WHERE member.partner_id = contact.id AND member.state IN %s
                    ORDER BY tier.sequence, member.date_start, member.id)
              FROM res_partner contact WHERE contact.id = ANY(%s)
            """,
            COUNTING_STATES,
            id_array(self.ids),
        )
        return {partner_id: (level, tiers) for partner_id, level, tiers in self.env.execute_query(query)}

    def _mirror_level(self, held):
        """:param held: see ``_levels_and_tiers``"""
        changes, grades = defaultdict(list), self.env["res.partner.grade"]
        levels = grades.browse({level for level, _tiers in held.values() if level})
        replaced = {None, *levels.filtered("club_id").ids}
        for partner_id, (level, tiers) in held.items():
            tier = tiers[0] if tiers else None
            if level != tier and level in replaced:
                changes[level, tier].append(partner_id)
        for (level, tier), ids in changes.items():
            old, new = grades.browse(level), grades.browse(tier)
            partners = self.browse(ids).with_company((new or old).company_id or self.env.company)
            if (old | new).default_pricelist_id or "grade_id" in self._commercial_fields():
                partners.write({"grade_id": new.id})  # the price list of the level comes and goes with it
            else:
                partners._write_level(new)

    def _write_level(self, level):
        """The level and nothing else, by one statement: core would look through the contacts of each company, one by one,
        for what they have to take over. Both the old one and the new one are a club's, or none."""
        self.flush_recordset(["grade_id", "plain_level_id", "write_uid", "write_date"])
        self.modified(["grade_id"], before=True)
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET grade_id = %s, write_uid = %s, write_date = %s WHERE id = ANY(%s)",
                level.id or None,
                self.env.uid,
                self.env.cr.now(),
                id_array(self.ids),
            )
        )
        self.invalidate_recordset(["grade_id", "write_uid", "write_date"], flush=False)
        self.modified(["grade_id"])
        self.env.remove_to_compute(self._fields["plain_level_id"], self)  # there is none

    def _mirror_tags(self, held):
        """:param held: ``{partner_id: list of ids of tiers}``"""
        tagged = self.env["res.partner.grade"].search([("partner_tag_id", "!=", False)])
        for tag, tiers in tagged.grouped("partner_tag_id").items():
            carriers = self.filtered(lambda partner, tag=tag: tag in partner.category_id)
            of_tag = {*tiers.ids}
            members = self.browse(partner_id for partner_id, theirs in held.items() if not of_tag.isdisjoint(theirs))
            (members - carriers).write({"category_id": [(4, tag.id)]})
            (carriers - members).write({"category_id": [(3, tag.id)]})

    def _refresh_open_quotations(self):
        """Bring the prices of these customers' quotations in line with their memberships.

        A quotation that cannot be priced anew does not hold up the membership: it is priced when it is confirmed
        anyway.
        """
        # Memberships have changed; who may change them need not see other people's quotations. Nothing is handed back.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("state", "in", ("draft", "sent")),
                    ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ]
            )
        )
        for order in orders:
            try:
                with self.env.cr.savepoint():
                    order.with_company(order.company_id)._follow_membership()
            except UserError as error:
                _logger.warning("Quotation %s does not follow its customer's membership: %s", order.name, error)

    # ------------------------------------------------------------ screens

    def action_enrol_in_club(self):
        """Ask in which club the customer shall be."""
        return self.env["loyalty.enrol.wizard"]._open(partners=self)

    def action_open_memberships(self):
        """The memberships that hold, or held, for this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_membership_action")
        action["domain"] = list(self._membership_domain())
        action["context"] = {"create": False}
        return action

    @api.model
    def _may_see_clubs(self):
        return self.env["loyalty.membership"].has_access("read")

    def _customer_badges(self):
        badges = super()._customer_badges()
        if not self._may_see_clubs():
            return badges
        for partner_id, memberships in self._running_memberships_by_partner().items():
            badges[partner_id] += [membership._badge() for membership in memberships]
        return badges

    def _front_desk_buttons(self):
        buttons = super()._front_desk_buttons()
        if self.env.user.has_group("crm_loyalty.group_club_user"):
            buttons.append(
                {"label": self.env._("Enrol in a club"), "icon": "fa-id-card-o", "method": "action_enrol_in_club"}
            )
        return buttons
