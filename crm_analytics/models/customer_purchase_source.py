from odoo import api, models
from odoo.tools import SQL


class CustomerPurchaseSource(models.AbstractModel):
    """Inherited by every model whose documents are purchases, such as the sale order.

    From one declaration, ``_purchase_source``, come the statement that counts purchases and the hooks that note which
    figures a change touches. They sit where the ORM writes to the database, because amounts are computed fields, and
    because there the database still knows the *old* customer and day of a document that moves.
    """

    _name = "customer.purchase.source"
    _description = "Source of Purchases"

    @api.model
    def _purchase_source(self):
        """:returns: the PurchaseSource of this model"""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        source = self._purchase_source()
        counting = records.filtered(lambda record: record[source.state] in source.states)
        if counting:
            counting.flush_recordset(source.key_fields)
            self.env["customer.purchase.queue"]._enqueue_documents(counting)
        return records

    def write(self, vals):
        if self._purchase_source().state in vals:
            self._remember_no_purchases()
        return super().write(vals)

    def _remember_no_purchases(self):
        """Note which of these documents are no purchases in the database, before their state changes in the cache.

        They have no day yet that would be counted wrongly, so confirming a quotation costs one statement, not two.
        """
        source = self._purchase_source()
        no_purchases = self._no_purchases()
        unwritten = self.env._field_dirty.get(self._fields[source.state], ())
        # sudo: who may write a document need not be asked whether he may read its state.
        for document in self.sudo():
            if document.id in unwritten:
                continue  # the cache is ahead of the database; what was noted holds
            if document[source.state] in source.states:
                no_purchases.discard(document.id)
            else:
                no_purchases.add(document.id)

    def _no_purchases(self):
        """Ids of documents of this model that the database does not have as purchases. Of this transaction only."""
        return self.env.cr.precommit.data.setdefault(f"crm_analytics.no_purchases.{self._name}", set())

    def _write_multi(self, vals_list):
        source = self._purchase_source()
        no_purchases = self._no_purchases()
        queue = self.env["customer.purchase.queue"]
        changes = [
            (id_, vals.keys())
            for id_, vals in zip(self._ids, vals_list, strict=True)
            # Where the state stays as it is, it says whether this is a purchase: most quotations cost no statement.
            if source.state in vals or self.browse(id_)[source.state] in source.states
        ]
        queue._enqueue_documents(
            self.browse(id_ for id_, names in changes if names & source.watched_fields and id_ not in no_purchases)
        )
        no_purchases.difference_update(id_ for id_, names in changes if source.state in names)
        result = super()._write_multi(vals_list)
        queue._enqueue_documents(self.browse(id_ for id_, names in changes if names & source.key_fields))
        return result

    def unlink(self):
        self.flush_recordset(self._purchase_source().key_fields)
        self.env["customer.purchase.queue"]._enqueue_documents(self)
        return super().unlink()

    @api.model
    def _select_purchases(self, join, condition):
        """The documents that are purchases, one row each: partner_id, company_id, day, amount.

        The day is that of the company's time zone: a company has one calendar, whoever looks and wherever the server
        stands. The amount is in the company's currency at the rate of the document, rounded to it.

        :param SQL join: more to join; it may refer to the document as ``document`` and to its contact as ``contact``
        :param SQL condition: which documents, and of which days (``_purchase_day``)
        """
        source = self._purchase_source()
        amount = SQL.identifier("document", source.amount)
        if source.rate:
            # Documents that were imported past the ORM may lack a rate: they are taken to be in the company's currency.
            amount = SQL("%s / COALESCE(NULLIF(%s, 0), 1)", amount, SQL.identifier("document", source.rate))
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   company.id AS company_id,
                   %(day)s AS day,
                   ROUND(COALESCE(%(amount)s, 0)::numeric, currency.decimal_places) AS amount
              FROM %(table)s document
              JOIN res_partner contact ON contact.id = %(partner)s
              JOIN res_company company ON company.id = %(company)s
              JOIN res_partner company_partner ON company_partner.id = company.partner_id
              JOIN res_currency currency ON currency.id = company.currency_id
              %(join)s
             WHERE %(state)s IN %(states)s
               AND contact.commercial_partner_id IS NOT NULL
               AND %(condition)s
            """,
            day=self._purchase_day(),
            amount=amount,
            table=SQL.identifier(self._table),
            partner=SQL.identifier("document", source.partner),
            company=SQL.identifier("document", source.company),
            state=SQL.identifier("document", source.state),
            states=source.states,
            join=join,
            condition=condition,
        )

    @api.model
    def _purchase_day(self):
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(company_partner.tz, 'UTC'))::date", self._purchase_date()
        )

    @api.model
    def _purchase_date(self):
        return SQL.identifier("document", self._purchase_source().date)
