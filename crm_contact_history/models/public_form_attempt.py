from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

SCOPE = "crm_contact_history.public_form_attempt"
PER_ADDRESS, PER_IP = 3, 30  # an hour
PER_IP_PARAMETER = "crm_contact_history.public_forms_per_ip"
KEPT = timedelta(days=1)


class PublicFormAttempt(models.Model):
    """How often somebody has sent a public form, or tried something on it, in an hour: per person and per network address.

    In the database, since several workers serve one form. Neither stands here in clear: ``key`` is a keyed hash, of no
    use without the secret of the database.
    """

    _name = "public.form.attempt"
    _description = "Attempts at Public Forms"
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
    def _too_many(self, form, email, ip):
        """Count one more sending of a form.

        :param str form: which form, such as ``service_new``; each counts for itself
        :param email: the e-mail address typed, normalised; empty counts the network address only
        :param str ip: the network address
        :return: whether it is one too many in this hour, of the e-mail address or of the network address
        """
        return self._count_up(form, {f"address {email}": PER_ADDRESS} if email else {}, ip)

    @api.model
    def _count_up(self, form, limits, ip=None):
        """Count one more attempt, of each person named and of the network address where one is given.

        A whole shop may share one network address; its limit is the system parameter
        ``crm_contact_history.public_forms_per_ip``.

        :param str form: what is tried, such as ``service_new``; each counts for itself
        :param dict limits: ``{text that stands for somebody: how many are allowed in an hour}``
        :param str ip: the network address
        :return: whether one is over its limit
        """
        if ip:
            # sudo: called by controllers of public pages, to count; nothing is handed out.
            parameters = self.env["ir.config_parameter"].sudo()
            limits = {**limits, f"ip {ip}": self._per_ip(parameters.get_param(PER_IP_PARAMETER))}
        limits, hour = self._hashed(form, limits), self._hour()
        query = SQL(
            """INSERT INTO public_form_attempt AS attempt (key, hour, attempts) VALUES %s
               ON CONFLICT (key, hour) DO UPDATE SET attempts = attempt.attempts + 1 RETURNING key, attempts""",
            SQL(", ").join(SQL("(%s, %s, 1)", key, hour) for key in sorted(limits)),
        )
        return any(attempts > limits[key] for key, attempts in self.env.execute_query(query))

    @api.model
    def _counted(self, form, limits):
        """How often each was counted in this hour, without counting.

        :param form, limits: as of ``_count_up``
        :return: list of (attempts, most) of those who were counted at all
        """
        limits = self._hashed(form, limits)
        query = SQL(
            "SELECT key, attempts FROM public_form_attempt WHERE key = ANY(%s) AND hour = %s",
            list(limits),
            self._hour(),
        )
        return [(attempts, limits[key]) for key, attempts in self.env.execute_query(query)]

    def _hashed(self, form, limits):
        env = self.sudo().env  # sudo: only for the secret of the database
        return {hmac(env, SCOPE, f"{form} {who}"): most for who, most in limits.items()}

    @staticmethod
    def _hour():
        return fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    @staticmethod
    def _per_ip(value):
        """The limit of a network address; a parameter that is no number closes no form."""
        return int(value) if value and value.isdecimal() else PER_IP

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(SQL("DELETE FROM public_form_attempt WHERE hour < %s", fields.Datetime.now() - KEPT))
