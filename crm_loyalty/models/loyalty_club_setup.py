from odoo import Command, api, models


class LoyaltyClub(models.Model):
    """Making a club together with the core programs by which it works."""

    _inherit = "loyalty.club"

    @api.model
    def _create_with_programs(self, vals, tiers, points):
        """Make a club that works at once: points program, tiers, and a promotion for each tier.

        :param vals: values of the club, without ``program_id``
        :param tiers: list of dicts with ``name`` and ``discount`` in percent, the best tier first
        :param points: dict with ``amount`` to spend for one point, and ``value`` of a point, in the company's currency
        :return: the new ``loyalty.club``
        :raises AccessError: unless the user manages clubs
        """
        self._check_manager(self.env._("Only a club manager makes clubs."))
        # sudo: the right is checked by _check_manager; a program brings products, which a club manager need not be able
        # to make.
        program = self.env["loyalty.program"].sudo().create(self._points_program_values(vals, points))
        club = self.create({**vals, "program_id": program.id})
        program.club_ids = club
        self.env["res.partner.grade"].create(
            [{**tier, "club_id": club.id, "sequence": position} for position, tier in enumerate(tiers, start=1)]
        )
        return club

    @api.model
    def _points_program_values(self, vals, points):
        """Points for money; a point is worth money, so that spending points adds to a tier's percentage (core allows
        one percentage on the whole order)."""
        return {
            "name": self.env._("%s points", vals["name"]),
            "program_type": "loyalty",
            "company_id": vals.get("company_id"),
            **self._program_currency(vals.get("company_id")),
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": True,
            "portal_point_name": self.env._("Points"),
            "rule_ids": [
                Command.create(
                    {
                        "reward_point_mode": "money",
                        "reward_point_amount": 1 / points["amount"],
                        "minimum_qty": 0,
                    }
                ),
            ],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount": points["value"],
                        "discount_applicability": "order",
                        "required_points": 1,
                    }
                ),
            ],
            **self.env["loyalty.program"]._outside_the_till(),
        }

    @api.model
    def _program_currency(self, company_id):
        """A program of all companies needs a currency of its own; core takes that of the company otherwise."""
        return {} if company_id else {"currency_id": self.env.company.currency_id.id}
