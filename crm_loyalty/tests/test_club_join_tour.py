import base64

from odoo.tests import new_test_user, tagged

from .test_club_join import JoinCase


class PhoneCase(JoinCase):
    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestJoinByPhone(PhoneCase):
    def test_a_visitor_joins_on_the_public_page_with_a_phone(self):
        self.start_tour("/club/kopi-braga", "crm_loyalty_join_by_public_page", login=None)
        wish = self.newest()
        self.assertEqual((wish.email, wish.state), ("dewi@lestari.example", "waiting"))
        self.start_tour(self.link(wish), "crm_loyalty_confirm_in_mail", login=None)
        self.assertEqual((wish.state, wish.membership_id.way_in), ("joined", "public"))

    def test_a_customer_joins_and_leaves_in_the_portal_with_a_phone(self):
        new_test_user(self.env, "siti", "base.group_portal", partner_id=self.siti.id)
        self.start_tour("/my/clubs", "crm_loyalty_join_and_leave_in_portal", login="siti")
        membership = self.memberships.search([("partner_id", "=", self.siti.id)])
        self.assertEqual((membership.way_in, membership.state), ("portal", "ended"))
        self.assertEqual(membership.leave_reason_id, self.env.ref("crm_loyalty.leave_reason_moved"))


@tagged("post_install", "-at_install")
class TestCardsAtTheDesk(JoinCase):
    def test_a_clerk_activates_a_printed_card(self):
        batch = self.env["loyalty.card.batch"].create({"club_id": self.club.id, "count": 1})
        batch.action_draw()
        batch.card_ids.code = "0441000000006"
        self.start_tour(f"/odoo/contacts/{self.siti.id}", "crm_loyalty_activate_printed_card", login="clerk")
        membership = self.memberships.search([("partner_id", "=", self.siti.id)])
        self.assertEqual((membership.card_id, membership.way_in), (batch.card_ids, "batch"))

    def test_a_manager_imports_a_file_of_cards(self):
        lines = ["card_number,name,email", "K-1,A,a@x.example", "K-2,B,nonsense", "K-3,C,c@x.example"]
        run = self.env["loyalty.card.import"].create(
            {"club_id": self.club.id, "file": base64.b64encode("\n".join(lines).encode())}
        )
        self.start_tour(f"/odoo/club-card-import/{run.id}", "crm_loyalty_import_cards", login="club manager")
        self.assertEqual((run.done_count, run.refused_count), (2, 1))
