from odoo.tools import sql

# Indexes on core's tables: Odoo forgets them when the addon goes.
INDEXES_ON_CORE_TABLES = {
    "res_partner": (
        "name_begin_lookup_idx",
        "name_words_lookup_idx",
        "name_lookup_idx",
        "email_begin_lookup_idx",
        "email_lookup_idx",
        "phone_end_lookup_idx",
        "phone_lookup_idx",
        "phone_typed_lookup_idx",
        "ref_lookup_idx",
        "vat_lookup_idx",
    ),
}


def post_init_hook(env):
    """Fill the history from the orders and mail that exist already."""
    env["contact.history.rebuild"]._backfill()


def uninstall_hook(env):
    for table, names in INDEXES_ON_CORE_TABLES.items():
        for name in names:
            sql.drop_index(env.cr, f"{table}_{name}", table)
