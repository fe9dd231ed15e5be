from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_datetime
from odoo.tools.sql import escape_psql

from ..asset_identifier import LONGEST, NORMALISATIONS
from ..lookup_index import trigram_index
from ..lookup_way import LookupWay
from ..specs import LookupSpec

# A part of an identifier shorter than this would be in half of them.
MIN_INSIDE = 4


class CustomerAsset(models.Model):
    """A thing that a customer owns or brings, known by its plate or serial number."""

    _name = "customer.asset"
    _description = "Customer Asset"
    _inherit = ["mail.thread", "mail.activity.mixin", "contact.lookup.mixin"]
    _order = "id desc"
    _rec_name = "identifier"
    _rec_names_search = ("identifier", "identifier_key")
    _check_company_auto = True

    type_id = fields.Many2one(
        "customer.asset.type",
        string="Kind",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["customer.asset.type"].search([], limit=1),
    )
    type_icon = fields.Char(related="type_id.icon", string="Kind Icon")
    identifier_label = fields.Char(related="type_id.identifier_label")
    identifier = fields.Char(required=True, tracking=True, help="Plate or serial number, as it is written.")
    identifier_key = fields.Char(
        compute="_compute_identifier_key", store=True, string="Compared As", help="How plates and numbers are compared."
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict", string="Model")
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        compute="_compute_partner_id",
        inverse="_inverse_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Who owns or brings it now. A new owner takes over from now on; the history of owners is kept.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer", store=True, index="btree_not_null"
    )
    owner_ids = fields.One2many("customer.asset.owner", "asset_id", string="Owners")
    service_ids = fields.One2many("customer.asset.service", "asset_id", string="Service Log")
    properties = fields.Properties(definition="type_id.properties_definition")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    # Also finds the asset that has an identifier already.
    _identifier_unique = models.UniqueIndex(
        "(company_id, type_id, identifier_key)", "There is an asset of this kind with this identifier already."
    )
    # The beginning of a plate or serial number: the look-up at the front desk.
    _identifier_idx = models.Index("(identifier_key text_pattern_ops)")
    # A part of it, such as the last digits.
    _identifier_part_idx = models.Index(trigram_index("identifier_key", "identifier_key IS NOT NULL"))

    @api.depends("identifier", "type_id.normalisation")
    def _compute_identifier_key(self):
        for asset in self:
            asset.identifier_key = NORMALISATIONS[asset.type_id.normalisation or "letters_digits"](asset.identifier)

    @api.depends("identifier", "product_id")
    def _compute_display_name(self):
        for asset in self:
            parts = (asset.identifier, asset.product_id.display_name)
            asset.display_name = ", ".join(filter(None, parts))

    @api.constrains("identifier", "identifier_key")
    def _check_identifier(self):
        for asset in self:
            if not asset.identifier_key:
                raise ValidationError(
                    self.env._("“%s” has no letter and no digit to be found by.", (asset.identifier or "")[:40])
                )
            if len(asset.identifier) > LONGEST:
                raise ValidationError(self.env._("A plate or serial number has %s characters at most.", LONGEST))

    # -- whose it is, and was ------------------------------------------------------------------------------------

    @api.depends("owner_ids.partner_id", "owner_ids.end")
    def _compute_partner_id(self):
        for asset in self:
            asset.partner_id = asset.owner_ids.filtered(lambda owner: not owner.end)[:1].partner_id

    def _inverse_partner_id(self):
        """A new owner takes over now. The first one is taken to have had it always."""
        values = []
        for asset, partner in [(asset, asset.partner_id) for asset in self]:
            current = asset.owner_ids.filtered(lambda owner: not owner.end)
            if not partner:
                current.end = fields.Datetime.now()
            elif current.partner_id != partner:
                values.append({"asset_id": asset.id, "partner_id": partner.id})
        self.env["customer.asset.owner"].create(values)

    def _owner_at(self, moment):
        """:return: the contact who owned it then, empty when nobody is known"""
        self.ensure_one()
        then = self.owner_ids.filtered(
            lambda owner: (not owner.start or owner.start <= moment) and (not owner.end or moment < owner.end)
        )
        return then[:1].partner_id

    def action_new_owner(self):
        """Ask who owns it from when on."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New owner of %s", self.identifier),
            "res_model": "customer.asset.new.owner",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_asset_id": self.id},
        }

    def _change_owner(self, partner, since):
        """Another contact owns it from a moment on, until when it was the present owner's.

        :raises UserError: when it is his already, or the moment lies ahead or before the present owner's
        """
        self.ensure_one()
        current = self.owner_ids.filtered(lambda owner: not owner.end)
        if current.partner_id == partner:
            raise UserError(self.env._("%(asset)s is %(owner)s's already.", asset=self.identifier, owner=partner.name))
        if since > fields.Datetime.now():
            raise UserError(self.env._("Change the owner when the day has come: %s lies ahead.", self._shown(since)))
        latest = max(
            [moment for owner in self.owner_ids for moment in (owner.start, owner.end) if moment], default=None
        )
        if latest and since < latest:
            raise UserError(
                self.env._(
                    "The owner changed last on %(moment)s. Choose a later moment, or correct the list of owners.",
                    moment=self._shown(latest),
                )
            )
        current.end = since
        self.env["customer.asset.owner"].create({"asset_id": self.id, "partner_id": partner.id, "start": since})

    def _shown(self, moment):
        return format_datetime(self.env, moment)

    def unlink(self):
        """The log goes by the ORM, so that the history takes note."""
        self.check_access("unlink")
        # sudo: who may delete an asset may delete what was logged of it.
        self.sudo().with_context(active_test=False).service_ids.unlink()
        return super().unlink()

    # -- look-up -------------------------------------------------------------------------------------------------

    @api.model
    def _contact_lookup_specs(self):
        label = self.env._("Plate or serial number")
        return [LookupSpec("identifier_key", label, match="identifier", sequence=15, icon="fa-car")]

    def _contact_lookup_identifier(self, field, term):
        """By its beginning, and by any part of some length, however it is written."""
        column = self._field_to_sql(self._table, field)
        keys = sorted({escape_psql(key) for normalise in NORMALISATIONS.values() if (key := normalise(term.text))})
        begins = [SQL("%s LIKE %s", column, f"{key}%") for key in keys]
        inside = [SQL("%s LIKE %s", column, f"%{key}%") for key in keys if len(key) >= MIN_INSIDE]
        return [
            LookupWay(SQL("(%s)", SQL(" OR ").join(either)), is_part=is_part)
            for either, is_part in ((begins, False), (inside, True))
            if either
        ]
