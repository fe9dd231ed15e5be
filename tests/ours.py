"""What is ours in a loaded registry, found by introspection: a model or field that is added tomorrow is in every net."""

from tools import paths

ADDONS = (*paths.ADDONS, *paths.BRIDGES)


def models(env):
    """The concrete models that our addons bring."""
    classes = sorted(env.registry.items())
    return [env[name] for name, cls in classes if cls._original_module in ADDONS and not cls._abstract]


def fields(env):
    """(model, field) of each field that our addons define, on their own models and on Odoo's."""
    for name, cls in sorted(env.registry.items()):
        if not cls._abstract:
            for field in cls._fields.values():
                ours = cls._original_module in ADDONS or (field._modules and field._modules[0] in ADDONS)
                if ours:
                    yield env[name], field


def columns_to(env, comodel_name):
    """(model, field) of our many-to-ones to a model that are columns of a table."""
    for model, field in fields(env):
        is_column = field.type == "many2one" and field.store and field.column_type
        if is_column and field.comodel_name == comodel_name and model._auto and not model._transient:
            yield model, field


def is_given(field):
    """Whether a record is created with a value of this field (its other values follow from those given)."""
    return not field.related and not (field.compute and field.readonly)
