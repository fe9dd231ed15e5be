from odoo import api, fields, models
from odoo.fields import Domain

ROLES = [("cashier", "Cashier"), ("manager", "Manager")]


class CoMarketingPerson(models.Model):
    """What a person of a partner may do in the portal.

    A cashier verifies cards and books redemptions; a manager also signs agreements, sees all redemptions of his company,
    voids them and gives roles to his colleagues. The role holds for the agreements of the company that the contact belongs
    to at the moment: who leaves it, and whose contact is moved, has no role there any more.
    """

    _name = "co.marketing.person"
    _description = "Person at a Partner's Counter"
    _order = "role desc, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    role = fields.Selection(ROLES, required=True, default="cashier")
    outlet_ids = fields.Many2many(
        "co.marketing.outlet",
        relation="co_marketing_person_outlet_rel",
        column1="person_id",
        column2="outlet_id",
        string="Only in These Outlets",
        check_company=True,
        help="Empty: in all outlets of the partner.",
    )
    active = fields.Boolean(default=True)
    has_login = fields.Boolean(compute="_compute_has_login", help="The contact can log in to the portal.")

    @api.depends("partner_id")
    def _compute_has_login(self):
        for person in self:
            # sudo: only whether there is a login.
            person.has_login = bool(person.sudo().partner_id.user_ids)

    @api.depends("partner_id", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for person in self:
            person.display_name = " · ".join(filter(None, [person.partner_id.name, roles.get(person.role)]))

    # ------------------------------------------------------------ who may what

    @api.model
    def _of_user(self, user):
        """The roles that a user has, as superuser: they are his own."""
        # sudo: customers have no rights on this table; only rows of the user himself are searched.
        return self.sudo().search([("partner_id", "=", user.partner_id.id)])

    def _manages(self, company, partner):
        """Whether these roles make their person manager of ``partner`` towards ``company``."""
        return any(
            person.role == "manager"
            and person.company_id == company
            and person.partner_id.commercial_partner_id == partner.commercial_partner_id
            for person in self
        )

    def _outlets(self):
        """The outlets at whose counters these people work, as superuser."""
        # sudo: outlets of the partner to whom these people belong; the caller has found them by _of_user.
        outlets = self.env["co.marketing.outlet"].sudo()
        for person in self:
            domain = Domain("company_id", "=", person.company_id.id)
            domain &= Domain("partner_id.commercial_partner_id", "=", person.partner_id.commercial_partner_id.id)
            if person.outlet_ids:
                domain &= Domain("id", "in", person.outlet_ids.ids)
            outlets |= outlets.search(
                domain
            )  # one query for each role of one person: he has one for each of our companies
        return outlets

    def _managed_agreements(self):
        """The agreements that these people, as managers, may read and sign, drafts apart; as superuser."""
        # sudo: agreements of the partner whom these people manage; the caller has found them by _of_user.
        agreements = self.env["co.marketing.agreement"].sudo()
        for person in self.filtered(lambda one: one.role == "manager"):
            agreements |= agreements.search(
                Domain("company_id", "=", person.company_id.id)
                & Domain("state", "!=", "draft")
                & Domain("partner_id.commercial_partner_id", "=", person.partner_id.commercial_partner_id.id)
            )
        return agreements

    @api.model
    def _grant(self, contact, role, company, outlets=None):
        """Give a contact a role, or change the one he has. For server code: who may is the caller's to check.

        :param contact: ``res.partner``
        :param role: of ``ROLES``; False takes it away
        :param company: our ``res.company`` towards which it holds
        """
        # sudo: the caller has checked who may give roles.
        people = self.sudo().with_context(active_test=False)
        mine = people.search([("partner_id", "=", contact.id), ("company_id", "=", company.id)])
        if not role:
            mine.active = False
            return mine
        vals = {"role": role, "active": True, "outlet_ids": [(6, 0, outlets.ids if outlets else [])]}
        if mine:
            mine[1:].active = False
            mine[:1].write(vals)
            return mine[:1]
        return people.create({**vals, "partner_id": contact.id, "company_id": company.id})
