import uuid

from odoo import api, models
from odoo.tools import email_normalize


class ServiceTicket(models.Model):
    """Mail in (a team's address makes tickets) and out (acknowledgement, answers with a link to the portal)."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    # In --------------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to a team's address is a new ticket of its sender, who is found by e-mail or becomes a contact."""
        values = {
            "name": msg_dict.get("subject") or self.env._("No subject"),
            "channel": "email",
            "partner_id": self._sender(msg_dict).id,
        }
        # the gateway's own user must not become the person assigned
        tickets = self.with_context(default_user_id=False)
        return super(ServiceTicket, tickets).message_new(msg_dict, custom_values={**values, **(custom_values or {})})

    @api.model
    def _sender(self, msg_dict):
        """The contact who wrote the mail; created when his address is unknown, empty when he gave none."""
        partner = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        if partner or not email_normalize(msg_dict.get("email_from")):
            return partner
        return self._partner_find_from_emails_single([msg_dict["email_from"]])

    # Out -------------------------------------------------------------------------------------------

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

    def _send_acknowledgement(self):
        """Tell the customer that the ticket is here, and its number.

        Context key ``ticket_no_acknowledgement``: send nothing, for imports of old tickets.
        """
        if self.env.context.get("ticket_no_acknowledgement"):
            return
        reachable = self.filtered(lambda ticket: ticket.partner_id.email and ticket.team_id)
        # sudo: a customer who files in the portal may not read templates
        for template, tickets in reachable.sudo().grouped(lambda t: t.team_id.acknowledgement_template_id).items():
            if template:
                # The team writes, from the template's address: not whoever is logged in, who may be the customer.
                template.send_mail_batch(
                    tickets.ids,
                    email_values={"author_id": False},
                    email_layout_xmlid="mail.mail_notification_light",
                )
                tickets._acknowledged()

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
