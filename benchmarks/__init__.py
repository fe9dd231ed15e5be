"""Benchmarks: data like a real trade's, and pairs of ways to the same result timed side by side.

* `data/` fills a database of Odoo's by SQL: customers, products, orders, messages;
* `rows/` holds what is compared, one file per comparison;
* `runner.py` times the two sides of a row in turns, `report.py` turns the times into a table of ratios.

`tools/bench.py` makes the databases and calls `python -m benchmarks`, which runs inside Odoo's environment.
"""
