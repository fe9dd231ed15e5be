"""Odoo in this process: its configuration, and an environment on a database."""

import contextlib

import odoo
from odoo import api
from odoo.modules.registry import Registry

from tools import paths


def configure(database):
    odoo.tools.config.parse_config(
        [
            *("-c", str(paths.ODOO_CONF), "-d", database, "--max-cron-threads=0", "--no-http"),
            *("--log-level=error", "--log-handler=py.warnings:ERROR"),
        ]
    )


@contextlib.contextmanager
def environment(database, uid=api.SUPERUSER_ID):
    """An environment in a transaction of its own, undone at the end unless committed."""
    with contextlib.closing(Registry(database).cursor()) as cr:
        yield api.Environment(cr, uid, {})
