from datetime import timedelta

from odoo import api, fields, models

from .service_stage import DONE_CATEGORIES

# For tickets without a team.
REOPEN_DAYS = 14


class ServiceTicket(models.Model):
    """Where a word of the customer belongs: to its ticket, to the one that it was merged into, or to a new one, when
    the ticket has been done for too long."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def message_post(self, **kwargs):
        if len(self) == 1 and self._may_belong_elsewhere(kwargs):
            # the same check that mail.thread makes before it posts: who may read the ticket may write on it
            self.check_access("read")
            # sudo: see the check above; a customer may not create tickets
            ticket = self.sudo()._where_to_go_on(kwargs)
            if ticket != self:
                kwargs.pop("parent_id", None)
                return ticket.with_env(self.env).message_post(**kwargs)
        return super().message_post(**kwargs)

    def _may_belong_elsewhere(self, message):
        """Whether these arguments of ``message_post`` are a word of the customer on a ticket that is over."""
        ticket = self.sudo()  # sudo: two facts of the ticket, which decide where its customer's own words go
        if not ticket.merged_into_id and ticket.stage_category not in DONE_CATEGORIES:
            return False
        if message.get("message_type") not in ("comment", "email") or not self._is_public(message):
            return False
        author_id, _email = self._message_compute_author(message.get("author_id"), message.get("email_from"))
        author = self.env["res.partner"].browse(author_id or [])
        return author == ticket.partner_id or not self._is_of_team(author)

    @api.model
    def _is_public(self, message):
        """Whether these arguments of ``message_post`` are of a message that the customer reads."""
        comment = message.get("subtype_xmlid") == "mail.mt_comment" or (
            not message.get("subtype_xmlid") and message.get("subtype_id") == self.env.ref("mail.mt_comment").id
        )
        return comment and not message.get("is_internal")

    def _where_to_go_on(self, message):
        """The ticket on which a word of the customer is said."""
        self.ensure_one()
        if self.merged_into_id:
            return self.merged_into_id._where_to_go_on(message)
        if self.stage_category not in DONE_CATEGORIES or self._may_reopen():
            return self
        return self._follow_up(message)

    def _may_reopen(self):
        """Whether a reply now takes this done ticket up again."""
        days = self.team_id.reopen_days if self.team_id else REOPEN_DAYS
        return fields.Datetime.now() <= (self.date_closed or fields.Datetime.now()) + timedelta(days=days) and days > 0

    def _follow_up(self, message):
        """A new ticket for a reply that came too late; the customer gets its number as for any other."""
        self.ensure_one()
        ticket = self.with_context(default_user_id=False).create(
            {
                "name": message.get("subject") or self.name,
                "type": self.type,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "team_id": self.team_id.id,
                "category_id": self.category_id.id,
                "sale_order_id": self.sale_order_id.id,
                "channel": "email" if message.get("message_type") == "email" else "portal",
                "email_cc": self.email_cc,
                "origin_id": self.id,
            }
        )
        self._log_link(self.env._("The customer wrote again; it goes on in"), ticket)
        ticket._log_link(self.env._("Takes up"), self)
        return ticket
