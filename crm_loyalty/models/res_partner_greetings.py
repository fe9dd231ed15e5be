from odoo import fields, models


class ResPartner(models.Model):
    """What has to be known of a person to greet him: his birthday, and whether he likes to be greeted."""

    _inherit = "res.partner"

    # For our own people: in the portal, colleagues read each other's contact.
    birthday = fields.Date(
        groups="base.group_user",
        help="Of a person. Who was born on 29 February is greeted on the 28th in other years.",
    )
    greeting_consent = fields.Selection(
        [("agreed", "Agreed"), ("refused", "Wants none")],
        string="Greetings",
        tracking=True,
        groups="base.group_user",
        help="Whether the person wants personal greetings and gifts. Empty: was not asked; an occasion may be for those"
        " who agreed only.",
    )

    # Serves the birthdays of a day, which a running occasion asks for every hour.
    _birthday_year_day_idx = models.Index(
        "((EXTRACT(MONTH FROM birthday) * 100 + EXTRACT(DAY FROM birthday))) WHERE birthday IS NOT NULL"
    )

    def _anonymise_values(self):
        return {**super()._anonymise_values(), "birthday": False}

    def _anonymise_records(self):
        """That somebody was greeted stays; why it failed goes, since a mail server's answer names the address."""
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; greetings may be of any company.
        greetings = self.env["loyalty.greeting"].sudo().with_context(active_test=False)
        greetings.search([("partner_id", "in", self.ids), ("error", "!=", False)]).write({"error": False})
        return result
