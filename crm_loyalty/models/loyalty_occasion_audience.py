from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .loyalty_membership import BEGUN_STATES


class LoyaltyOccasion(models.Model):
    """The circle of those whom an occasion greets."""

    _inherit = "loyalty.occasion"

    def _audience_domain(self):
        """Hook: who may be greeted by this occasion, whatever day it is. Narrow it with ``super() & …``.

        Asked when people are looked for, and once more right before each is greeted: who has left the audience
        meanwhile is not. The scheduled job asks as superuser, a preview with the rights of its reader.

        :return: Domain on ``res.partner``; it is searched with, never used with ``filtered_domain``
        :raises UserError: when it cannot be asked; nobody is greeted then, and the occasion shows the sentence
        """
        self.ensure_one()
        # Addresses for deliveries and invoices are nobody.
        persons = Domain("type", "=", "contact") & Domain("company_id", "in", [False, *self._companies().ids])
        return persons & self._circle_domain()

    def _circle_domain(self):
        """Hook: members of what is chosen, else all customers. Another way of choosing customers comes in here.

        :return: Domain on ``res.partner``
        """
        return self._members_domain() if self.club_ids or self.tier_ids else self._customers_domain()

    def _members_domain(self):
        """Whoever has a running membership of these clubs or tiers today; with it the contacts of a company that has one,
        where it holds for them."""
        Membership = self.env["loyalty.membership"]
        wanted = Domain("club_id", "in", self.club_ids.ids) | Domain("tier_id", "in", self.tier_ids.ids)
        running = Membership._running_domain(self._today()) & wanted
        own = Membership._search(running)
        of_company = Membership._search(running & Domain("club_id.member_level", "=", "commercial"))
        return Domain("id", "in", own.subselect("partner_id")) | Domain(
            "commercial_partner_id", "in", of_company.subselect("partner_id")
        )

    def _customers_domain(self):
        """Contacts of whoever has bought from this company, or is a member of one of its clubs."""
        return Domain.custom(
            to_sql=lambda _model, alias, _query: self._is_customer_sql(SQL.identifier(alias, "commercial_partner_id"))
        )

    def _is_customer_sql(self, customer):
        """Hook: whether a customer has bought: a purchase or a posted invoice of this company, or a membership.

        :param customer: SQL of the id of a commercial partner
        """
        bought = [
            SQL(
                """
                EXISTS (SELECT FROM res_partner person JOIN %(documents)s bought ON bought.partner_id = person.id
                         WHERE person.commercial_partner_id = %(customer)s
                           AND %(counts)s AND bought.company_id = %(company)s)
                """,
                documents=SQL.identifier(self.env[model]._table),
                counts=counts,
                customer=customer,
                company=self.company_id.id,
            )
            for model, counts in self._purchase_documents(SQL("bought")).items()
        ]
        return SQL(
            """
            (%(bought)s
             OR EXISTS (SELECT FROM res_partner person JOIN account_move billed ON billed.partner_id = person.id
                         WHERE person.commercial_partner_id = %(customer)s AND billed.state = 'posted'
                           AND billed.move_type = 'out_invoice' AND billed.company_id = %(company)s)
             OR EXISTS (SELECT FROM loyalty_membership member
                         WHERE member.commercial_partner_id = %(customer)s AND member.state = ANY(%(begun)s)
                           AND (member.company_id IS NULL OR member.company_id = ANY(%(companies)s))))
            """,
            bought=SQL(" OR ").join(bought),
            customer=customer,
            company=self.company_id.id,
            companies=self._companies().ids,
            begun=list(BEGUN_STATES),
        )

    def _purchase_documents(self, alias):
        """Hook: by which documents customers buy. Each has ``partner_id``, ``company_id`` and ``date_order``.

        :param alias: SQL of the name by which the condition calls the table
        :return: ``{model: SQL of the condition by which a row is a purchase}``
        """
        documents = {"sale.order": SQL("%s.state = 'sale'", alias)}
        if "pos.order" in self.env:  # the point of sale, where it is installed; what is given back there is no purchase
            paid = SQL(
                "(%(till)s.state IN ('paid', 'done') AND %(till)s.is_refund IS NOT TRUE AND %(till)s.amount_total >= 0)",
                till=alias,
            )
            documents["pos.order"] = paid
        return documents

    def _companies(self):
        """The company in whose name is greeted, and those above it: theirs are clubs and contacts too."""
        # sudo: only to know the companies above a branch.
        return self.company_id.sudo().parent_ids
