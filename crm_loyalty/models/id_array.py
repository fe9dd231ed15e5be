from odoo.tools import SQL


def id_array(ids):
    """SQL: an array of ids, as one literal. A list would be as many expressions for the database to read and to plan, which
    of ten thousand takes as long as to find them.
    """
    numbers = ",".join(map(str, ids))
    return SQL("%s::int[]", f"{{{numbers}}}")
