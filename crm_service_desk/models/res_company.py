from odoo import api, fields, models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    bad_rating_below = fields.Float(
        string="A Rating below Is a Complaint",
        default=3,
        help="From 1 to 5. A customer who rates an order, a delivery or anything else of ours lower than this gets a"
        " ticket. 0: never.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._ensure_ticket_sequence()
        return companies

    def _ticket_sequence(self):
        """The sequence of ticket numbers of this company."""
        return self.env["ir.sequence"].search([("code", "=", "service.ticket"), ("company_id", "=", self.id)], limit=1)

    def _ensure_ticket_sequence(self):
        """Create the sequence of ticket numbers where a company has none; return the sequences created.

        Each gets an external id of this module, so that uninstalling takes it (and its PostgreSQL sequence) away.
        """
        # sudo: an administrator of companies need not be one of sequences
        sequences = self.env["ir.sequence"].sudo()
        having = sequences.search([("code", "=", "service.ticket"), ("company_id", "in", self.ids)]).company_id
        created = sequences.create(
            [
                {
                    "name": self.env._("Service tickets of %s", company.name),
                    "code": "service.ticket",
                    "prefix": "T",
                    "padding": 5,
                    "company_id": company.id,
                }
                for company in self - having
            ]
        )
        self.env["ir.model.data"].sudo()._update_xmlids(
            [
                {
                    "xml_id": f"crm_service_desk.ticket_sequence_{sequence.company_id.id}",
                    "record": sequence,
                    "noupdate": True,
                }
                for sequence in created
            ]
        )
        return created

    def _next_ticket_numbers(self, count):
        """Draw ``count`` ticket numbers of this company, in one query where the sequence allows it."""
        self.ensure_one()
        # sudo: numbering is the system's own; who may create a ticket need not read sequences
        sequence = self.sudo()._ticket_sequence() or self.sudo()._ensure_ticket_sequence()
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _each in range(count)]
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", count)
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    def _branches(self):
        """The addresses of this company: the contacts under its own contact."""
        self.ensure_one()
        # sudo: which contacts are under our own is no secret of ours; called for companies that the user works in
        partners = self.env["res.partner"].sudo()
        own = self.sudo().partner_id
        return partners.search([("id", "child_of", own.id), ("id", "!=", own.id)])
