import psycopg2
from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError


class ServiceTicket(models.Model):
    """Offering a remedy: the one way by which remedies come into being."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _offer_remedy(self, values, ask=True, key=None, documents=None):
        """Offer the customer a remedy, or give it at once.

        :param dict values: of ``service.remedy``: kind, text, and what the kind needs; already checked
        :param bool ask: the customer decides in the portal; else it is given now
        :param str key: which dialog was sent; sent again, it gives the remedy made the first time
        :param documents: called with the remedy, makes its draft documents with the rights of the person and returns
            further values (links and cost)
        :return: the ``service.remedy``
        :raises AccessError: when the ticket is not the person's to change, or a document not his to make
        :raises UserError: without a customer, or when a coupon or points are not the team's to give
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: the right to change the ticket was checked; nobody writes remedies directly
        remedies = self.env["service.remedy"].sudo()
        if key and (made := remedies.search([("ticket_id", "=", self.id), ("request_key", "=", key)])):
            return made.with_env(self.env)
        if not self.partner_id:
            raise UserError(
                self.env._("Ticket %s has no customer to offer anything to. Enter the customer first.", self.number)
            )
        self._check_gift(values)
        try:
            with self.env.cr.savepoint():
                remedy = remedies.create(
                    {
                        **values,
                        "ticket_id": self.id,
                        "partner_id": self.partner_id.id,
                        "user_id": self.env.uid,
                        "request_key": key,
                        "asks": ask,
                    }
                )
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError(self.env._("This remedy is being offered already.")) from error
        if documents:
            remedy.write(documents(remedy.with_env(self.env)))
        remedy._offer()
        return remedy.with_env(self.env)

    def _check_gift(self, values):
        """:raises UserError: when a coupon or points are not the team's to give, or cannot be given to this customer"""
        kind, program = values["kind"], self.env["loyalty.program"].browse(values.get("program_id"))
        if kind not in ("coupon", "points"):
            return
        if program not in self.team_id._remedy_programs(kind, self.company_id):
            raise UserError(
                self.env._(
                    "Team “%s” gives nothing of this program. A service manager adds it on the team, under Remedies.",
                    self.team_id.name or self.env._("No team"),
                )
            )
        if not 0 < values.get("points", 0) < 1e9:
            raise UserError(self.env._("Enter how many points are given: more than 0."))
        if kind == "points" and not self.partner_id._card_of(program):
            raise UserError(
                self.env._(
                    "%(customer)s has no card of “%(program)s” to put points on. Give a coupon, or make him a member first.",
                    customer=self.partner_id.name,
                    # sudo: it was checked that the team gives of this program
                    program=program.sudo().name,
                )
            )

    @api.model
    def _remedy_kind_labels(self):
        return dict(self.env["service.remedy"]._fields["kind"]._description_selection(self.env))

    def action_offer_remedy(self):
        """The dialog for a remedy; context key ``default_kind`` says which."""
        self.ensure_one()
        kind = self.env.context.get("default_kind") or "apology"
        return {
            "type": "ir.actions.act_window",
            "name": self._remedy_kind_labels()[kind],
            "res_model": "service.remedy.wizard",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_kind": kind},
        }
