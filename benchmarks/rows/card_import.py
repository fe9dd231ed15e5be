"""Taking over the cards that customers have in hand: a file of card numbers, e-mail addresses and points."""

import base64
import csv
import gc
import io
from pathlib import Path

from odoo.tools import split_every

from ..row import Row, Side, equal
from ..worker import _peak_memory
from .order_confirmation import _points_program

MOST, SHARE, BATCH = 100_000, 10, 1000
FIFTH = 5 * SHARE
TOLERANCE = 15_000_000  # bytes; kept in memory, 80,000 rows more would take several times as much


def card_list(env, share=SHARE):
    """The file: one in so many customers gets a card with points, 100,000 at most.

    :returns: the CSV as text, put together by the database: nothing of it stays behind in this process's memory
    """
    env.cr.execute(
        """SELECT 'card_number,email,points' || string_agg(concat(E'\\n0449', lpad(rank::text, 9, '0'), ',', email, ',',
                                                                rank %% 500), '' ORDER BY rank)
             FROM (SELECT min(partner.email_normalized) AS email, min(customer.rank) AS rank
                     FROM bench.customer JOIN res_partner partner ON partner.id = customer.partner_id
                    WHERE partner.active AND partner.email_normalized IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM res_partner other
                                       WHERE other.email_normalized = partner.email_normalized AND other.id <> partner.id)
                 GROUP BY partner.id ORDER BY 2
                    LIMIT (SELECT least(%s, count(*)) / %s FROM bench.customer)) listed""",
        [MOST * SHARE, share],
    )
    [[text]] = env.cr.fetchall()
    return text


def prepare_program(env, number):
    return env["loyalty.program"].sudo().create(_points_program(env)), card_list(env)


def prepare_club(env, number, share=SHARE):
    clubs = env["loyalty.club"].sudo()
    club = clubs._create_with_programs(
        {"name": "Bench", "company_id": env.company.id}, [], {"amount": 10, "value": 0.1}
    )
    file = base64.b64encode(card_list(env, share).encode())
    return env["loyalty.card.import"].sudo().create({"club_id": club.id, "file": file})


def create_cards(env, prepared):
    """What a programmer would write on core: customers looked up and cards created, a thousand at a time.

    :returns: number of cards, sum of their points, and a digest of who has which card with how many
    """
    program, text = prepared
    cards = env["loyalty.card"].sudo().with_context(tracking_disable=True, loyalty_no_mail=True)
    for batch in split_every(BATCH, csv.DictReader(io.StringIO(text)), list):
        partners = env["res.partner"].sudo().search([("email_normalized", "in", [row["email"] for row in batch])])
        by_email = {partner.email_normalized: partner.id for partner in partners}
        cards.create(
            [
                {
                    "program_id": program.id,
                    "code": row["card_number"],
                    "partner_id": by_email[row["email"]],
                    "points": float(row["points"]),
                }
                for row in batch
            ]
        )
        _end_of_batch(env)
    return _digest(env, program)


def import_cards(env, run):
    """Our import: read, checked, and taken with opening entries, memberships and their log.

    What comes after the cards are there is not in it, as it is not in the other side: pricing the new members' open
    quotations anew.
    """

    def go_on(*_args, **_kwargs):
        _end_of_batch(env)
        return True

    run.state = "loading"
    run._load(go_on)
    while run._take_batch():
        go_on()
    return _digest(env, run.program_id)


def prepare_fifth(env, number):
    return prepare_for_memory(env, number, FIFTH)


def prepare_for_memory(env, number, share=SHARE):
    """The same; what preparing has taken at its height does not count."""
    run = prepare_club(env, number, share)
    env.flush_all()
    Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak is what is held now
    return run


def import_as_a_server(env, run):
    """As :func:`import_cards`, with the garbage collector on.

    :returns: number of cards, and the bytes by which the process's peak has grown
    """
    peak = _peak_memory()
    gc.enable()
    cards, _points, _digest = import_cards(env, run)
    gc.disable()
    return cards, _peak_memory() - peak


def no_more_memory(fifth, all_of_them):
    """Says so when five times the rows were not taken, or took more memory than a fifth of them and a little."""
    (few, little), (many, much) = fifth, all_of_them
    if not 4 * few < many < 6 * few:
        return f"{many} cards are not five times {few}"
    return f"{much} bytes for {many} rows, {little} for {few}" if much > little + TOLERANCE else ""


def _end_of_batch(env):
    env.cr.flush()
    env.invalidate_all()


def _digest(env, program):
    env.cr.execute(
        """SELECT count(*), sum(points), md5(string_agg(concat_ws(' ', code, partner_id, points), ',' ORDER BY code))
             FROM loyalty_card WHERE program_id = %s""",
        [program.id],
    )
    return env.cr.fetchone()


ROWS = [
    Row(
        name="card_import",
        title="Import of cards, 1 for every 10 customers",
        baseline=Side("Odoo alone: customers looked up, cards created by 1,000", create_cards, "core", prepare_program),
        ours=Side(
            "read, checked, taken with ledger, memberships and log; quotations not followed",
            import_cards,
            prepare=prepare_club,
        ),
        difference=equal,
        modules=("crm_loyalty",),
        runs={"S": 3, "M": 1, "L": 1},
    ),
    Row(
        name="card_import_memory",
        title="Import of cards: all rows against a fifth of them, for the memory",
        baseline=Side("a fifth of the rows", import_as_a_server, prepare=prepare_fifth),
        ours=Side("all rows", import_as_a_server, prepare=prepare_for_memory),
        difference=no_more_memory,
        modules=("crm_loyalty",),
        runs={"S": 1, "M": 1, "L": 1},
    ),
]
