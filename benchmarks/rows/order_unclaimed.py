"""An order with a reward that nobody claimed: confirming it deletes the promotion's card, and with core alone the database
then looks through all order lines for one that refers to it. We ship the index that it needs.
"""

from ..row import Row, Side, equal
from .order_confirmation import LINES, ORDERS, RUNS, _discount_program, confirm, prepare


def prepare_promotion(env, number):
    """A promotion for everybody, that the salesperson does not press "Reward" for."""
    wanted = prepare(env, number)
    env["loyalty.program"].sudo().create(_discount_program(env))
    return wanted


ROWS = [
    Row(
        name="order_unclaimed",
        title=f"Create and confirm {ORDERS} orders of {LINES} lines with an unclaimed reward",
        baseline=Side("Odoo alone", confirm, database="core", prepare=prepare_promotion),
        ours=Side("with our addons", confirm, prepare=prepare_promotion),
        difference=equal,
        user="bench1",
        modules=("crm_loyalty",),
        runs={**RUNS, "L": 7},
    ),
]
