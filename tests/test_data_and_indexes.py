"""What the database of our addons looks like: records that users edit survive an upgrade, searches and merges are fast."""

from odoo.tests import TransactionCase, tagged

from tests import ours
from tools.paths import ADDONS

# Rows of these are merged, cancelled or deleted in daily work: PostgreSQL then looks for our rows that point to them.
MOVED_OR_DELETED = ("res.partner", "loyalty.card", "loyalty.reward", "sale.order", "sale.order.line", "mail.message")
# What a user changes to his taste; the next upgrade must not change it back.
EDITED = {"ir.cron", "ir.sequence", "ir.config_parameter", "mail.template", "res.partner.grade", "loyalty.program"}


@tagged("post_install", "-at_install")
class TestDataIsTheUsers(TransactionCase):
    def overwritten(self, addons):
        """External ids of records that users edit and that an upgrade writes anew."""
        mine = EDITED | {model._name for model in ours.models(self.env)}
        return self.env["ir.model.data"].search(
            [("module", "in", addons), ("model", "in", sorted(mine)), ("noupdate", "=", False)]
        )

    def test_an_upgrade_leaves_the_users_records_alone(self):
        self.assertFalse(self.overwritten(list(ADDONS)).mapped("complete_name"))

    def test_the_net_finds_a_record_that_is_written_anew(self):
        job = self.env["ir.model.data"].search([("model", "=", "ir.cron")], limit=1)
        job.noupdate = False
        self.assertIn(job, self.overwritten([job.module]))


@tagged("post_install", "-at_install")
class TestForeignKeysAreIndexed(TransactionCase):
    def is_indexed(self, model, field):
        """Whether an index begins with the column; it may leave out the rows that have none."""
        self.env.cr.execute(
            """
            SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
             WHERE i.indrelid = %s::regclass AND a.attname = %s AND i.indisvalid
               AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%%I IS NOT NULL)', a.attname))
            """,
            [model._table, field.name],
        )
        return bool(self.env.cr.fetchone())

    def test_every_column_that_points_to_what_is_moved_or_deleted_is_indexed(self):
        slow = [
            str(field)
            for comodel_name in MOVED_OR_DELETED
            for model, field in ours.columns_to(self.env, comodel_name)
            if not self.is_indexed(model, field)
        ]
        self.assertFalse(slow, f"need an index: {slow}")

    def test_the_net_finds_a_column_without_an_index(self):
        message = self.env["mail.message"]
        self.assertFalse(self.is_indexed(message, message._fields["mail_server_id"]))
        self.assertTrue(self.is_indexed(message, message._fields["parent_id"]))
