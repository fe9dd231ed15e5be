from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

SCOPE = "crm_service_desk.help_limit"
# What one network address may do in an hour on the help pages. A whole office may share one address.
PER_HOUR = {"vote": 60, "deflection": 60, "missing": 60, "suggest": 2000}
KEPT = timedelta(days=1)


class ServiceHelpLimit(models.Model):
    """How often a network address has done something on the help pages in an hour.

    The address does not stand here: ``key`` is a keyed hash, of no use without the secret of the database.
    """

    _name = "service.help.limit"
    _description = "Limits of the Help Pages"
    _log_access = False
    _order = "hour desc, id desc"

    key = fields.Char(required=True, readonly=True)
    hour = fields.Datetime(required=True, readonly=True)
    times = fields.Integer(required=True, readonly=True)

    # Serves the counting, and lets two requests at the same time count up one row.
    _key_uidx = models.UniqueIndex("(key, hour)")
    # Serves the cleaning up.
    _hour_idx = models.Index("(hour)")

    @api.model
    def _too_often(self, what, address):
        """Count one more; return whether it is one too many in this hour.

        :param str what: a key of ``PER_HOUR``
        :param str address: the network address
        """
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        query = SQL(
            """INSERT INTO service_help_limit AS counted (key, hour, times) VALUES (%s, %s, 1)
               ON CONFLICT (key, hour) DO UPDATE SET times = counted.times + 1 RETURNING times""",
            hmac(self.env(su=True), SCOPE, f"{what} {address}"),
            hour,
        )
        [(times,)] = self.env.execute_query(query)
        return times > PER_HOUR[what]

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(SQL("DELETE FROM service_help_limit WHERE hour < %s", fields.Datetime.now() - KEPT))
