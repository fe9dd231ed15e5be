from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class ResPartner(models.Model):
    """The level of a contact, where no club gives it: it was given by hand, or by a partnership product.

    By it the contacts of such a level are found. Core's ``grade_id`` has no index and cannot have one: it also shows the tier of
    a member, and each move to another tier would then be written into all indexes of the contact.
    """

    _inherit = "res.partner"

    plain_level_id = fields.Many2one(
        "res.partner.grade",
        string="Level of No Club",
        compute="_compute_plain_level_id",
        store=True,
        precompute=True,
        prefetch=False,
        help="The level, where it is not the tier of a club.",
    )

    # Serves the customers of some levels (retention dashboard), and the deletion of a level.
    _plain_level_idx = models.Index("(plain_level_id) INCLUDE (id) WHERE plain_level_id IS NOT NULL")

    def _auto_init(self):
        """The column is filled by one statement: core would compute it contact by contact."""
        cr = self.env.cr
        if not column_exists(cr, "res_partner", "plain_level_id"):
            create_column(cr, "res_partner", "plain_level_id", "int4")
            # Where this addon is just being installed, no level is of a club yet, or there is no such column at all.
            of_clubs = SQL("SELECT id FROM res_partner_grade WHERE club_id IS NOT NULL")
            if not column_exists(cr, "res_partner_grade", "club_id"):
                of_clubs = SQL("SELECT NULL::int4 LIMIT 0")
            cr.execute(
                SQL(
                    "UPDATE res_partner SET plain_level_id = grade_id WHERE grade_id IS NOT NULL AND grade_id NOT IN (%s)",
                    of_clubs,
                )
            )
        return super()._auto_init()

    @api.depends("grade_id.club_id")
    def _compute_plain_level_id(self):
        """``_write_level`` passes this by: it has to do with clubs' tiers only."""
        for partner in self:
            partner.plain_level_id = partner.grade_id.filtered(lambda level: not level.club_id)
