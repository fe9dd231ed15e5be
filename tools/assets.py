"""The scripts and styles of the pages that tours open, made once and kept, as Odoo's own test runs do.

Made within a test they would be rolled back with it, and every tour would make them again. The templates of databases
hold them already; what has changed since then is made again by whoever runs tours.
"""

import sys

from . import odoo_run, paths
from .run import quiet

# Of all bundles: those of the web client and of the portal, and ours.
OPENED = ("web.", *(f"{addon}." for addon in (*paths.ADDONS, *paths.BRIDGES)))
# Of Odoo's own suites, and large.
NO_TOUR_OPENS = {"web.assets_unit_tests", "web.assets_unit_tests_setup", "web.tests_assets", "web.qunit_suite_tests"}


def keep(database):
    """Make them in a process of its own, where no Odoo is running yet."""
    quiet([paths.venv_python(), "-m", "tools.assets", database], "assets", cwd=paths.ROOT, env=odoo_run.environment())


def make(qweb):
    """Make those that are not there, or not as they are on the disk now.

    :param qweb: the model ``ir.qweb``, with rights on everything
    """
    scripts, styles = (
        sorted(name for name in names - NO_TOUR_OPENS if name.startswith(OPENED))
        for names in qweb._get_bundles_to_pregenarate()
    )
    for name in scripts:
        qweb._get_asset_bundle(name, css=False, js=True).js()
    for name in styles:
        qweb._get_asset_bundle(name, css=True, js=False).css()


def main(database):
    import odoo
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", str(paths.ODOO_CONF), "-d", database, "--log-level=warn", "--no-http"])
    with Registry(database).cursor() as cursor:
        make(api.Environment(cursor, SUPERUSER_ID, {})["ir.qweb"])


if __name__ == "__main__":
    main(*sys.argv[1:])
