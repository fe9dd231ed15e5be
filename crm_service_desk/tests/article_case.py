from .common import ServiceDeskCase, ServiceDeskHttpCase


class ArticleCase(ServiceDeskCase):
    """The desk of a coffee shop that writes down what it answers every day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.articles = cls.env["service.article"]
        cls.articles.search([("original_id", "!=", False)]).state = "archived"
        cls.articles.search([]).state = "archived"
        cls.refund = cls.new_article("How do I get a refund?", "<p>Bring the receipt. Refunds take three days.</p>")
        cls.beans = cls.new_article("Returning coffee beans", "<p>Unopened bags can be returned within 14 days.</p>")
        cls.staff = cls.new_article("How we calm angry guests", "<p>Listen. Offer a voucher.</p>", audience="staff")

    @classmethod
    def new_article(cls, name, body="<p>Text</p>", **values):
        """A published article for the public, in English."""
        return cls.env["service.article"].create(
            {
                "name": name,
                "body": body,
                "state": "published",
                "audience": "public",
                "lang_id": cls.env.ref("base.lang_en").id,
                **values,
            }
        )

    def found(self, term, user=None, **options):
        """The titles that a search finds, best first."""
        hits = self.articles.with_user(user or self.siti_user)._find(term, **options)
        return [hit["article"].name for hit in hits]


class ArticleHttpCase(ServiceDeskHttpCase, ArticleCase):
    """The same, read in a browser."""
