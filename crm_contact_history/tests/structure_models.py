"""Structural checks of models and fields."""

from .structure_base import ANSWERS, StructureBase


class ModelStructure(StructureBase):
    __test__ = False

    # Names that break the rule for a reason: {"model.field": "the reason"}.
    names_allowed = {}

    def new(self, model):
        """What a form holds before the first key is pressed."""
        return model.new(model.default_get([name for name, field in model._fields.items() if field.store]))

    def test_the_addon_is_looked_at(self):
        """A net that finds nothing to look at must not pass for a whole one."""
        self.assertTrue(list(self.own_fields), f"no field of {self.addon} was found")

    def test_every_model_says_what_it_is(self):
        for model in self.own_models:
            self.expect(
                model._description and model._description != model._name,
                f"{model._name} has no _description of its own",
            )
        self.assert_no_findings()

    def test_every_field_has_a_label_and_a_name_that_tells_its_kind(self):
        endings = {"many2one": ("_id", "_uid"), "one2many": ("_ids",), "many2many": ("_ids",)}
        fields = list(self.own_new_fields)
        for _model, field in fields:
            self.expect(field.string and field.string.strip(), f"{field} has no label")
            if str(field) not in self.names_allowed:
                ending = endings.get(field.type, ("",))
                self.expect(field.name.endswith(ending), f"{field} is a {field.type}: its name ends in {ending[0]}")
                self.expect(
                    field.relational
                    or field.type in ("many2one_reference", "integer")
                    or not field.name.endswith(("_id", "_ids")),
                    f"{field} is a {field.type}: its name promises a relation",
                )
        self.assert_no_findings()

    def test_every_allowed_name_is_still_there(self):
        known = {str(field) for _model, field in self.own_new_fields}
        for name in self.names_allowed:
            self.expect(name in known, f"{name} is allowed an odd name, but is no field of {self.addon}")
        self.assert_no_findings()

    def test_every_selection_offers_something(self):
        fields = [(model, field) for model, field in self.own_fields if field.type == "selection"]
        for _model, field in fields:
            with self.trying(f"{field}"):
                options = field._description_selection(self.env)
                assert options, "offers nothing"
                assert all(label for _value, label in options), f"has an option without a label: {options}"
        self.assert_no_findings()

    def test_every_relation_leads_to_a_model_and_back(self):
        fields = [(model, field) for model, field in self.own_fields if field.relational]
        for _model, field in fields:
            self.expect(field.comodel_name in self.env, f"{field} points to {field.comodel_name}, which is no model")
            if field.type == "one2many" and field.inverse_name:
                inverse = self.env[field.comodel_name]._fields.get(field.inverse_name)
                self.expect(
                    inverse is not None and inverse.type in ("many2one", "many2one_reference", "integer"),
                    f"{field} is the other side of {field.comodel_name}.{field.inverse_name}, which is no many2one",
                )
        self.assert_no_findings()

    def test_every_model_is_read_with_all_its_fields(self):
        """A report model's query that lacks a column is found here."""
        for model in self.own_concrete_models:
            with self.trying(f"reading {model._name}"):
                stored = [name for name, field in model._fields.items() if field.store and field.column_type]
                model.search_fetch([], stored, limit=1)
                model.search([], limit=1).read()
                model._read_group([], [], ["__count"])
        self.assert_no_findings()

    def test_every_compute_works_on_no_record_and_on_a_new_one(self):
        fields = [(model, field) for model, field in self.own_fields if field.compute and not field.related]
        for model, field in fields:
            with self.trying(f"computing {field} on no record"):
                field.compute_value(model)
            with self.trying(f"computing {field} on a new record"):
                self.new(model)[field.name]
        self.assert_no_findings()

    def test_every_inverse_works_on_no_record(self):
        fields = [(model, field) for model, field in self.own_fields if field.inverse and not field.related]
        for model, field in fields:
            with self.trying(f"the inverse of {field} on no record"):
                field.determine_inverse(model)
        self.assert_no_findings()

    def test_every_searchable_field_answers_a_search(self):
        """The common questions of filters: is it set, is it this, is it one of these."""
        fields = [(model, field) for model, field in self.own_fields if field._description_searchable]
        for model, field in fields:
            if field.type in ("binary", "json", "properties", "properties_definition", "reference"):
                continue
            value = 1 if field.type in ("integer", "float", "monetary", "many2one", "one2many", "many2many") else False
            for operator, operand in (("=", False), ("!=", False), ("in", [value])):
                # Odoo tells a field that knows no such question by these: the client shows it to the user.
                with self.trying(f"searching {model._name} for {field.name} {operator} {operand}", answers=ANSWERS):
                    model.search([(field.name, operator, operand)], limit=1)
        self.assert_no_findings()

    def test_every_model_gives_defaults_to_those_who_may_create(self):
        for model in self.own_concrete_models:
            for who, user in {"the administrator": self.admin, **self.viewers}.items():
                mine = model.with_user(user)
                if mine.has_access("create"):
                    with self.trying(f"defaults of {model._name} for {who}"):
                        mine.default_get(
                            [name for name in mine._fields if mine._has_field_access(mine._fields[name], "read")]
                        )
        self.assert_no_findings()

    def test_every_onchange_works_on_a_new_record(self):
        seen = set()
        for model in (self.env[name] for name in self.registry):
            if model._abstract:
                continue
            for methods in model._onchange_methods.values():
                for method in methods:
                    # A related or computed field's own onchange is a partial of Odoo's: no name, no concern of ours.
                    name, defined_by = getattr(method, "__name__", ""), getattr(method, "__module__", "")
                    if defined_by.startswith(f"odoo.addons.{self.addon}.") and (model._name, name) not in seen:
                        seen.add((model._name, name))
                        with self.trying(f"onchange {name} of a new {model._name}", answers=ANSWERS):
                            getattr(self.new(model), name)()
        self.assert_no_findings()
