"""Evaluating the tiers of all members: against the bare sum, and the night in which few have changed against all.

Every customer is a member. The data end on a fixed day, so all of time counts: more orders than in 12 months.
"""

import contextlib

import psycopg2
from odoo.tools import SQL

from ..data import bulk
from ..row import Row, Side, equal

NAME = "Bench of tiers"
THRESHOLDS = {"Gold": 50_000_000, "Silver": 10_000_000, "Green": 0}
CHANGED = 100  # one member in so many has bought something since the last evaluation
MOVES = 2_000  # one in so many comes to the best tier by it: one in twenty of those who bought


def setup(env):
    """A club with all customers in it, evaluated. Kept, and no other row's concern: it begins in a far future, which
    evaluating does not ask for, all of time being counted."""
    if env["loyalty.club"].search([("name", "=", NAME)]):
        return
    club = env["loyalty.club"]._create_with_programs(
        {"name": NAME, "company_id": env.company.id, "qualification_period": "lifetime"},
        [{"name": name, "discount": 0} for name in THRESHOLDS],
        {"amount": 10_000, "value": 100},
    )
    for tier in club.tier_ids:
        tier.threshold = THRESHOLDS[tier.name]
    club.qualification_metric = "spend"
    env.flush_all()
    _enrol_all(env, club)
    _as_evaluated(env, club)


def prepare(env, number):
    """What has happened since: some members have one more order each. In the transaction of the round.

    :returns: the id of the club
    """
    club = env["loyalty.club"].sudo().search([("name", "=", NAME)])
    moves = SQL("member.partner_id %% %s = %s", MOVES, number % CHANGED)
    values = {
        "partner_id": SQL("member.partner_id"),
        "date_order": SQL("now()"),
        "amount_untaxed": SQL("CASE WHEN %s THEN %s ELSE one.amount_untaxed END", moves, max(THRESHOLDS.values())),
    }
    names = [name for name in bulk.columns(env.cr, "sale_order") if name != "id"]
    env.cr.execute(
        SQL(
            """
            INSERT INTO sale_order (%s)
            SELECT %s FROM loyalty_membership member
              JOIN (SELECT * FROM sale_order WHERE state = 'sale' ORDER BY id LIMIT 1) one ON TRUE
             WHERE member.club_id = %s AND %s
            """,
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values.get(name, SQL.identifier("one", name)) for name in names),
            club.id,
            _has_changed(number),
        )
    )
    env.cr.execute("DELETE FROM loyalty_tier_queue")
    env.invalidate_all()
    _written_back()
    return club.id


def _written_back():
    """What was just prepared is written to disk, as by night is what happened by day: else whoever is measured next writes it,
    page by page, to make room for what he reads. Only our own server lets us ask for that."""
    with contextlib.suppress(psycopg2.Error):
        connection = psycopg2.connect(user="postgres", dbname="postgres")
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")


def _has_changed(number):
    return SQL("member.partner_id %% %s = %s", CHANGED, number % CHANGED)


