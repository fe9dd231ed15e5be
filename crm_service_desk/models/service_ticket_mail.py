import uuid

from odoo import models


class ServiceTicket(models.Model):
    """Mail out: answers reach the customer with a link to the portal. In: ``service_ticket_mail_in``."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _follow_customer(self):
        """Make the customers follow their tickets, so that each answer reaches them by mail.

        As ``message_subscribe`` for one partner per record, in a constant number of queries.
        """
        # sudo: who may write the ticket may have its customer told; the customer himself may not read followers
        followers = self.env["mail.followers"].sudo()
        already = {
            (follower.res_id, follower.partner_id)
            for follower in followers.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        }
        _all, _internal, for_customers = self.env["mail.message.subtype"].default_subtypes(self._name)
        followers.create(
            [
                {
                    "res_model": self._name,
                    "res_id": ticket.id,
                    "partner_id": ticket.partner_id.id,
                    "subtype_ids": for_customers.ids,
                }
                for ticket in self
                if ticket.partner_id.active and (ticket.id, ticket.partner_id) not in already
            ]
        )

    def _replace_customer(self, former):
        """After a change of customer the new one follows, the old one hears no more and his links open nothing.

        :param former: {ticket: customer before the change}
        """
        for ticket, partner in former.items():
            if partner and partner != ticket.partner_id:
                ticket.message_unsubscribe(partner.ids)
                ticket.access_token = str(uuid.uuid4())
        self.browse([ticket.id for ticket in former])._follow_customer()

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Replies go to the team's address, which leads them back to their ticket."""
        # sudo: only the team's address, which stands on every answer; a customer may not read teams
        by_team = self.team_id.sudo()._notify_get_reply_to(default=default, author_id=author_id)
        result = {ticket.id: by_team.get(ticket.team_id.id) for ticket in self if ticket.team_id}
        if orphans := self.filtered(lambda ticket: not ticket.team_id):
            result.update(super(ServiceTicket, orphans)._notify_get_reply_to(default=default, author_id=author_id))
        return result

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The customer's button says what it opens: his ticket, by its number."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if self:
            self.ensure_one()
            for name, _members, options in groups:
                if name in ("portal_customer", "portal"):
                    title = self.env._("Read and reply: %s", self.number)
                    options.setdefault("button_access", {})["title"] = title
        return groups

    def _creation_subtype(self):
        return self.env.ref("crm_service_desk.mt_ticket_new")
