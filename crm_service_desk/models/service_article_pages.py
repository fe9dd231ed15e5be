from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .article_marks import excerpt, marked

PER_CATEGORY = 5


class ServiceArticle(models.Model):
    """What the help pages and the suggestions show. Each method asks a constant number of queries."""

    _inherit = "service.article"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _hits(self, term, **options):
        """What a search finds, as a page shows it. See :meth:`_find` for the options.

        :return: list of dicts {id, url, title, excerpt, audience}; title and excerpt are safe HTML with the words marked
        """
        return [
            {
                "id": hit["article"].id,
                "url": hit["article"]._page_url(),
                "name": hit["article"].name,
                "title": marked(hit["article"].name, hit["words"]),
                "excerpt": excerpt(hit["article"].plain_text, hit["words"]),
                "audience": hit["article"].audience,
            }
            for hit in self._find(term, **options)
        ]

    @api.model
    def _by_category(self, domain=Domain.TRUE, per_category=PER_CATEGORY):
        """The published articles in the reader's language, by category: the first few of each and how many there are.

        :return: list of dicts {category, name, count, articles} by name, those without category last
        """
        query = self._search(Domain("state", "=", "published") & Domain(domain))
        query.add_where(self._in_readers_language("service_article"))
        rows = self.env.execute_query(
            SQL(
                "SELECT id, category_id, count FROM (%s) article WHERE place <= %s ORDER BY category_id, place",
                query.select(
                    "service_article.id",
                    "service_article.category_id",
                    "count(*) OVER (PARTITION BY service_article.category_id) AS count",
                    SQL(
                        """row_number() OVER (PARTITION BY service_article.category_id
                                              ORDER BY service_article.name, service_article.id) AS place"""
                    ),
                ),
                per_category,
            )
        )
        self.browse([row[0] for row in rows]).fetch(["name"])
        groups = {}
        for article, category, count in rows:
            groups.setdefault(category, {"count": count, "articles": self.browse()})["articles"] |= self.browse(article)
        names = self._category_names(filter(None, groups))
        return sorted(
            ({"category": category, "name": names.get(category, ""), **group} for category, group in groups.items()),
            key=lambda group: (not group["category"], group["name"].lower()),
        )

    @api.model
    def _category_names(self, ids):
        """{category id: its name after those of the categories above it}, in the reader's language."""
        # sudo: names of categories of articles that the reader may read; customers may not read categories
        categories = self.env["service.category"].sudo().browse(ids)
        above = {category.id: [int(part) for part in category.parent_path.split("/")[:-1]] for category in categories}
        everything = categories.browse({part for path in above.values() for part in path})
        names = {category.id: category.name for category in everything}
        return {category: " / ".join(names[part] for part in path) for category, path in above.items()}

    @api.model
    def _of_category(self, category_id, domain=Domain.TRUE, limit=20, offset=0):
        """The published articles of a category and its parts in the reader's language, by title; and how many there are.

        :return: (articles, number)
        """
        # sudo: only which categories are parts of it; what is found is what the reader may read
        parts = self.env["service.category"].sudo().search([("id", "child_of", category_id)])
        query = self._search(
            Domain("state", "=", "published") & Domain("category_id", "in", parts.ids) & Domain(domain)
        )
        query.add_where(self._in_readers_language("service_article"))
        [(number,)] = self.env.execute_query(query.select("count(*)"))
        query.order, query.limit, query.offset = "service_article.name, service_article.id", limit, offset
        return self.browse(query.get_result_ids()), number
