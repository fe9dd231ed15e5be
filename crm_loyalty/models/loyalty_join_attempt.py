from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

SCOPE = "crm_loyalty.join_attempt"
PER_ADDRESS, PER_IP = 3, 30  # requests an hour
NUMBERS = 5  # card numbers that one person may type in an hour
KEPT = timedelta(days=1)


class LoyaltyJoinAttempt(models.Model):
    """How often somebody has asked to join, or typed the number of a card, in an hour: per person and per network address.

    Neither stands here in clear: ``key`` is a keyed hash, of no use without the secret of the database.
    """

    _name = "loyalty.join.attempt"
    _description = "Attempts to Join"
    _log_access = False
    _order = "hour desc, id desc"

    key = fields.Char(required=True, readonly=True)
    hour = fields.Datetime(required=True, readonly=True)
    attempts = fields.Integer(required=True, readonly=True)

    # Serves the counting, and lets two requests at the same time count up one row.
    _key_unique = models.UniqueIndex("(key, hour)")
    # Serves the cleaning up.
    _hour_idx = models.Index("(hour)")

    @api.model
    def _too_many(self, email, ip):
        """Count one more attempt.

        :return: whether it is one too many in this hour, of the e-mail address or of the network address. A whole shop
            may share one network address; its limit is the system parameter ``crm_loyalty.join_requests_per_ip``
        """
        return self._count_up({f"address {email}": PER_ADDRESS, f"ip {ip}": self._per_ip()})

    @api.model
    def _too_many_numbers(self, club, who, ip, partner=None):
        """Count one more number of a card that somebody types to join with it: it may be guessed.

        Right or wrong: with a right one he is a member and types none any more. One too many puts the matter on the
        review list of the club.

        :param club: ``loyalty.club``
        :param who: text that stands for the person
        :param partner: ``res.partner`` of the person, where he has logged in
        :return: whether it is one too many
        """
        too_many = self._count_up({f"number {who}": NUMBERS, f"number ip {ip}": self._per_ip()})
        if too_many:
            # sudo: the page of a customer reports what he does; nothing is handed out.
            self.env["loyalty.abuse.case"].sudo()._report_numbers(club, partner)
        return too_many

    @api.model
    def _say_too_many_numbers(self):
        return self.env._(
            "Too many card numbers were tried. Join without a card, wait an hour, or come with the card to the counter."
        )

    @api.model
    def _per_ip(self):
        # sudo: called by pages of customers, to count; nothing is handed out.
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param("crm_loyalty.join_requests_per_ip", PER_IP))

    @api.model
    def _count_up(self, limits):
        """Count one more of each.

        :param limits: ``{text that stands for somebody: how many are allowed in an hour}``
        :return: whether one is over its limit
        """
        env = self.sudo().env  # sudo: only for the secret of the database
        limits = {hmac(env, SCOPE, text): most for text, most in limits.items()}
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        query = SQL(
            """INSERT INTO loyalty_join_attempt AS attempt (key, hour, attempts) VALUES %s
               ON CONFLICT (key, hour) DO UPDATE SET attempts = attempt.attempts + 1 RETURNING key, attempts""",
            SQL(", ").join(SQL("(%s, %s, 1)", key, hour) for key in sorted(limits)),
        )
        return any(attempts > limits[key] for key, attempts in self.env.execute_query(query))

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(SQL("DELETE FROM loyalty_join_attempt WHERE hour < %s", fields.Datetime.now() - KEPT))
