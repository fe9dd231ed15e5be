from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .occasion_case import OccasionCase


@tagged("post_install", "-at_install")
class TestOccasionTour(OccasionCase, HttpCase):
    def test_a_manager_makes_an_occasion_previews_it_and_switches_it_on(self):
        self.occasion.action_stop()
        self.siti.write({"name": "Siti of the tour", "birthday": self.today.replace(year=1992) + timedelta(days=3)})
        self.club.name = "Club of the tour"
        self.start_tour("/odoo/occasions", "crm_loyalty_occasion", login="club manager")
        occasion = self.env["loyalty.occasion"].search([("name", "=", "Birthday of the tour")])
        self.assertEqual((occasion.state, occasion.club_ids, occasion.hour), ("running", self.club, 9))
        self.assertFalse(occasion.greeting_ids)
