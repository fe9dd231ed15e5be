"""Joins along the paths named in specs."""


def join_contact(model, query, path, alias=None):
    """Follow a path to the contact.

    :param model: the model the path starts from
    :param query: its ``Query``, to which joins are added
    :param path: ``id``, a stored many2one, a dotted path of them, or a many2many at the end
    :param alias: where the model stands in the query; its main table when not given
    :return: alias of the table and name of the column that hold the contact's id
    """
    *names, last = path.split(".")
    alias = alias or query.table
    for name in names:
        comodel = model.env[model._fields[name].comodel_name]
        alias = query.join(alias, name, comodel._table, "id", name)
        model = comodel
    field = model._fields[last]
    if field.type == "many2many":
        return query.join(alias, "id", field.relation, field.column1, last), field.column2
    return alias, last


def join_value(model, query, path):
    """Follow a path of stored many2one to a value, keeping records for which it leads nowhere.

    :return: alias of the table and name of the column that hold the value
    """
    *names, last = path.split(".")
    alias = query.table
    for name in names:
        model_at_end = model.env[model._fields[name].comodel_name]
        alias = query.left_join(alias, name, model_at_end._table, "id", name)
        model = model_at_end
    return alias, last
