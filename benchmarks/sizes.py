"""How much data a size means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Numbers of rows; the orders' lines (about two each) and the companies' contacts come on top.

    :param customers: commercial entities: persons and companies, contacts of companies not counted
    :param runs: rounds of a row, where the row does not say another number
    """

    name: str
    customers: int
    orders: int
    messages: int
    products: int
    salespeople: int
    runs: int = 7


SIZES = {
    size.name: size
    for size in (
        Size("XS", customers=200, orders=1_000, messages=2_000, products=20, salespeople=2, runs=3),  # for the tests
        Size("S", customers=20_000, orders=100_000, messages=200_000, products=200, salespeople=5),
        Size("M", customers=100_000, orders=500_000, messages=1_000_000, products=500, salespeople=20),
        Size("L", customers=1_000_000, orders=5_000_000, messages=10_000_000, products=2_000, salespeople=100, runs=5),
    )
}
