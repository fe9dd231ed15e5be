from odoo import api, models, tools

# What of a club is asked for at every order, and therefore kept in the memory of the server.
KEPT = {
    "active",
    "company_id",
    "enrolment",
    "fee_product_id",
    "points_cap_day",
    "points_cap_staff",
    "program_id",
    "qualification_metric",
}


class LoyaltyClub(models.Model):
    """What every order asks about clubs, answered without a query: clubs are few and hardly ever change.

    What is kept are ids and plain facts; whether somebody may see a club is asked of its record rules, by the caller.
    """

    _inherit = "loyalty.club"

    @api.model
    @tools.ormcache()
    def _ways_in_by_order(self):
        """The clubs that one can join by an order: tuple of (id, fee product's id or False, company's id or False)."""
        # sudo: a fact about the database, kept for all users.
        clubs = self.sudo().with_context(active_test=True).search([("enrolment", "in", ("paid", "automatic"))])
        return tuple(
            (club.id, club.enrolment == "paid" and club.fee_product_id.id, club.company_id.id) for club in clubs
        )

    @api.model
    @tools.ormcache()
    def _any_daily_caps(self):
        """Whether any club limits the points of a day."""
        # sudo: a fact about the database, kept for all users.
        clubs = self.sudo().with_context(active_test=False)
        return bool(clubs.search_count(["|", ("points_cap_day", ">", 0), ("points_cap_staff", ">", 0)], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        clubs = super().create(vals_list)
        self.env.registry.clear_cache()
        return clubs

    def write(self, vals):
        result = super().write(vals)
        if KEPT & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
