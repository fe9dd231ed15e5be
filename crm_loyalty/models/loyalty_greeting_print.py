from odoo import fields, models
from odoo.exceptions import UserError


class LoyaltyGreeting(models.Model):
    """Cards on paper: printed together, and from then on a letter in the history of each customer."""

    _inherit = "loyalty.greeting"

    def action_print(self):
        """Print the cards. Those that were waiting count as sent from now on.

        :raises AccessError: unless the user manages clubs
        :raises UserError: when none of them is a card
        """
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager prints greetings."))
        cards = self.filtered(lambda greeting: greeting.channel == "print" and greeting.state in ("to_print", "sent"))
        if not cards:
            raise UserError(
                self.env._("None of these is a card to print: choose greetings with the status “To Print”.")
            )
        waiting = cards.filtered(lambda greeting: greeting.state == "to_print")
        # sudo: the right is checked above; nobody may write greetings in any other way.
        waiting.sudo()._log_letters()
        waiting.sudo()._mark_sent()
        return self.env.ref("crm_loyalty.report_greeting_cards").report_action(cards)

    def _log_letters(self):
        """A letter that leaves no document of its own is a logged contact of the customer."""
        channel = self.env.ref("crm_contact_history.channel_letter", raise_if_not_found=False)
        if channel:
            self.env["crm.touchpoint"].create(
                [
                    {
                        "partner_id": greeting.partner_id.id,
                        "company_id": greeting.company_id.id,
                        "channel_id": channel.id,
                        "direction": "out",
                        "start": fields.Datetime.now(),
                        "subject": greeting.occasion_id.name,
                        "user_id": self.env.uid,
                    }
                    for greeting in self
                ]
            )

    def _card_text(self):
        """The text of one card, in the language of the person.

        :return: Markup
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the text of the occasion, written by those who may write texts; the greeting may be read.
        greeting = self.sudo()
        return greeting._texts(greeting.occasion_id, ("body_html",))[greeting.id]["body_html"]
