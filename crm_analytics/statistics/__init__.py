"""The statistics of retention, in plain numpy and scipy: nothing here knows Odoo.

Import it inside of methods only: a worker that never fits need not load scipy.

Notation of the papers. A customer is (x, t_x, T): x repeat purchases, the last of them t_x after the first purchase, and
observed for T since then (all in weeks here); m is the mean value of his repeat purchases.
"""
