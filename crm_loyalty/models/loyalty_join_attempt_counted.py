from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

from .loyalty_join_attempt import SCOPE


class LoyaltyJoinAttempt(models.Model):
    """Looking at the attempts without adding one."""

    _inherit = "loyalty.join.attempt"

    def _counted(self, limits):
        """How often each was counted in this hour, without counting: list of (attempts, most).

        :param limits: as of ``_count_up``
        """
        keys = self._keys(limits)
        query = SQL(
            "SELECT key, attempts FROM loyalty_join_attempt WHERE key = ANY(%s) AND hour = %s",
            list(keys),
            fields.Datetime.now().replace(minute=0, second=0, microsecond=0),
        )
        return [(attempts, keys[key]) for key, attempts in self.env.execute_query(query)]

    def _keys(self, limits):
        env = self.sudo().env  # sudo: only for the secret of the database
        return {hmac(env, SCOPE, text): most for text, most in limits.items()}