def _enrol_all(env, club):
    """Straight into the tables: how members join is measured elsewhere."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO loyalty_card (program_id, partner_id, code, points, active, company_id)
            SELECT %s, partner_id, 'bench-' || partner_id, 0, TRUE, %s FROM bench.customer
            """,
            club.program_id.id,
            club.company_id.id,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO loyalty_membership (partner_id, commercial_partner_id, club_id, company_id, tier_id, tier_since,
                                            card_id, state, way_in, date_start, qualified_value)
            SELECT card.partner_id, card.partner_id, %s, %s, %s, %s, card.id, 'running', 'import', %s, 0
              FROM loyalty_card card WHERE card.program_id = %s
            """,
            club.id,
            club.company_id.id,
            club._entry_tier().id,
            club._today(),
            "2999-01-01",
            club.program_id.id,
        )
    )
    env.cr.execute("ANALYZE loyalty_card")
    env.cr.execute("ANALYZE loyalty_membership")


def _as_evaluated(env, club):
    """As an evaluation would leave it: the first one of all members is not what is measured."""
    today = club._today()
    env.cr.execute(
        SQL(
            """
            UPDATE loyalty_membership member
               SET qualified_value = done.value, qualified_on = %s,
                   tier_id = (%s)[1 + %s],
                   review_date = CASE WHEN %s < %s THEN %s::date + interval '1 year' END
              FROM (%s) done WHERE done.id = member.id
            """,
            today,
            SQL("ARRAY[%s]", SQL(", ").join(SQL("%s", tier) for tier, _threshold in club._tier_rules().tiers)),
            club._earned_sql(SQL("done.value")),
            club._earned_sql(SQL("done.value")),
            len(THRESHOLDS) - 1,
            today,
            club._current_values(today),
        )
    )
    env.cr.execute(
        "UPDATE res_partner SET grade_id = tier_id FROM loyalty_membership WHERE partner_id = res_partner.id"
    )
    env.cr.execute("ANALYZE loyalty_membership")
    env.cr.execute("DELETE FROM loyalty_tier_queue")


def prepare_night(env, number):
    """The same; those who have changed wait in the queue, as their orders have put them there."""
    club_id = prepare(env, number)
    club = env["loyalty.club"].sudo().browse(club_id)
    club._queue_those(_has_changed(number))
    club.tiers_evaluated_on = club._today()
    env.flush_all()
    return club_id


def bare_sum(env, club_id):
    """What anybody would write to know what the members have spent.

    :returns: how many have spent anything, and how much they have spent in all
    """
    env.cr.execute(
        """
        WITH credited AS (
            SELECT line.order_id, sum(note_line.price_subtotal) AS amount
              FROM account_move note
              JOIN account_move_line note_line ON note_line.move_id = note.id
              JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = note_line.id
              JOIN sale_order_line line ON line.id = link.order_line_id
             WHERE note.move_type = 'out_refund' AND note.state = 'posted'
          GROUP BY line.order_id
        )
        SELECT count(*) FILTER (WHERE value <> 0), sum(value) FROM (
            SELECT member.id, sum(sale_order.amount_untaxed - COALESCE(credited.amount, 0)) AS value
              FROM loyalty_membership member
              JOIN res_partner customer ON customer.commercial_partner_id = member.partner_id
              JOIN sale_order ON sale_order.partner_id = customer.id AND sale_order.state = 'sale'
         LEFT JOIN credited ON credited.order_id = sale_order.id
             WHERE member.club_id = %s AND member.state = 'running'
          GROUP BY member.id
        ) spent
        """,
        [club_id],
    )
    [(count, value)] = env.cr.fetchall()
    return count, round(float(value))


def in_full(env, club_id):
    """All members by one aggregate; those who differ are written, with all that follows."""
    env = env(su=True)
    env["loyalty.club"].browse(club_id)._queue_differing()
    env["loyalty.tier.queue"]._drain()
    env.cr.flush()
    return _stored(env, club_id)


def the_night(env, club_id):
    """Whose day has come, and who has changed."""
    env = env(su=True)
    env["loyalty.club"].browse(club_id)._queue_the_day()
    env["loyalty.tier.queue"]._drain()
    env.cr.flush()
    return ()


def full_night(env, club_id):
    in_full(env, club_id)
    return ()


def _stored(env, club_id):
    env.flush_all()
    env.cr.execute(
        "SELECT count(*) FILTER (WHERE qualified_value <> 0), sum(qualified_value) FROM loyalty_membership WHERE club_id = %s",
        [club_id],
    )
    [(count, value)] = env.cr.fetchall()
    return count, round(float(value))


ROWS = [
    Row(
        name="tiers_full",
        title="Evaluate the tiers of all members",
        baseline=Side("the bare sum, nothing written", bare_sum, prepare=prepare),
        ours=Side("tiers, values, reviews, log and what follows", in_full, prepare=prepare),
        difference=equal,
        user="bench1",
        modules=("crm_loyalty",),
        setup=setup,
    ),
    Row(
        name="tiers_night",
        title="The night, when 1 % of the members have changed",
        baseline=Side("all members evaluated", full_night, prepare=prepare),
        ours=Side("those who changed", the_night, prepare=prepare_night),
        difference=equal,
        user="bench1",
        modules=("crm_loyalty",),
        setup=setup,
    ),
]
