from odoo import api, models
from odoo.tools import plaintext2html


class RatingRating(models.Model):
    """A bad rating of anything of ours is a complaint that nobody has written down yet."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._file_when_bad()
        return ratings

    def write(self, vals):
        result = super().write(vals)
        if {"rating", "feedback", "consumed"} & set(vals):
            self._file_when_bad()
        return result

    def _file_when_bad(self):
        """A ticket for each rating that is given and bad, once per rating, whatever is changed in it later.

        Ratings of tickets make none: there is one already.
        """
        # sudo: a customer rates, without a login at that; what follows is the company's own rule
        given = self.sudo().filtered(
            lambda rating: rating.consumed and rating.rating > 0 and rating.res_id and rating.res_model in rating.env
        )
        given = given.filtered(lambda rating: rating.res_model != "service.ticket" and not rating.is_internal)
        if not given:
            return
        tickets = self.env["service.ticket"].sudo()  # sudo: as above
        filed = tickets.with_context(active_test=False).search([("source_rating_id", "in", given.ids)])
        for ticket in filed:  # the words often come after the mark
            if ticket.source_rating_id.feedback and not ticket.description:
                ticket.description = plaintext2html(ticket.source_rating_id.feedback)
        companies = (given - filed.source_rating_id)._rated_companies()
        bad = [rating for rating, company in companies.items() if rating.rating < company.bad_rating_below]
        tickets.create([rating._ticket_values(companies[rating]) for rating in bad])

    def _rated_companies(self):
        """Whose customer has rated: {rating: company}."""
        found = {}
        for model, ratings in self.grouped("res_model").items():
            has_company = "company_id" in self.env[model]._fields
            records = self.env[model].browse(ratings.mapped("res_id")).exists()
            companies = {record.id: record.company_id if has_company else self.env.company for record in records}
            for rating in ratings:
                if rating.res_id in companies:
                    found[rating] = companies[rating.res_id] or self.env.company
        return found

    def _ticket_values(self, company):
        self.ensure_one()
        order = self.res_model == "sale.order" and self.res_id
        customer = self.partner_id
        if customer.company_id and customer.company_id != company:
            customer = customer.browse()
        return {
            "name": self.env._(
                "Rated %(mark)s of 5: %(what)s", mark=f"{self.rating:g}", what=self.res_name or self.env._("our work")
            ),
            "type": "complaint",
            "channel": "rating",
            "company_id": company.id,
            "partner_id": customer.id,
            "description": plaintext2html(self.feedback) if self.feedback else False,
            "sale_order_id": order,
            "source_rating_id": self.id,
        }
