from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

SCOPE = "crm_contact_history.public_form_attempt"
PER_ADDRESS, PER_IP = 3, 30  # an hour
KEPT = timedelta(days=1)


class PublicFormAttempt(models.Model):
    """How often somebody has sent a public form in an hour: per e-mail address and per network address.

    In the database, since several workers serve one form. Neither address stands here in clear: ``key`` is a keyed
    hash, of no use without the secret of the database.
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
        """Count one more attempt.

        :param str form: which form, such as ``service_new``; each counts for itself
        :param email: the e-mail address typed, normalised; empty counts the network address only
        :param str ip: the network address
        :return: whether it is one too many in this hour, of the e-mail address or of the network address. A whole shop
            may share one network address; its limit is the system parameter ``crm_contact_history.public_forms_per_ip``
        """
        # sudo: called by controllers of public pages, to count; nothing is handed out.
        parameters = self.env["ir.config_parameter"].sudo()
        per_ip = int(parameters.get_param("crm_contact_history.public_forms_per_ip", PER_IP))
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        limits = {hmac(parameters.env, SCOPE, f"{form} ip {ip}"): per_ip}
        if email:
            limits[hmac(parameters.env, SCOPE, f"{form} address {email}")] = PER_ADDRESS
        query = SQL(
            """INSERT INTO public_form_attempt AS attempt (key, hour, attempts) VALUES %s
               ON CONFLICT (key, hour) DO UPDATE SET attempts = attempt.attempts + 1 RETURNING key, attempts""",
            SQL(", ").join(SQL("(%s, %s, 1)", key, hour) for key in sorted(limits)),
        )
        return any(attempts > limits[key] for key, attempts in self.env.execute_query(query))

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(SQL("DELETE FROM public_form_attempt WHERE hour < %s", fields.Datetime.now() - KEPT))
