import hashlib
import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

PREFIX_LENGTH = 12  # characters by which a key is looked up; they are shown, and are no secret
SEEN_EVERY = timedelta(minutes=1)  # the last use is written down no more often than that
WRONG_KEYS, WRONG_KEYS_OF_ADDRESS = "partner_till_key", 60  # keys that are none, in an hour, of a network address


class CoMarketingOutletKey(models.Model):
    """The key of a program at a partner's counter: his till. It speaks for one outlet, and for nothing else.

    Shown once, when it is made; here stands its SHA-256 only. A key has 256 bits of chance: it cannot be guessed, so that
    a slow hash, as passwords need it, would make each call dearer and nothing safer. Keys are revoked, not deleted:
    redemptions keep which one booked them.
    """

    _name = "co.marketing.outlet.key"
    _description = "Key of a Partner's Till"
    _order = "revoked_on DESC, id DESC"

    name = fields.Char(required=True, readonly=True, help="Which till it is, in the partner's words.")
    outlet_id = fields.Many2one("co.marketing.outlet", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="outlet_id.company_id", store=True, index=True)
    prefix = fields.Char(string="Begins With", required=True, readonly=True)
    key_hash = fields.Char(required=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    expires_on = fields.Date(
        string="Good Until", readonly=True, help="The last day, in UTC. Empty: until it is revoked."
    )
    revoked_on = fields.Datetime(string="Revoked", readonly=True)
    last_used_at = fields.Datetime(string="Last Use", readonly=True, help="To the minute.")
    state = fields.Selection(
        [("good", "In use"), ("expired", "Expired"), ("revoked", "Revoked")], compute="_compute_state", string="Status"
    )

    # Serves each call: the key is looked up by its beginning.
    _prefix_unique = models.UniqueIndex("(prefix)")

    @api.depends("expires_on", "revoked_on")
    def _compute_state(self):
        today = fields.Date.today()
        for key in self:
            expired = key.expires_on and key.expires_on < today
            key.state = "revoked" if key.revoked_on else "expired" if expired else "good"

    # ------------------------------------------------------------ made and revoked

    @api.model
    def _make(self, outlet, name, expires_on=None):
        """A new key. For server code: who may make one is the caller's to check.

        :param outlet: ``co.marketing.outlet``
        :param name: which till it is, in words
        :param expires_on: the last day (date); None: until it is revoked
        :return: (``co.marketing.outlet.key`` as superuser, the key in clear: it is shown now or never)
        :raises UserError: without a name, or with a day that is over
        """
        name = name.strip() if isinstance(name, str) else ""
        if not name or len(name) > 60 or name != database_text(name):
            raise UserError(self.env._("Write in 60 characters at most which till the key is for."))
        if expires_on and expires_on < fields.Date.today():
            raise UserError(self.env._("%s is over. Choose a day to come, or none.", expires_on))
        clear = f"till_{secrets.token_urlsafe(32)}"
        # sudo: the caller has checked who may; nobody has the right to write keys.
        key = self.sudo().create(
            {
                "name": name,
                "outlet_id": outlet.id,
                "prefix": clear[:PREFIX_LENGTH],
                "key_hash": self._hash(clear),
                "expires_on": expires_on or False,
            }
        )
        return key, clear

    @staticmethod
    def _hash(clear):
        return hashlib.sha256(clear.encode()).hexdigest()

    def _revoke(self):
        """From now on it is no key any more. For server code: who may is the caller's to check."""
        # sudo: the caller has checked who may; nobody has the right to write keys.
        self.sudo().filtered(lambda key: not key.revoked_on).write({"revoked_on": fields.Datetime.now()})

    def action_revoke(self):
        """Revoke it.

        :raises AccessError: unless the user manages clubs
        """
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager revokes keys."))
        self._revoke()

    # ------------------------------------------------------------ used

    @api.model
    def _of_clear(self, clear):
        """The key that is good now and reads so, as superuser; an empty record for any other text.

        :param clear: what the till sent
        """
        # sudo: who has the key may speak for its outlet; that is checked here.
        keys = self.sudo()
        if not isinstance(clear, str) or not clear.isascii() or len(clear) > 100:
            return keys
        key = keys.search([("prefix", "=", clear[:PREFIX_LENGTH])], limit=1)
        same = hmac.compare_digest(key.key_hash or "", self._hash(clear))  # in constant time
        return key if same and key.state == "good" and key.outlet_id.active else keys

    @api.model
    def _count_wrong_key(self, ip):
        """Count a key that is none.

        :return: whether they are too many of this network address in this hour
        """
        return self.env["public.form.attempt"]._count_up(WRONG_KEYS, {f"address {ip}": WRONG_KEYS_OF_ADDRESS})

    def _see(self):
        """Write the last use down, where it is not of this very minute: calls at the same time must not wait for it."""
        now = fields.Datetime.now()
        if not self.last_used_at or self.last_used_at < now - SEEN_EVERY:
            self.write({"last_used_at": now})


class CoMarketingOutlet(models.Model):
    _inherit = "co.marketing.outlet"

    key_ids = fields.One2many("co.marketing.outlet.key", "outlet_id", string="Keys of Tills")

    def action_make_key(self):
        """Ask for a name and the last day, then show the key once."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Key for %s", self.name),
            "res_model": "co.marketing.make.key",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_outlet_id": self.id},
        }


class CoMarketingPerson(models.Model):
    _inherit = "co.marketing.person"

    def _managed_outlets(self):
        """The outlets whose keys these people, as managers, make and revoke; as superuser."""
        return self.filtered(lambda person: person.role == "manager")._outlets()

    def _managed_keys(self):
        """The keys of :meth:`_managed_outlets`, as superuser."""
        outlets = self._managed_outlets()
        # sudo: keys of outlets that these people manage.
        return self.env["co.marketing.outlet.key"].sudo().search(Domain("outlet_id", "in", outlets.ids))


class CoMarketingRedemption(models.Model):
    _inherit = "co.marketing.redemption"

    outlet_key_id = fields.Many2one(
        "co.marketing.outlet.key",
        string="Till",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The key of the till that booked it, where no person did.",
    )
    voided_by_key_id = fields.Many2one(
        "co.marketing.outlet.key", string="Voided by Till", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    def _till_voids_until(self):
        """Until when the till may void it by itself: naive datetime in UTC."""
        self.ensure_one()
        return self.create_date + timedelta(minutes=self.agreement_id.void_minutes)


class CoMarketingOutletCall(models.Model):
    """One call of a till, for a little while: so many in a minute are answered.

    Each call adds a row and changes none: fifty calls of one key at the same moment never wait for each other, nor are they
    repeated, as they would be if they counted one figure up.
    """

    _name = "co.marketing.outlet.call"
    _description = "Call of a Partner's Till"
    _log_access = False
    _order = "id desc"

    key_id = fields.Many2one("co.marketing.outlet.key", required=True, readonly=True, ondelete="cascade")
    called_at = fields.Datetime(required=True, readonly=True)

    # Serves the counting of the last minute, the cleaning up of each key, and the foreign key.
    _key_idx = models.Index("(key_id, called_at)")
    # Serves the cleaning up.
    _called_idx = models.Index("(called_at)")

    @api.model
    def _too_many(self, key, most, span=timedelta(minutes=1)):
        """Count one more call of a key, unless it is one too many.

        :param most: how many are answered within ``span``
        :return: 0, or after how many seconds the next one is answered
        """
        now = fields.Datetime.now()
        query = SQL(
            """INSERT INTO co_marketing_outlet_call (key_id, called_at)
               SELECT %(key)s, %(now)s WHERE %(most)s >
                   (SELECT count(*) FROM co_marketing_outlet_call WHERE key_id = %(key)s AND called_at > %(since)s)
               RETURNING id""",
            key=key.id,
            now=now,
            since=now - span,
            most=most,
        )
        if self.env.execute_query(query):
            return 0
        query = SQL(
            "SELECT min(called_at) FROM co_marketing_outlet_call WHERE key_id = %s AND called_at > %s",
            key.id,
            now - span,
        )
        first = self.env.execute_query(query)[0][0] or now
        return max(1, int((first + span - now).total_seconds()))

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(
            SQL("DELETE FROM co_marketing_outlet_call WHERE called_at < %s", fields.Datetime.now() - timedelta(hours=1))
        )
