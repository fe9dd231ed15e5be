from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class ServiceArticle(models.Model):
    """An article is written in one language; its translations are articles of their own, linked to the original.

    So a language is published when its text is ready, has its own author, versions and votes, and is found by the words
    of that language. Who reads it, its category and company are the original's.
    """

    _inherit = "service.article"  # pylint: disable=consider-merging-classes-inherited

    # What a translation has of its original.
    _FROM_ORIGINAL = ("audience", "team_ids", "category_id", "company_id")

    lang_id = fields.Many2one(
        "res.lang",
        string="Language",
        required=True,
        default=lambda self: self.env["res.lang"].browse(self._language_order()[:1]),
        ondelete="restrict",
    )
    original_id = fields.Many2one(
        "service.article",
        string="Translation of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('original_id', '=', False), ('id', '!=', id), ('lang_id', '!=', lang_id)]",
    )
    translation_ids = fields.One2many("service.article", "original_id", string="Translations")
    translation_outdated = fields.Boolean(
        compute="_compute_translation_outdated",
        string="Original is newer",
        help="The original was changed after this translation.",
    )

    # One article per language. Also serves the choice of a reader's language in each search.
    _language_uidx = models.UniqueIndex(
        "(coalesce(original_id, id), lang_id)", "There is an article in this language already."
    )

    @api.depends("original_id", "original_id.audience", "original_id.team_ids", "original_id.category_id")
    @api.depends("original_id.company_id")
    def _compute_from_original(self):
        for article in self:
            original = article.original_id
            for name in self._FROM_ORIGINAL:
                article[name] = original[name] if original else article[name]
            article.audience = article.audience or "staff"

    @api.depends("original_id.version_ids", "version_ids")
    def _compute_translation_outdated(self):
        for article in self:
            last, original_last = article.version_ids[:1], article.original_id.version_ids[:1]
            article.translation_outdated = bool(last and original_last and last.create_date < original_last.create_date)

    @api.model_create_multi
    def create(self, vals_list):
        """A translation takes from its original what is the original's, whatever a form or a default says."""
        vals_list = [
            {
                name: value
                for name, value in vals.items()
                if not vals.get("original_id") or name not in self._FROM_ORIGINAL
            }
            for vals in vals_list
        ]
        return super().create(vals_list)

    @api.constrains("original_id", "audience", "team_ids", "category_id", "company_id")
    def _check_as_original(self):
        for article in self.filtered("original_id"):
            if any(article[name] != article.original_id[name] for name in self._FROM_ORIGINAL):
                raise ValidationError(
                    self.env._(
                        "“%s” is a translation: readers, category and company are its original's. Change them there.",
                        article.name,
                    )
                )

    @api.constrains("original_id", "lang_id")
    def _check_original(self):
        for article in self:
            if article.original_id.original_id or (article.original_id and article.translation_ids):
                raise ValidationError(
                    self.env._("“%s” is a translation of a translation. Link it to the original instead.", article.name)
                )

    @api.model
    def _language_order(self):
        """Ids of the languages in which the reader is served, the best first."""
        languages = self.env["res.lang"]
        # sudo: only the company's language; visitors may not read its contact
        codes = [self.env.lang, self.env.company.sudo().partner_id.lang, "en_US"]
        ids = [languages._get_data(code=code).id for code in codes if code]
        # where even English was taken away, the languages that there are
        return list(dict.fromkeys(filter(None, ids))) or languages.search([], limit=1).ids

    @api.model
    def _in_readers_language(self, alias):
        """SQL: of an article and its translations, the published one that the reader understands best.

        His language, else the company's, else English, else the original. Only the state is asked of the others: their
        readers and company are the same as the original's.
        """
        article = SQL.identifier(alias)
        subject = SQL("coalesce(%s.original_id, %s.id)", article, article)
        languages = self._language_order()

        def published(*codes):
            return SQL(
                """EXISTS (SELECT FROM service_article other WHERE coalesce(other.original_id, other.id) = %s
                              AND other.lang_id = ANY(%s) AND other.state = 'published')""",
                subject,
                list(codes),
            )

        choices = [
            SQL("(%s.lang_id = %s AND NOT %s)", article, language, published(*languages[:place]))
            if place
            else SQL("%s.lang_id = %s", article, language)
            for place, language in enumerate(languages)
        ]
        choices.append(SQL("(%s.original_id IS NULL AND NOT %s)", article, published(*languages)))
        return SQL("(%s)", SQL(" OR ").join(choices))

    def action_translate(self):
        """A draft of the same article in another language, to be translated."""
        self.ensure_one()
        original = self.original_id or self
        taken = (original | original.translation_ids).lang_id
        free = self.env["res.lang"].search([("id", "not in", taken.ids)], limit=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Translate “%s”", original.name),
            "res_model": "service.article",
            "views": [[False, "form"]],
            "context": {
                "default_original_id": original.id,
                "default_name": original.name,
                "default_body": original.body,
                "default_lang_id": free.id,
            },
        }
