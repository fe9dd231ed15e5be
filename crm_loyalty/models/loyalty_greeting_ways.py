from datetime import timedelta

from markupsafe import Markup
from odoo import Command, fields, models
from odoo.exceptions import UserError


class LoyaltyGreeting(models.Model):
    """The ways of greeting, each for many at once. Called by the job, as superuser, for greetings of one occasion."""

    _inherit = "loyalty.greeting"

    def _send(self, occasion):
        """Give the gift and greet; all in this transaction."""
        self.filtered(lambda greeting: greeting.channel != occasion.channel).channel = occasion.channel
        self._give_coupons(occasion)
        getattr(self, f"_send_{occasion.channel}")(occasion)
        self.env.flush_all()

    def _mark_sent(self):
        self.write({"state": "sent", "sent_at": fields.Datetime.now()})

    def _give_coupons(self, occasion):
        """One coupon for each person who has none of this greeting yet."""
        program = occasion.gift_program_id
        without = self.filtered(lambda greeting: not greeting.coupon_id) if program else self.browse()
        if not without:
            return
        points = min(program.reward_ids.mapped("required_points"), default=1) or 1
        valid = timedelta(days=occasion.gift_days)
        # Core's mail about a new coupon would be a second one: the greeting tells the code.
        cards = self.env["loyalty.card"].with_context(loyalty_no_mail=True, tracking_disable=True)
        coupons = cards.create(
            [
                {
                    "program_id": program.id,
                    "partner_id": greeting.partner_id.id,
                    "points": points,
                    "expiration_date": greeting.send_on + valid if occasion.gift_days else False,
                }
                for greeting in without
            ]
        )
        self.env["loyalty.history"].create(
            [{"card_id": coupon.id, "description": occasion.name, "issued": points} for coupon in coupons]
        )
        for greeting, coupon in zip(without, coupons, strict=True):
            greeting.coupon_id = coupon

    def _send_email(self, occasion):
        """A mail each, in core's queue, which is a message of the contact: so it stands in his history."""
        texts = self._texts(occasion, ("subject", "body_html", "email_from", "reply_to"))
        author = occasion.company_id.partner_id
        template = occasion.template_id
        common = {
            "model": "res.partner",
            "message_type": "email_outgoing",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "author_id": author.id,
            "record_company_id": occasion.company_id.id,
            "mail_server_id": template.mail_server_id.id,
            "attachment_ids": [Command.set(template.attachment_ids.ids)],
            "auto_delete": False,
        }
        mails = self.env["mail.mail"].create(
            [
                {
                    **common,
                    "res_id": greeting.partner_id.id,
                    "record_name": greeting.partner_id.name,
                    "subject": texts[greeting.id]["subject"],
                    "body": texts[greeting.id]["body_html"],
                    "body_html": texts[greeting.id]["body_html"],
                    "email_from": texts[greeting.id].get("email_from") or author.email_formatted,
                    "reply_to": texts[greeting.id].get("reply_to") or author.email_formatted,
                    "partner_ids": [Command.link(greeting.partner_id.id)],
                    "recipient_ids": [Command.link(greeting.partner_id.id)],
                }
                for greeting in self
            ]
        )
        for greeting, mail in zip(self, mails, strict=True):
            greeting.message_id = mail.mail_message_id
        self._mark_sent()

    def _texts(self, occasion, names):
        """The text for each, in his language.

        :param names: fields of ``mail.template``
        :return: ``{greeting id: {name: text}}``
        """
        template = occasion.template_id
        if not template:
            raise UserError(self.env._("“%s” has no text: choose one.", occasion.name))
        return template._generate_template(self.ids, names)

    def _send_print(self, occasion):
        """Waits for the button that prints the cards."""
        self.write({"state": "to_print"})

    def _send_call(self, occasion):
        """An activity for the customer's salesperson, else for whom the occasion names."""
        model_id = self.env["ir.model"]._get_id("res.partner")
        call = self.env.ref("mail.mail_activity_data_call")
        # Without core's mail to the colleague for each of a hundred activities: they are in his list.
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        made = activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": greeting.partner_id.id,
                    "activity_type_id": call.id,
                    "date_deadline": greeting.send_on,
                    "summary": occasion.name,
                    "note": greeting._gift_note(),
                    "user_id": greeting._caller(occasion).id,
                }
                for greeting in self
            ]
        )
        for greeting, activity in zip(self, made, strict=True):
            greeting.activity_id = activity
        self._mark_sent()

    def _caller(self, occasion):
        """Who calls: the customer's salesperson, when he works in this company; else whom the occasion names."""
        theirs = self.partner_id.user_id
        return theirs if theirs.active and occasion.company_id in theirs.company_ids else occasion.user_id

    def _gift_note(self):
        coupon = self.coupon_id
        if not coupon:
            return False
        return Markup("<p>%s</p>") % self.env._(
            "Gift: %(program)s, code %(code)s", program=coupon.program_id.name, code=coupon.code
        )
