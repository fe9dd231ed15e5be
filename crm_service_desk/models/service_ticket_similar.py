from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .service_stage import DONE_CATEGORIES

# How many candidates are read to find those that the person may see.
CANDIDATES = 60


class ServiceTicket(models.Model):
    """Solved tickets that were about the same: how did they end?"""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _similar(self, limit=8):
        """Done tickets alike, the most alike first: by the words of the subject (on its trigram index), then those of
        the same category. Only what the person may read."""
        self.ensure_one()
        alike = self._alike_by_subject()
        found = self.search(Domain("id", "in", alike))
        found = found.sorted(lambda ticket: alike.index(ticket.id))[:limit]
        if self.category_id and len(found) < limit:
            found += self.search(
                Domain("category_id", "=", self.category_id.id)
                & Domain("stage_category", "in", DONE_CATEGORIES)
                & Domain("merged_into_id", "=", False)
                & Domain("id", "not in", (self + found).ids),
                order="id desc",
                limit=limit - len(found),
            )
        return found

    def _alike_by_subject(self):
        """Ids of done tickets of the company with a subject alike, whoever may read them."""
        self.flush_model(["name", "stage_category", "company_id", "merged_into_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM service_ticket
                 WHERE name %% %(name)s
                   AND stage_category = ANY(%(done)s)
                   AND company_id = %(company)s
                   AND merged_into_id IS NULL
                   AND id <> %(id)s
              ORDER BY similarity(name, %(name)s) DESC, id DESC
                 LIMIT %(limit)s
                """,
                name=self.name or "",
                done=list(DONE_CATEGORIES),
                company=self.company_id.id,
                id=self.id,
                limit=CANDIDATES,
            )
        )
        return [ticket_id for (ticket_id,) in rows]

    @api.readonly
    def similar_tickets(self):
        """For the screen: what was alike, and how it ended.

        :return: list of {id, number, name, customer, date (of closing, or False), outcome, remedies}
        """
        self.ensure_one()
        self.check_access("read")
        similar = self._similar()
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        kinds = dict(self.env["service.remedy"]._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": ticket.id,
                "number": ticket.number,
                "name": ticket.name,
                "customer": ticket.partner_id.display_name or "",
                "date": ticket.date_closed,
                "outcome": outcomes.get(ticket.outcome, ""),
                "remedies": [
                    kinds[remedy.kind] for remedy in ticket.remedy_ids if remedy.state in ("accepted", "done")
                ],
            }
            for ticket in similar
        ]
