from odoo import api, models

FORM, NUMBER = "club_join", "club_card_number"
NUMBERS = 5  # card numbers that one person may type in an hour


class PublicFormAttempt(models.Model):
    """How often somebody has typed the number of a card to join with it."""

    _inherit = "public.form.attempt"

    @api.model
    def _too_many_numbers(self, club, who, ip, partner=None):
        """Count one more number of a card that somebody types to join with it: it may be guessed.

        Right or wrong: with a right one he is a member and types none any more. One too many puts the matter on the
        review list of the club.

        :param club: ``loyalty.club``
        :param who: text that stands for the person
        :param ip: the network address
        :param partner: ``res.partner`` of the person, where he has logged in
        :return: whether it is one too many
        """
        too_many = self._count_up(NUMBER, {who: NUMBERS}, ip)
        if too_many:
            # sudo: the page of a customer reports what he does; nothing is handed out.
            self.env["loyalty.abuse.case"].sudo()._report_numbers(club, partner)
        return too_many

    @api.model
    def _say_too_many_numbers(self):
        return self.env._(
            "Too many card numbers were tried. Join without a card, wait an hour, or come with the card to the counter."
        )
