import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

# A telephone number is told by its last digits, however it is written: country codes and zeros stand before them.
TELLING_DIGITS = 8


class ResPartner(models.Model):
    """Anonymising: nothing personal of a contact stays with him or in our tables; what is counted stays.

    Orders, invoices and payments stay, as the law asks, with a customer without a name, and so does a bank account that
    they name, without its number. What this does not reach is the text of messages and documents of core and other
    addons: core's privacy look-up lists these.
    """

    _inherit = "res.partner"

    def action_anonymise(self):
        """Ask, then anonymise; for administrators."""
        self._check_anonymise()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Anonymise"),
            "res_model": "contact.anonymise",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    def _check_anonymise(self):
        """:raises AccessError: for anybody but an administrator
        :raises UserError: for our own people and companies, who cannot be anonymised
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may anonymise a contact."))
        everybody = self.with_context(active_test=False)._anonymise_family()
        # sudo: only whether they are ours; an administrator asks.
        if everybody.sudo().user_ids.filtered(lambda user: not user.share):
            raise UserError(self.env._("This contact belongs to one of our own people: archive the user instead."))
        if self.env["res.company"].sudo().search_count([("partner_id", "in", everybody.ids)], limit=1):
            raise UserError(self.env._("This contact is one of our own companies."))

    def _anonymise_family(self):
        """The contacts and, of persons, their further addresses."""
        return self | self.filtered(lambda partner: not partner.is_company).child_ids

    def _anonymise(self):
        """Take everything personal from these contacts and from our records of them. It cannot be undone.

        Called after :meth:`_check_anonymise`.
        """
        # sudo: an administrator was asked for; rows of all companies are his too. Without tracking: it would keep the
        # old values in the chatter.
        everybody = (
            self.sudo().with_context(active_test=False, tracking_disable=True, mail_notrack=True)._anonymise_family()
        )
        everybody._anonymise_records()
        everybody._anonymise_users()
        everybody._anonymise_bank_accounts()
        for partner in everybody:
            partner.write({**partner._anonymise_values(), "name": self.env._("Anonymised contact %s", partner.id)})
            partner._anonymise_values_by_company()
        everybody.with_context(active_test=True).action_archive()
        everybody._anonymise_old_values()

    def _anonymise_records(self):
        """Hook: take everything personal from an addon's own records of these contacts. Extend with ``super()``.

        Called before the contacts themselves are changed, with all rights. Rows may stay for the figures; what tells
        who he was or what he said may not.
        """
        self._anonymise_touchpoints()
        self.env["customer.note"].search([("partner_id", "in", self.ids)]).unlink()
        self._anonymise_assets()

    def _anonymise_values(self):
        """Empty values for every field of the contact that can hold something personal."""
        self.ensure_one()
        emptied = {
            name: False
            for name, field in self._fields.items()
            if field.store
            and field.type in ("char", "text", "html", "json", "properties")
            and not field.compute
            and not field.related
            and not field.required
            and name != "name"
        }
        # Computed fields that are typed in, such as the e-mail address of a contact in some addons.
        typed_in = ("vat", "phone", "email", "website", "image_1920", "date_localization")
        emptied |= {name: False for name in typed_in if name in self._fields and name not in emptied}
        emptied |= {name: 0 for name in ("partner_latitude", "partner_longitude") if name in self._fields}
        return {**emptied, "category_id": [Command.clear()]}

    def _anonymise_values_by_company(self):
        """A text that each company keeps for itself, such as a barcode: every company's goes."""
        self.ensure_one()
        names = [name for name in self._anonymise_values() if self._fields[name].company_dependent]
        companies = self.env["res.company"].search([]) if names else ()  # pylint: disable=no-search-all
        for company in companies:
            self.with_company(company).write(dict.fromkeys(names, False))

    def _anonymise_users(self):
        """A portal login is an e-mail address: it goes, and with it the way in."""
        for user in self.user_ids.filtered("share"):
            user.write({"login": f"anonymised-{user.id}", "active": False, "signature": False})

    def _anonymise_bank_accounts(self):
        """Invoices and payments may name an account, so it stays, without what tells whose it was."""
        accounts = self.env["res.partner.bank"].search([("partner_id", "in", self.ids)])
        for account in accounts:
            account.write({"acc_number": f"anonymised {account.id}", "clearing_number": False, "note": False})
        accounts.write({"acc_holder_name": False, "active": False})
        self._anonymise_texts_of(accounts)

    def _anonymise_old_values(self):
        """His chatter keeps the former name, address and number of each change: these go, the messages stay."""
        self.env.flush_all()
        self.env["mail.tracking.value"].search(
            [("mail_message_id.model", "=", self._name), ("mail_message_id.res_id", "in", self.ids)]
        ).unlink()

    def _anonymise_touchpoints(self):
        """That there was a contact stays, with channel, time, person and outcome; not what was said."""
        touchpoints = self.env["crm.touchpoint"].search([("partner_id", "in", self.ids)]) | self._unknown_calls()
        self._anonymise_texts_of(touchpoints)
        touchpoints.write(
            {"subject": False, "summary": False, "phone": False, "call_ref": False, "document_ref": False}
        )

    def _unknown_calls(self):
        """Calls from his numbers that were logged before it was known whose they are."""
        digits = {re.sub(r"\D", "", number)[-TELLING_DIGITS:] for number in self.mapped("phone") if number}
        endings = [f"%{number}" for number in digits if len(number) == TELLING_DIGITS]
        touchpoints = self.env["crm.touchpoint"]
        touchpoints.flush_model(["phone", "partner_id"])
        query = SQL(
            r"""SELECT id FROM crm_touchpoint
                 WHERE partner_id IS NULL AND phone IS NOT NULL
                   AND regexp_replace(phone, '\D', '', 'g') LIKE ANY(%s)""",
            endings,
        )
        return touchpoints.browse(row[0] for row in self.env.execute_query(query)) if endings else touchpoints

    def _anonymise_assets(self):
        """An asset that is his loses its plate or number; one that is somebody else's by now keeps it for him.

        The service log of his time keeps date, products and staff; not what was written.
        """
        assets = self.env["customer.asset"].search([("owner_ids.partner_id", "in", self.ids)])
        his = assets.filtered(lambda asset: not asset.partner_id or asset.partner_id in self)
        self._anonymise_texts_of(his)
        for asset in his:
            asset.write({"identifier": f"anonymised {asset.id}", "properties": False})
        services = self.env["customer.asset.service"].search([("partner_id", "in", self.ids)])
        self._anonymise_texts_of(services)
        services.write({"work": self.env._("Service"), "remark": False})

    @api.model
    def _anonymise_texts_of(self, records):
        """Delete the messages, activities and attachments of some records, with all rights."""
        mine = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        # sudo: called by _anonymise_records only, after _check_anonymise; messages may be of anybody.
        env = records.sudo().with_context(active_test=False).env
        env["ir.attachment"].search(mine).unlink()
        env["mail.activity"].search(mine).unlink()
        env["mail.message"].search([("model", "=", records._name), ("res_id", "in", records.ids)]).unlink()
