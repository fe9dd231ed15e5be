from markupsafe import Markup
from odoo import Command, models
from odoo.exceptions import UserError

from .service_stage import DONE_CATEGORIES


class ServiceTicket(models.Model):
    """Tickets about the same thing become one: everything that was said and filed goes on in the survivor."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _merge(self, others, keep_foreign_followers=True):
        """Merge other tickets into this one. In a constant number of queries, however many there are.

        :param others: tickets of the same company; the person may write all of them
        :param keep_foreign_followers: whether other customers than this ticket's hear of what is answered from now on.
            In the portal each customer sees what he saw before, in either case.
        :raise UserError: when they cannot be merged
        """
        self.ensure_one()
        others -= self
        (self + others).check_access("write")
        self._check_merge(others)
        # sudo: the right to write all of them was checked; what hangs on them goes along whoever it belongs to
        survivor, merged = self.sudo(), others.sudo()
        survivor._take_followers(merged, keep_foreign_followers)
        survivor._take_records(merged)
        survivor._take_facts(merged)
        survivor._take_up(merged)
        merged._close_as_merged(survivor)
        survivor._message_log(body=Markup("%s %s") % (self.env._("Merged into this one:"), merged._number_links()))

    def _check_merge(self, others):
        """:raise UserError: when ``others`` cannot be merged into this ticket"""
        if not others:
            raise UserError(self.env._("Choose at least one more ticket to merge with %s.", self.number))
        if others.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Tickets of several companies cannot be merged: %(tickets)s belong to another company than %(ticket)s.",
                    tickets=", ".join(
                        others.filtered(lambda ticket: ticket.company_id != self.company_id).mapped("number")
                    ),
                    ticket=self.number,
                )
            )
        # sudo: the number of the ticket in which one goes on that the person may write
        if gone := (self + others).filtered("merged_into_id")[:1]:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s was merged already. Go on with %(survivor)s.",
                    ticket=gone.number,
                    survivor=gone.sudo().merged_into_id.number,
                )
            )
        if cycle := (self._wholes() & others)[:1]:
            raise UserError(
                self.env._(
                    "Ticket %(part)s is a part of %(whole)s. Let %(whole)s survive, or take the part out of it first.",
                    part=self.number,
                    whole=cycle.number,
                )
            )

    def _wholes(self):
        """The ticket of which this one is a part, and that one's, and so on."""
        # sudo: the right to write this ticket was checked; of the others only which they are is looked at
        wholes, ticket = self.browse(), self.sudo().parent_id
        while ticket and ticket not in wholes:
            wholes += ticket
            ticket = ticket.parent_id
        return wholes.with_env(self.env)

    def _foreign_to(self, other):
        """Those of the tickets whose customer is another than that of ``other``. Two contacts of one company are two
        customers: in the portal neither sees what the other wrote."""
        return self.filtered(
            lambda ticket: ticket.partner_id and other.partner_id and ticket.partner_id != other.partner_id
        )

    def _take_followers(self, merged, keep_foreign):
        followers = self.env["mail.followers"].search(
            [("res_model", "=", self._name), ("res_id", "in", (self + merged).ids)]
        )
        own = followers.filtered(lambda follower: follower.res_id == self.id)
        already = set(own.partner_id.ids)
        foreign = set() if keep_foreign else set(merged._foreign_to(self).partner_id.ids)
        values = []
        for follower in followers - own:
            if follower.partner_id.id in already or follower.partner_id.id in foreign:
                continue
            already.add(follower.partner_id.id)
            values.append(
                {
                    "res_model": self._name,
                    "res_id": self.id,
                    "partner_id": follower.partner_id.id,
                    "subtype_ids": [Command.set(follower.subtype_ids.ids)],
                }
            )
        followers.create(values)
        # A merged ticket tells nobody anything any more.
        (followers - own).unlink()

    def _records_to_take(self):
        """What goes along with a ticket that is merged: (model, field of the id, more of the domain) each.

        Other parts of the desk add theirs.
        """
        by_name = [("res_model", "=", self._name)]
        return [
            ("mail.message", "res_id", [("model", "=", self._name), ("message_type", "!=", "user_notification")]),
            ("mail.activity", "res_id", by_name),
            ("ir.attachment", "res_id", [*by_name, ("res_field", "=", False)]),
            ("rating.rating", "res_id", by_name),
            ("calendar.event", "res_id", by_name),
            ("service.ticket", "parent_id", []),
            ("service.ticket", "origin_id", []),
            ("service.ticket", "merged_into_id", []),
            ("service.remedy", "ticket_id", []),
            ("service.action", "ticket_id", []),
        ]

    def _take_records(self, merged):
        """Let what hangs on ``merged`` hang on this ticket."""
        files = merged.attachment_ids
        for model, field, domain in self._records_to_take():
            records = self.env[model].with_context(active_test=False, tracking_disable=True)
            records = records.search([(field, "in", merged.ids), *domain])
            if model == self._name:
                records -= self
            if records:
                records.write({field: self.id})
        merged.attachment_ids = False
        self.attachment_ids += files

    def _take_facts(self, merged):
        """What this ticket does not say yet is taken from the others, the oldest first."""
        values = {}
        for name in ("partner_id", "category_id", "sale_order_id", "lead_id", "parent_id"):
            if not self[name] and (known := merged.sorted("id")[name][:1]) and known != self:
                values[name] = known.id
        addresses = self._mail_cc_sanitized_raw_dict(self.email_cc)
        for ticket in merged:
            addresses = {**self._mail_cc_sanitized_raw_dict(ticket.email_cc), **addresses}
        if addresses:
            values["email_cc"] = ", ".join(addresses.values())
        if any(merged.mapped("unanswered")):
            values["unanswered"] = True
        if (urgent := max((self + merged).mapped("priority"))) != self.priority:
            values["priority"] = urgent
        self.write(values)

    def _take_up(self, merged):
        """A survivor that was done is work again when one of the others was not."""
        if self.stage_category in DONE_CATEGORIES and not all(merged.mapped("date_closed")):
            self._move_to("in_progress")

    def _close_as_merged(self, survivor):
        """Close the tickets for good; who comes to them is led to the survivor."""
        self.write({"merged_into_id": survivor.id, "unanswered": False, "parent_id": False})
        self.with_context(tracking_disable=True)._move_to("closed")
        self.filtered(lambda ticket: ticket.stage_category != "closed")._move_to("resolved")
        body = Markup("%s %s") % (self.env._("Merged. It goes on in"), survivor._number_links())
        self._message_log_batch(bodies={ticket.id: body for ticket in self})

    def action_open_merged_into(self):
        """The ticket in which the conversation goes on."""
        self.ensure_one()
        return self.merged_into_id.get_formview_action()

    def action_merge(self):
        """Ask with which tickets these are merged, and which one survives."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Tickets"),
            "res_model": "service.ticket.merge",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_ticket_ids": self.ids},
        }
