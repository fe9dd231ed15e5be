from odoo import api, models
from odoo.tools import SQL


class LoyaltyCardImportRow(models.Model):
    """Which rows can be taken: each question is one statement for all rows, be they a hundred or a hundred thousand.

    Asked of the whole file before anything is imported, and of each batch again, since the world goes on meanwhile. The
    first question that a row fails refuses it.
    """

    _inherit = "loyalty.card.import.row"

    @api.model
    def _check(self, run, only=None):
        """Say of the rows of an import that are not decided yet whether they can be taken.

        :param run: ``loyalty.card.import``
        :param only: ids of the rows to look at; all of the import when not given
        """
        self.env.flush_all()
        rows = SQL("line.import_id = %s AND line.state IN ('new', 'ok')", run.id)
        questions = [
            self._refuse_taken_numbers,
            self._find_customers,
            self._refuse_unknown,
            self._refuse_members,
            self._refuse_card_holders,
        ]
        if only is None:
            # What the lines of the file say of each other does not change later.
            questions = [self._refuse_same_number, *questions, self._refuse_same_customer]
            self.env.cr.execute(SQL("ANALYZE loyalty_card_import_row"))  # PostgreSQL has not seen how many came
        else:
            rows = SQL("%s AND line.id IN %s", rows, tuple(only))
        for question in questions:
            self.env.cr.execute(question(run, rows))
        self.env.cr.execute(SQL("UPDATE loyalty_card_import_row line SET state = 'ok' WHERE %s", rows))
        self.invalidate_model()

    @staticmethod
    def _refuse(sentence, found, condition):
        """The statement that refuses rows.

        :param sentence: an SQL expression of the reason
        :param found: what the rows are joined with
        :param condition: which rows are refused
        """
        return SQL(
            "UPDATE loyalty_card_import_row line SET state = 'refused', refusal = %s FROM %s WHERE %s",
            sentence,
            found,
            condition,
        )

    @api.model
    def _refuse_same_number(self, run, rows):
        """Two lines with one number: which of them is right, nobody knows."""
        return self._refuse(
            SQL("replace(%s, '#', twin.other::text)", self.env._("Line # has the same card number.")),
            SQL(
                """(SELECT id, COALESCE(lag(number) OVER same, lead(number) OVER same) AS other
                      FROM loyalty_card_import_row WHERE import_id = %s AND card_number <> ''
                    WINDOW same AS (PARTITION BY lower(card_number) ORDER BY number)) twin""",
                run.id,
            ),
            SQL("%s AND twin.id = line.id AND twin.other IS NOT NULL", rows),
        )

    @api.model
    def _refuse_taken_numbers(self, run, rows):
        """A number belongs to one card, and is no promotion code."""
        return self._refuse(
            SQL("%s", self.env._("The card number is taken already.")),
            SQL(
                """(SELECT code FROM loyalty_card
                     UNION ALL
                    SELECT code FROM loyalty_rule WHERE mode = 'with_code' AND code IS NOT NULL) taken"""
            ),
            SQL("%s AND taken.code = line.card_number", rows),
        )

    @api.model
    def _find_customers(self, run, rows):
        """Who each row is: the one member whom reference, e-mail address and telephone number agree on.

        What finds nobody does not count. When the others agree on nobody, or on several, nobody is guessed.
        """
        member = SQL("partner.commercial_partner_id" if run.club_id.member_level == "commercial" else "partner.id")
        ours = SQL(
            "partner.active AND (partner.company_id IS NULL OR partner.company_id = %s)", run.company_id.id or None
        )
        ways = SQL(" UNION ").join(
            SQL(
                """SELECT line.id, %s AS way, %s AS member FROM loyalty_card_import_row line
                     JOIN res_partner partner ON %s = %s AND %s WHERE %s AND %s <> ''""",
                way,
                member,
                SQL.identifier("partner", column),
                SQL.identifier("line", cell),
                ours,
                rows,
                SQL.identifier("line", cell),
            )
            for way, column, cell in (
                ("reference", "ref", "reference"),
                ("email", "email_normalized", "email_normalized"),
                ("phone", "phone_sanitized", "phone_sanitized"),
            )
        )
        return SQL(
            """
            WITH hit AS MATERIALIZED (%(ways)s), asked AS (
                SELECT id, count(DISTINCT way) AS ways FROM hit GROUP BY id
            ), agreed AS (
                SELECT id, member, count(*) AS ways FROM hit GROUP BY id, member
            ), found AS (
                SELECT asked.id, count(agreed.member) AS members, min(agreed.member) AS member
                  FROM asked LEFT JOIN agreed ON agreed.id = asked.id AND agreed.ways = asked.ways GROUP BY asked.id
            )
            UPDATE loyalty_card_import_row line
               SET partner_id = CASE WHEN found.members = 1 THEN found.member END,
                   state = CASE WHEN found.id IS NULL OR found.members = 1 THEN line.state ELSE 'refused' END,
                   refusal = CASE WHEN found.members = 0 THEN %(nobody)s WHEN found.members > 1 THEN %(several)s END
              FROM loyalty_card_import_row of_row LEFT JOIN found ON found.id = of_row.id
             WHERE of_row.id = line.id AND %(rows)s
            """,
            ways=ways,
            rows=rows,
            nobody=self.env._("E-mail address, telephone number and reference belong to different customers."),
            several=self.env._("Several customers have this e-mail address, telephone number or reference."),
        )

    @api.model
    def _refuse_unknown(self, run, rows):
        """New customers are made when the import says so, and need a name."""
        if run.create_missing:
            sentence, wrong = self.env._("A new customer needs a name."), SQL("COALESCE(line.name, '') = ''")
        else:
            sentence, wrong = self.env._("No customer has this e-mail address, number or reference."), SQL("TRUE")
        return SQL(
            """UPDATE loyalty_card_import_row line SET state = 'refused', refusal = %s
                WHERE %s AND line.partner_id IS NULL AND %s""",
            sentence,
            rows,
            wrong,
        )

    @api.model
    def _refuse_same_customer(self, run, rows):
        """Two lines for one customer, known or new: one membership each, so somebody must say which card is the one."""
        keys = SQL(" UNION ALL ").join(
            SQL(
                """SELECT line.id, line.number, %s || %s AS person FROM loyalty_card_import_row line
                    WHERE line.import_id = %s AND line.state IN ('new', 'ok') AND %s""",
                kind,
                value,
                run.id,
                condition,
            )
            for kind, value, condition in (
                ("partner ", SQL("line.partner_id::text"), SQL("line.partner_id IS NOT NULL")),
                (
                    "email ",
                    SQL("line.email_normalized"),
                    SQL("line.partner_id IS NULL AND line.email_normalized <> ''"),
                ),
                ("phone ", SQL("line.phone_sanitized"), SQL("line.partner_id IS NULL AND line.phone_sanitized <> ''")),
                ("reference ", SQL("line.reference"), SQL("line.partner_id IS NULL AND line.reference <> ''")),
            )
        )
        return self._refuse(
            SQL("replace(%s, '#', twin.other::text)", self.env._("Line # is about the same customer.")),
            SQL(
                """(SELECT id, min(other) AS other FROM (
                        SELECT id, COALESCE(lag(number) OVER same, lead(number) OVER same) AS other FROM (%s) keys
                        WINDOW same AS (PARTITION BY person ORDER BY number)
                    ) others WHERE other IS NOT NULL GROUP BY id) twin""",
                keys,
            ),
            SQL("%s AND twin.id = line.id", rows),
        )

    @api.model
    def _refuse_members(self, run, rows):
        """Nobody is in a club twice."""
        return self._refuse(
            SQL("replace(%s, '#', card.code)", self.env._("The customer is a member already, with card #.")),
            SQL(
                """loyalty_membership membership JOIN loyalty_card card ON card.id = membership.card_id
                     AND membership.club_id = %s AND membership.state <> 'ended'""",
                run.club_id.id,
            ),
            SQL("%s AND membership.partner_id = line.partner_id", rows),
        )

    @api.model
    def _refuse_card_holders(self, run, rows):
        """Who was a member before has a card, and keeps it: with two, his points would be in two places."""
        return self._refuse(
            SQL("replace(%s, '#', card.code)", self.env._("The customer has card # from before: enrol him by hand.")),
            SQL("loyalty_card card"),
            SQL(
                "%s AND card.partner_id = line.partner_id AND card.active AND card.program_id = %s",
                rows,
                run.program_id.id,
            ),
        )
