from odoo.tests import tagged

from ..models.article_words import is_mistyped, masked, mistakes, plain, words_of
from .article_case import ArticleCase


@tagged("post_install", "-at_install")
class TestArticleWords(ArticleCase):
    """The plain functions."""

    def test_case_accents_and_signs_make_no_difference(self):
        self.assertEqual(plain("Café-Latte,  “VOILÀ”!"), "cafe latte voila")

    def test_a_word_counts_once_and_twelve_words_are_enough(self):
        self.assertEqual(words_of("coffee Coffee beans"), ["coffee", "beans"])
        self.assertEqual(len(words_of(" ".join(f"word{n}" for n in range(50)))), 12)

    def test_the_four_mistakes_that_people_make(self):
        for typed in ("refnd", "refuund", "refumd", "refudn"):
            self.assertEqual(mistakes(typed, "refund", 2), 1, typed)

    def test_a_short_word_with_another_letter_is_another_word(self):
        self.assertFalse(is_mistyped("tea", "sea"))
        self.assertFalse(is_mistyped("2019", "2018"))
        self.assertTrue(is_mistyped("cofee", "coffee"))

    def test_addresses_and_long_numbers_are_masked(self):
        for personal in ("siti@rahmawati.example", "+62 812-3456-7890", "T00042", "4111111111111111", "(022) 420 1234"):
            self.assertEqual(masked(f"a {personal} b"), "a … b")
        self.assertEqual(masked("open at 7.30 on day 14"), "open at 7.30 on day 14")


@tagged("post_install", "-at_install")
class TestArticleSearch(ArticleCase):
    def test_a_word_of_the_text_finds_the_article(self):
        self.assertEqual(self.found("receipt"), [self.refund.name])

    def test_a_typing_mistake_finds_it_too(self):
        for typed in ("refnd", "reciept", "refundd", "Réfund", "recept", "refudn", "refnud", "erfund", "efund"):
            self.assertEqual(self.found(typed), [self.refund.name], typed)

    def test_a_beginning_and_another_form_of_a_word_find_it(self):
        for typed in ("refu", "refunded", "returns", "retur"):
            self.assertTrue(self.found(typed), typed)

    def test_a_question_finds_what_it_is_about(self):
        self.assertEqual(self.found("how can I get my money back, is there a refund?")[0], self.refund.name)

    def test_nothing_is_found_by_what_is_not_there(self):
        self.assertEqual(self.found("helicopter"), [])
        self.assertEqual(self.found(""), [])
        self.assertEqual(self.found("?!"), [])

    def test_the_title_says_more_than_the_text(self):
        self.new_article("Opening hours", "<p>Beans are roasted at seven.</p>")
        self.assertEqual(self.found("beans"), [self.beans.name, "Opening hours"])

    def test_who_has_more_of_the_words_comes_first(self):
        self.new_article("Returning a cup", "<p>Within 14 days.</p>")
        self.assertEqual(self.found("returning beans")[0], self.beans.name)

    def test_a_suggestion_needs_half_of_what_was_typed(self):
        self.new_article("Parking", "<p>There is a garage nearby.</p>")
        self.assertEqual(self.found("voucher parking refund beans", least=0.9), [])
        self.assertIn("Parking", self.found("garage", least=0.5))

    def test_what_was_withdrawn_is_not_found(self):
        self.refund.action_draft()
        self.assertEqual(self.found("receipt"), [])

    def test_what_was_changed_is_found_by_its_new_words(self):
        self.refund.body = "<p>Show the invoice.</p>"
        self.assertEqual(self.found("receipt"), [])
        self.assertEqual(self.found("invoice"), [self.refund.name])

    def test_signs_of_the_search_language_are_only_text(self):
        for nasty in (
            "refund & !beans",
            "refund:*",
            "a' | 'b",
            "refund\\",
            "(refund",
            "refund <-> beans",
            "%",
            "_",
            "\x00",
        ):
            self.articles.with_user(self.siti_user)._find(nasty)
        self.assertEqual(self.found("refund'); DROP TABLE service_article; --")[0], self.refund.name)

    def test_customers_find_public_articles_and_agents_those_of_staff_too(self):
        self.assertEqual(self.found("angry guests"), [])
        self.assertEqual(self.found("angry guests", self.agent), [self.staff.name])

    def test_the_box_of_the_list_forgives_mistakes_and_knows_drafts_by_title(self):
        draft = self.new_article("Refund by transfer", state="draft")
        found = self.articles.with_user(self.leader).search([("found_by", "ilike", "refun")])
        self.assertEqual(found, self.refund | draft)
        self.assertEqual(self.articles.with_user(self.leader).search([("found_by", "ilike", "reciept")]), self.refund)

    def test_counting_words_at_night_forgets_those_that_nobody_uses(self):
        words = self.env["service.article.word"]
        self.refund.action_draft()
        words._count()
        self.assertFalse(words.search([("word", "=", "receipt")]))
        self.assertEqual(words.search([("word", "=", "days")]).article_count, 1)


