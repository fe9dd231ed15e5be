"""Points expire: one lot for each customer, all over at once, as on the first night after a year with rounded expiry.

The floor is one bare statement that does the same to the ledger and the cards, for all lots in one go: nobody could stop
it half-way. Ours goes in batches, each of which is committed by the scheduled job (not here) and found again by the next
run; it locks the cards and leaves those on which somebody works.
"""

from datetime import date, timedelta

from odoo import fields
from odoo.tools import SQL

from ..row import Row, Side, equal

POINTS, SPENT = 10, 4  # of each lot; every third one is spent in part


def prepare(env, number):
    """Cards and lots that were over yesterday: as many as customers.

    :returns: ids of the program and of its company
    """
    club = env["loyalty.club"]._create_with_programs(
        {"name": "Bench", "company_id": env.company.id}, [], {"amount": 10, "value": 0.1}
    )
    program = club.program_id
    env.flush_all()
    values = {
        "program": program.id,
        "company": program.company_id.id,
        "over": fields.Date.today() - timedelta(days=2),
        "points": POINTS,
        "spent": SPENT,
    }
    for query in (
        """INSERT INTO loyalty_card (program_id, company_id, partner_id, code, points, active)
           SELECT %(program)s, %(company)s, partner_id, '043' || lpad(partner_id::text, 10, '0'),
                  %(points)s - CASE WHEN partner_id %% 3 = 0 THEN %(spent)s ELSE 0 END, true FROM bench.customer""",
        """INSERT INTO loyalty_ledger_entry (card_id, card_code, program_id, partner_id, company_id, date, kind, points,
                                             pending, expires_on, user_id)
           SELECT id, code, program_id, partner_id, company_id, now(), 'gift', %(points)s, 0, %(over)s, 1
             FROM loyalty_card WHERE program_id = %(program)s""",
        """INSERT INTO loyalty_ledger_entry (card_id, card_code, program_id, partner_id, company_id, date, kind, points,
                                             pending, user_id)
           SELECT id, code, program_id, partner_id, company_id, now(), 'redeem', -%(spent)s, 0, 1
             FROM loyalty_card WHERE program_id = %(program)s AND partner_id %% 3 = 0""",
        """INSERT INTO loyalty_ledger_allocation (entry_id, lot_id, points)
           SELECT debit.id, lot.id, %(spent)s FROM loyalty_ledger_entry debit
             JOIN loyalty_ledger_entry lot ON lot.card_id = debit.card_id AND lot.points > 0
            WHERE debit.program_id = %(program)s AND debit.points < 0""",
    ):
        env.cr.execute(SQL(query, **values))
    env.cr.execute("ANALYZE loyalty_card, loyalty_ledger_entry, loyalty_ledger_allocation")
    return program.id, program.company_id.id


def bare(env, prepared):
    """All lots in one statement.

    :returns: entries written, their points, and what is left on the cards
    """
    program, company = prepared
    env.cr.execute(
        SQL(
            """
            WITH open AS (
                SELECT lot.id, lot.card_id, lot.points - COALESCE(taken.points, 0) AS points
                  FROM loyalty_ledger_entry lot
             LEFT JOIN (SELECT lot_id, sum(points) AS points FROM loyalty_ledger_allocation GROUP BY lot_id) taken
                    ON taken.lot_id = lot.id
                 WHERE lot.company_id = %s AND lot.points > COALESCE(taken.points, 0) AND lot.expires_on < %s
            ), entries AS (
                INSERT INTO loyalty_ledger_entry (card_id, card_code, program_id, partner_id, company_id, date, kind,
                                                  points, pending, user_id, source_key)
                SELECT card.id, card.code, card.program_id, card.partner_id, card.company_id, now(), 'expire',
                       -open.points, 0, 1, 'expire/' || open.id
                  FROM open JOIN loyalty_card card ON card.id = open.card_id
             RETURNING id, card_id, points, source_key
            ), taken AS (
                INSERT INTO loyalty_ledger_allocation (entry_id, lot_id, points)
                SELECT entries.id, open.id, open.points FROM entries
                  JOIN open ON entries.source_key = 'expire/' || open.id
            )
            UPDATE loyalty_card SET points = loyalty_card.points + change.points::float8
              FROM (SELECT card_id, sum(points) AS points FROM entries GROUP BY card_id) change
             WHERE loyalty_card.id = change.card_id
            """,
            company,
            fields.Date.today(),
        )
    )
    return _state(env, program)


def in_batches(env, prepared):
    """As the scheduled job does it, without its commits."""
    program, company = prepared
    ledger, after = env["loyalty.ledger.entry"], (date.min, 0)
    while after:
        _lots, after = ledger._expire_batch(env["res.company"].browse(company), fields.Date.today(), after)
    return _state(env, program)


def _state(env, program):
    env.cr.execute(
        SQL(
            """SELECT count(*), sum(points)::float8, (SELECT sum(points) FROM loyalty_card WHERE program_id = %s)
                 FROM loyalty_ledger_entry WHERE program_id = %s AND kind = 'expire'""",
            program,
            program,
        )
    )
    return env.cr.fetchone()


ROWS = [
    Row(
        name="points_expiry",
        title="Points of all members expire, one lot each",
        baseline=Side("one bare statement for all", bare, prepare=prepare),
        ours=Side("in batches that can be resumed", in_batches, prepare=prepare),
        difference=equal,
        modules=("crm_loyalty",),
        runs={"XS": 3, "S": 7, "M": 3, "L": 1},
    ),
]
