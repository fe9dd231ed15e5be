from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestPublicFormAttempt(TransactionCase):
    """Public forms are not flooded: so many an hour for each person and each network address."""

    def setUp(self):
        super().setUp()
        self.attempts = self.env["public.form.attempt"]

    def limit_network_to(self, value):
        self.env["ir.config_parameter"].set_param("crm_contact_history.public_forms_per_ip", value)

    def test_each_form_counts_for_itself(self):
        self.limit_network_to("1")
        counted = [self.attempts._too_many(form, "a@example.com", "::1") for form in ("one", "other", "one")]
        self.assertEqual(counted, [False, False, True])

    def test_without_an_address_the_network_counts_alone(self):
        self.limit_network_to("2")
        self.assertEqual([self.attempts._too_many("one", "", "::1") for _time in range(3)], [False, False, True])
        self.assertEqual(len(self.attempts.search([])), 1)

    def test_the_next_hour_begins_anew(self):
        self.limit_network_to("1")
        self.attempts._too_many("one", "", "::1")
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.assertFalse(self.attempts._too_many("one", "", "::1"))

    def test_a_limit_that_is_no_number_closes_no_form(self):
        for nonsense in ("many", "-3", "1.5", "²"):
            self.limit_network_to(nonsense)
            self.assertFalse(self.attempts._too_many("one", "", f"of {nonsense}"))
