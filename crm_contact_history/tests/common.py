from datetime import date, datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase

from .people import new_test_users


class ContactHistoryCase(TransactionCase):
    """A customer, a company with a contact, a product, and people of ours; mails are queued, never sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "mail_notify_force_send": False, "tracking_disable": True})
        # Core's sales rules give the administrator's test user all documents.
        cls.Entry = cls.env["contact.history.entry"]
        cls.siti = cls.env["res.partner"].create(
            {
                "name": "Siti Rahmawati",
                "email": "siti@rahmawati.example",
                "phone": "+62 812-2345-6701",
                "country_id": cls.env.ref("base.id").id,
            }
        )
        cls.mill = cls.env["res.partner"].create(
            {"name": "Paris van Java Tekstil", "is_company": True, "ref": "PVJ-01"}
        )
        cls.rina = cls.env["res.partner"].create({"name": "Rina Wijaya", "parent_id": cls.mill.id})
        cls.coffee = cls.env["product.product"].create({"name": "Kopi Gayo", "type": "consu", "list_price": 10})
        cls.agus, cls.chief, cls.clerk = new_test_users(
            cls.env,
            ("agus-history", "sales_team.group_sale_salesman", {"name": "Agus"}),
            ("chief-history", "sales_team.group_sale_salesman_all_leads", {"name": "Chief"}),
            ("clerk-history", "base.group_user", {"name": "Clerk"}),
        )

    @classmethod
    def order(cls, partner=None, quantity=1, **values):
        lines = [Command.create({"product_id": cls.coffee.id, "product_uom_qty": quantity})]
        return cls.env["sale.order"].create({"partner_id": (partner or cls.siti).id, "order_line": lines, **values})

    @classmethod
    def mail_to(cls, partner, document, body="We write", **values):
        values = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", "partner_ids": partner.ids, **values}
        return document.message_post(body=body, **values)

    @classmethod
    def mail_from(cls, partner, document, body="He writes", **values):
        values = {"message_type": "email", "subtype_xmlid": "mail.mt_comment", "author_id": partner.id, **values}
        return document.message_post(body=body, **values)

    def history(self, partner, user=None, **options):
        page = self.Entry.with_user(user or self.env.user).history_page(partner.id, **options)
        return page["entries"]

    def kinds(self, partner, **options):
        return [entry["kind"] for entry in self.history(partner, **options)]

    def rows(self):
        """The whole table, without ids, in a fixed order."""
        self.Entry._sync()
        self.env.cr.execute(
            """SELECT res_model, res_id, kind, partner_id, commercial_partner_id, company_id, happened_at,
                      channel, direction, user_id
                 FROM contact_history_entry ORDER BY 1, 2, 3, 4"""
        )
        return self.env.cr.fetchall()

    def rebuilt_rows(self):
        """The whole table after it was emptied and rebuilt."""
        self.env.cr.execute("DELETE FROM contact_history_entry")
        self.env["contact.history.rebuild"]._backfill()
        return self.rows()

    def count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # -- documents -----------------------------------------------------------------------------------------------

    @classmethod
    def lead(cls, **values):
        values = {"name": "Beans for the café", "type": "lead", "partner_id": cls.siti.id, **values}
        return cls.env["crm.lead"].create(values)

    @classmethod
    def meeting(cls, partners, start=datetime(2024, 3, 5, 8), **values):
        values = {"stop": start + timedelta(hours=1), "partner_ids": [Command.set(partners.ids)], **values}
        return cls.env["calendar.event"].create({"name": "Tasting", "start": start, **values})

    @classmethod
    def activity(cls, document, type_xmlid="mail.mail_activity_data_todo", **values):
        return document.activity_schedule(type_xmlid, **{"summary": "Do it", "user_id": cls.env.uid, **values})

    @classmethod
    def note_on(cls, document, body="Only for us"):
        return document.message_post(body=body, message_type="comment", subtype_xmlid="mail.mt_note")

    @classmethod
    def invoice(cls, move_type="out_invoice", **values):
        lines = [Command.create({"name": "Kopi Gayo", "quantity": 1, "price_unit": 10, "account_id": cls.account().id})]
        values = {"partner_id": cls.siti.id, "invoice_date": date(2024, 3, 5), "invoice_line_ids": lines, **values}
        return cls.env["account.move"].create(
            {"move_type": move_type, "journal_id": cls.journal(move_type).id, **values}
        )

    @classmethod
    def posted_invoice(cls, **values):
        invoice = cls.invoice(**values)
        invoice.action_post()
        return invoice

    @classmethod
    def payment(cls, **values):
        values = {"partner_id": cls.siti.id, "amount": 10, "date": date(2024, 3, 6), **values}
        return cls.env["account.payment"].create({"journal_id": cls.journal("bank").id, **values})

    @classmethod
    def account(cls, account_type="income"):
        """The books of the test company are empty: no chart of accounts is installed."""
        accounts = cls.env["account.account"]
        found = accounts.search([("account_type", "=", account_type)], limit=1)
        code = f"9{len(account_type)}"
        return found or accounts.create({"name": account_type, "code": code, "account_type": account_type})

    @classmethod
    def journal(cls, move_type):
        kind = {"in_invoice": "purchase", "bank": "bank"}.get(move_type, "sale")
        for account_type in ("asset_receivable", "liability_payable"):
            field = f"property_account_{account_type.split('_')[1]}_id"
            cls.siti[field] = cls.account(account_type)
        found = cls.env["account.journal"].search([("type", "=", kind)], limit=1)
        return found or cls.env["account.journal"].create({"name": kind, "code": kind[:5], "type": kind})