@tagged("post_install", "-at_install")
class TestArticleLanguages(ArticleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indonesian = cls.env["res.lang"]._activate_lang("id_ID")
        cls.kembali = cls.new_article(
            "Bagaimana mengembalikan uang?",
            "<p>Bawa struk belanja.</p>",
            lang_id=cls.indonesian.id,
            original_id=cls.refund.id,
        )

    def found_in(self, lang, term):
        hits = self.articles.with_user(self.siti_user).with_context(lang=lang)._find(term)
        return [hit["article"] for hit in hits]

    def test_the_reader_finds_his_own_language(self):
        self.assertEqual(self.found_in("id_ID", "struk"), [self.kembali])
        self.assertEqual(self.found_in("en_US", "struk"), [])

    def test_what_has_a_translation_is_not_found_in_another_language_too(self):
        self.assertEqual(self.found_in("id_ID", "receipt"), [])

    def test_what_has_no_translation_yet_is_found_in_the_companys_language(self):
        self.assertEqual(self.found_in("id_ID", "unopened bags"), [self.beans])
        self.kembali.action_draft()
        self.assertEqual(self.found_in("id_ID", "receipt"), [self.refund])

    def test_an_original_in_another_language_is_better_than_nothing(self):
        original = self.new_article("Jam buka", "<p>Kami buka pukul tujuh.</p>", lang_id=self.indonesian.id)
        self.assertEqual(self.found_in("en_US", "pukul"), [original])

    def test_indonesian_words_without_meaning_find_nothing_beside_others(self):
        self.new_article("Poin", "<p>yang dengan untuk</p>", lang_id=self.indonesian.id)
        self.assertEqual(self.found_in("id_ID", "struk yang untuk"), [self.kembali])

    def test_a_translation_has_the_readers_of_its_original(self):
        self.refund.audience = "staff"
        self.assertEqual(self.kembali.audience, "staff")
        self.assertEqual(self.found_in("id_ID", "struk"), [])

    def test_a_translation_never_has_readers_of_its_own(self):
        other = self.articles.create({"name": "Biji", "original_id": self.beans.id, "lang_id": self.indonesian.id})
        self.assertEqual(other.audience, "public")
        mine = self.articles.create(
            {"name": "Tamu", "original_id": self.staff.id, "lang_id": self.indonesian.id, "audience": "public"}
        )
        self.assertEqual(mine.audience, "staff")
        with self.assertRaisesRegex(Exception, "Change them there"), self.env.cr.savepoint():
            mine.audience = "public"

    def test_there_is_one_article_per_language(self):
        with self.assertRaisesRegex(Exception, "in this language already|duplicate key"), self.env.cr.savepoint():
            self.new_article("Lagi", lang_id=self.indonesian.id, original_id=self.refund.id)

    def test_a_translation_of_a_translation_is_refused(self):
        with self.assertRaisesRegex(Exception, "translation of a translation"), self.env.cr.savepoint():
            self.new_article("Encore", original_id=self.kembali.id)

    def test_a_translation_is_outdated_when_the_original_changed_after_it(self):
        self.assertFalse(self.kembali.translation_outdated)
        self.env.cr.execute("UPDATE service_article_version SET create_date = create_date - interval '1 day'")
        self.env.invalidate_all()
        self.refund.body = "<p>Only in the shop.</p>"
        self.assertTrue(self.kembali.translation_outdated)


@tagged("post_install", "-at_install")
class TestArticleExcerpt(ArticleCase):
    def test_an_excerpt_has_the_words_and_not_their_form(self):
        self.refund.body = "<p>Look at <em>My account</em>: <strong>receipts</strong> &lt;b&gt;</p><ol><li>a</li></ol>"
        [hit] = self.articles._hits("account")
        self.assertIn("My <mark>account</mark>: receipts &lt;b&gt;", hit["excerpt"])

    def test_a_long_text_is_shown_around_what_was_found(self):
        self.refund.body = f"<p>{'before ' * 100} needle {'after ' * 100}</p>"
        [hit] = self.articles._hits("needle")
        self.assertRegex(hit["excerpt"], r"^… before .*<mark>needle</mark> after .* …$")
        self.assertLess(len(hit["excerpt"]), 300)
