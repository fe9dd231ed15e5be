from odoo.tools import SQL


def id_array(ids):
    """SQL: an array of ids, as one literal. A list would be as many expressions for the database to read and to plan, which
    of ten thousand takes as long as to find them.

    :param ids: a collection of ids, or the text of such an array, as the database has told it
    """
    return SQL("%s::int[]", ids if isinstance(ids, str) else f"{{{','.join(map(str, ids))}}}")


def number_of(ids):
    """:param ids: see :func:`id_array`; of texts, those of arrays that are not empty"""
    return ids.count(",") + 1 if isinstance(ids, str) else len(ids)
