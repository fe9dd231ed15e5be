from odoo import api, models
from odoo.tools import SQL, email_normalize, formataddr, split_every
from odoo.tools.mail import email_split_tuples

# Where core keeps addresses of a mail, by table. Those of the person's own tickets go with their messages.
ADDRESS_COLUMNS = {
    "mail_message": ("email_from", "reply_to", "incoming_email_to", "incoming_email_cc", "outgoing_email_to"),
    "mail_mail": ("email_to", "email_cc"),
}
BATCH = 1000


class ServiceTicket(models.Model):
    """Anonymising: an address in the mail of other people's tickets, on which the person was in copy or wrote."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _forget_addresses(self, addresses):
        result = super()._forget_addresses(addresses)
        if addresses:
            for table, columns in ADDRESS_COLUMNS.items():
                self._forget_addresses_in(table, columns, set(addresses))
        return result

    @api.model
    def _forget_addresses_in(self, table, columns, addresses):
        """Take addresses out of the mail on tickets; other people's in the same field stay.

        By SQL: nothing of a message is written about, and its author stays, who is anonymised himself.
        """
        self.env.flush_all()
        is_message = table == "mail_message"
        message = SQL("t.id") if is_message else SQL("t.mail_message_id")
        texts = SQL(", ").join(SQL("t.%s", SQL.identifier(column)) for column in columns)
        # sudo: called by _anonymise_records only, after _check_anonymise; by SQL, since mail is of anybody
        rows = self.env.execute_query(
            SQL(
                """SELECT t.id, %(texts)s FROM %(table)s t JOIN mail_message m ON m.id = %(message)s
                    WHERE m.model = 'service.ticket' AND concat_ws(' ', %(texts)s) ILIKE ANY(%(patterns)s)""",
                texts=texts,
                table=SQL.identifier(table),
                message=message,
                patterns=[f"%{address}%" for address in addresses],
            )
        )
        for some in split_every(BATCH, rows, list):
            for number, column in enumerate(columns, 1):
                values = [(row[0], self._without(row[number], addresses)) for row in some if row[number]]
                if values:
                    self.env.cr.execute(
                        SQL(
                            """UPDATE %(table)s t SET %(column)s = new.text
                                 FROM unnest(%(ids)s, %(texts)s::varchar[]) AS new(id, text) WHERE new.id = t.id""",
                            table=SQL.identifier(table),
                            column=SQL.identifier(column),
                            ids=[row_id for row_id, _text in values],
                            texts=[text for _row_id, text in values],
                        )
                    )
        self.env["mail.message"].invalidate_model()
        self.env["mail.mail"].invalidate_model()

    @api.model
    def _without(self, text, addresses):
        """A list of addresses without some of them; None when nothing is left."""
        kept = [pair for pair in email_split_tuples(text) if email_normalize(pair[1]) not in addresses]
        return ", ".join(formataddr(pair) for pair in kept) or None
