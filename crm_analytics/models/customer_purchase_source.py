from datetime import date, timedelta

from odoo import api, models, tools
from odoo.tools import SQL

from ..purchase_source import PurchasePart, at_rate_of_day, between, rounded


class CustomerPurchaseSource(models.AbstractModel):
    """Inherited by every model whose documents are purchases, such as the sale order.

    From one declaration, ``_purchase_source``, come the statements that count purchases and the hooks that note which
    figures a change touches. They sit where the ORM writes to the database, because amounts are computed fields, and
    because there the database still knows the *old* customer and day of a document that moves.
    """

    _name = "customer.purchase.source"
    _description = "Source of Purchases"

    # ------------------------------------------------------------ what counts

    @api.model
    def _purchase_source(self):
        """:returns: the PurchaseSource of this model"""
        raise NotImplementedError

    @api.model
    def _purchase_parts(self):
        """:returns: list of PurchasePart: all that this model brings to the figures"""
        return [self._documents_part()]

    @api.model
    def _purchase_parts_of(self, ids):
        """What some documents of this model touch.

        :returns: list of (PurchasePart, SQL condition)
        """
        return [(self._documents_part(), SQL("document.id = ANY(%s)", ids))]

    @api.model
    def _purchase_condition(self):
        """SQL: which ``document``s are purchases, besides what their state and their company's basis say."""
        return SQL("TRUE")

    @api.model
    def _purchase_orders(self):
        """SQL: as how many orders a ``document`` counts: 1, or 0 if it only takes money back."""
        return SQL("1")

    @api.model
    def _purchase_amount(self):
        """SQL: what a ``document`` was bought for, without taxes, in its own currency."""
        return SQL.identifier("document", self._purchase_source().amount)

    @api.model
    def _purchase_line_amount(self):
        """SQL: the same of a ``line``."""
        return SQL.identifier("line", self._purchase_source().line_amount)

    @api.model
    def _purchase_line_condition(self):
        """SQL: which lines tell what was bought."""
        return SQL("TRUE")

    def _may_be_purchase(self):
        """Whether this document, in another state, would be one. Asked of each that is written: to be cheap."""
        return True

    @api.model
    @tools.ormcache()
    def _documents_part(self):
        """The documents of this model as purchases. The alias is ``document``. Put together once: every change of a
        document asks for it.

        The day is that of the company's time zone: a company has one calendar, whoever looks and wherever the server
        stands. The amount is in the company's currency at that day's rate, rounded to it.
        """
        source = self._purchase_source()
        day = self._purchase_day()
        return PurchasePart(
            tables=SQL(
                """
                %s document
                JOIN res_partner contact ON contact.id = %s
                JOIN res_company company ON company.id = %s
                JOIN res_partner company_partner ON company_partner.id = company.partner_id
                JOIN res_currency currency ON currency.id = company.currency_id
                """,
                SQL.identifier(self._table),
                SQL.identifier("document", source.partner),
                SQL.identifier("document", source.company),
            ),
            where=SQL(
                "%s IN %s AND company.purchase_basis IN %s AND %s",
                SQL.identifier("document", source.state),
                source.states,
                source.bases,
                self._purchase_condition(),
            ),
            day=day,
            between=between(self._purchase_date(), day, self._purchase_has_time()),
            orders=self._purchase_orders(),
            amount=rounded(self._in_company_currency(self._purchase_amount(), day)),
            team=SQL.identifier("document", source.team) if source.team else SQL("NULL::int4"),
            document=SQL("document.id"),
            lines=SQL(
                "JOIN %s line ON %s = document.id AND %s",
                SQL.identifier(self.env[source.line_model]._table),
                SQL.identifier("line", source.line_parent),
                self._purchase_line_condition(),
            ),
            line_amount=rounded(self._in_company_currency(self._purchase_line_amount(), day)),
        )

    @api.model
    def _in_company_currency(self, amount, day):
        source = self._purchase_source()
        if source.currency:
            return at_rate_of_day(amount, SQL.identifier("document", source.currency), day)
        if source.rate:
            # Documents that were imported past the ORM may lack a rate: they are taken to be in the company's currency.
            return SQL("%s / COALESCE(NULLIF(%s, 0), 1)", amount, SQL.identifier("document", source.rate))
        return amount

    @api.model
    def _purchase_date(self):
        return SQL.identifier("document", self._purchase_source().date)

    @api.model
    def _purchase_has_time(self):
        return self._fields[self._purchase_source().date].type == "datetime"

    @api.model
    def _purchase_day(self):
        if not self._purchase_has_time():
            return self._purchase_date()
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(company_partner.tz, 'UTC'))::date", self._purchase_date()
        )

    # ------------------------------------------------------------ what a change touches

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        counting = records._counting()
        if counting:
            counting.flush_recordset(self._purchase_source().key_fields)
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
            (record.id, vals.keys())
            for record, vals in zip(self, vals_list, strict=True)
            if not source.watched_fields.isdisjoint(vals)
            # Where the state stays as it is, it says whether this is a purchase: most quotations cost no statement.
            and (source.state in vals or record[source.state] in source.states)
            and record._may_be_purchase()
        ]
        queue._enqueue_documents(self.browse(id_ for id_, _names in changes if id_ not in no_purchases))
        no_purchases.difference_update(id_ for id_, names in changes if source.state in names)
        result = super()._write_multi(vals_list)
        queue._enqueue_documents(self.browse(id_ for id_, names in changes if names & source.key_fields))
        return result

    @api.model
    def _enqueue_rates(self, spans):
        """Note the days on which documents in a foreign currency lie for which some rates hold.

        :param spans: list of (currency's id, company's id or None, first day or None, first day after or None)
        """
        source = self._purchase_source()
        if not source.currency:
            return
        part = self._documents_part()
        first = date.min if any(span[2] is None for span in spans) else min(span[2] for span in spans)
        after = date.max if any(span[3] is None for span in spans) else max(span[3] for span in spans)
        condition = SQL(
            """
            %(currency)s <> company.currency_id AND %(date)s > %(first)s AND %(date)s < %(after)s AND EXISTS (
                SELECT FROM (VALUES %(spans)s) span (currency_id, company_id, first, after)
                 WHERE span.currency_id IN (%(currency)s, company.currency_id)
                   AND (span.company_id IS NULL OR span.company_id = SPLIT_PART(company.parent_path, '/', 1)::int)
                   AND (span.first IS NULL OR %(day)s >= span.first) AND (span.after IS NULL OR %(day)s < span.after))
            """,
            currency=SQL.identifier("document", source.currency),
            # A range that an index on the date can find: a rate of today concerns few documents.
            date=self._purchase_date(),
            first=first - timedelta(days=2) if first > date.min else first,
            after=after + timedelta(days=2) if after < date.max else after,
            day=self._purchase_day(),
            spans=SQL(", ").join(SQL("(%s::int4, %s::int4, %s::date, %s::date)", *span) for span in spans),
        )
        self.env["customer.purchase.queue"]._enqueue([(part, condition)])

    def unlink(self):
        self.flush_recordset(self._purchase_source().key_fields)
        self.env["customer.purchase.queue"]._enqueue_documents(self._counting())
        return super().unlink()

    def _counting(self):
        """Those of these documents that are purchases by their state and kind."""
        source = self._purchase_source()
        return self.filtered(lambda record: record[source.state] in source.states and record._may_be_purchase())
