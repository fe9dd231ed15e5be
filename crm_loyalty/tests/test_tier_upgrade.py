import importlib.util

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path


@tagged("post_install", "-at_install")
class TestTierUpgrade(TransactionCase):
    """Up to 19.0.1.4.0 each upgrade made the views of the tiers' action anew, without a name."""

    def migrate(self):
        path = file_path("crm_loyalty/migrations/19.0.1.5.0/pre-views.py")
        spec = importlib.util.spec_from_file_location("pre_views", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.4.0")
        self.env.invalidate_all()

    def test_views_without_a_name_make_room_for_those_with_one(self):
        action = self.env.ref("crm_loyalty.res_partner_grade_action_tier")
        action.view_ids.unlink()
        self.env["ir.actions.act_window.view"].create(
            [{"act_window_id": action.id, "view_mode": mode} for mode in ("list", "kanban", "form")]
        )
        self.migrate()
        self.assertFalse(action.view_ids)

    def test_views_with_a_name_stay(self):
        action = self.env.ref("crm_loyalty.res_partner_grade_action_tier")
        before = action.view_ids
        self.migrate()
        self.assertEqual(action.view_ids, before)
        self.assertEqual(len(before), 3)
