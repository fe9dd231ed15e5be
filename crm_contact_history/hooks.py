from odoo.tools import SQL, sql

from .lookup_index import leave_list

# Indexes on core's tables: Odoo forgets them when the addon goes.
INDEXES_ON_CORE_TABLES = {
    "res_partner": (
        "name_begin_lookup_idx",
        "name_words_lookup_idx",
        "name_lookup_idx",
        "name_digits_lookup_idx",
        "email_digits_lookup_idx",
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
    leave_list(env.cr)


def forget_ties(env, addon):
    """For the uninstall hook of an addon of ours: no other addon keeps a note on the mixins of its models.

    An addon that extends a mixin of Odoo's (``mail.thread``) is noted as one more owner of each model's tie to it. When the
    model goes, Odoo deletes the tie and the leaving addon's own note only.

    :param str addon: technical name of the addon that goes
    """
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data note USING ir_model_inherit tie
             WHERE note.model = 'ir.model.inherit' AND note.res_id = tie.id AND note.module <> %(addon)s
               AND tie.model_id IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.model'
                                     GROUP BY res_id HAVING MIN(module) = %(addon)s AND MAX(module) = %(addon)s)
            """,
            addon=addon,
        )
    )
