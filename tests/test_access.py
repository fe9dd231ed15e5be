"""Every model of ours has access rights and rules, found by introspection and tried out as strangers."""

from odoo.addons.crm_contact_history.tests.record_factory import CannotMake, RecordFactory
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from tests import ours

MODES = ("read", "write", "create", "unlink")
# What outsiders read whoever they are, by design. {model: what their rule must ask of each record}.
PUBLISHED = {"service.article": [("state", "=", "published"), ("audience", "=", "public")]}


@tagged("post_install", "-at_install")
class TestAccessIsDeclared(TransactionCase):
    """What the tables of access rights and rules say."""

    def accesses(self, model):
        return self.env["ir.model.access"].search([("model_id.model", "=", model._name)])

    def rules(self, model):
        return self.env["ir.rule"].search([("model_id.model", "=", model._name)])

    def outsiders(self):
        return self.env.ref("base.group_portal") | self.env.ref("base.group_public")

    def opens_to_outsiders(self, access):
        outsiders = self.outsiders()
        return not access.group_id or bool(access.group_id & (outsiders | outsiders.all_implied_ids))

    def unsafe(self, model):
        """What is missing for a model: sentences."""
        accesses, rules = self.accesses(model), self.rules(model)
        if not accesses:
            yield f"{model._name} has no access rights"
        for access in accesses:
            if not access.group_id:
                yield f"{model._name}: the right {access.name} names no group, so it is everybody's"
            if self.opens_to_outsiders(access):
                for mode in MODES:
                    if access[f"perm_{mode}"] and not self._has_outsiders_rule(access, rules, mode):
                        yield f"{model._name}: {access.name} lets outsiders {mode}, and no rule says which records"
        if "company_id" in model._fields and not model._transient and not self._has_company_rule(rules):
            yield f"{model._name} has a company and no rule for it"

    def _has_outsiders_rule(self, access, rules, mode):
        return any(
            rule[f"perm_{mode}"] and access.group_id & rule.groups and self._says_which(rule, mode) for rule in rules
        )

    def _says_which(self, rule, mode):
        """The user's own records, or those published for everybody: these are read, and nothing more."""
        if rule.model_id.model in PUBLISHED:
            return mode == "read" and safe_eval(rule.domain_force or "[]") == PUBLISHED[rule.model_id.model]
        return "user." in (rule.domain_force or "")

    def _has_company_rule(self, rules):
        """A rule for all (groups only ever add what they may see) that reads every operation's records by company."""
        return any(
            not rule.groups and "company_id" in rule.domain_force and "company_ids" in rule.domain_force
            and all(rule[f"perm_{mode}"] for mode in MODES)
            for rule in rules
        )  # fmt: skip

    def test_every_model_has_access_rights_and_rules(self):
        sentences = [sentence for model in ours.models(self.env) for sentence in self.unsafe(model)]
        self.assertFalse(sentences, "\n" + "\n".join(sentences))

    def test_every_rule_of_ours_evaluates(self):
        user = self.env.ref("base.user_admin")
        for rule in self.env["ir.rule"].search(
            [("model_id.model", "in", [model._name for model in ours.models(self.env)])]
        ):
            names = self.env["ir.rule"].with_user(user)._eval_context()
            domain = safe_eval(rule.domain_force or "[]", names)
            self.env[rule.model_id.model].search(domain, limit=1)

    def test_the_net_finds_a_model_without_rights(self):
        model = self.env["res.partner.grade"]
        self.accesses(model).unlink()
        self.assertIn("res.partner.grade has no access rights", list(self.unsafe(model)))

    def test_the_net_finds_a_model_open_to_everybody(self):
        model = self.env["loyalty.card"]
        self.accesses(model).group_id = False
        self.assertIn("names no group", " ".join(self.unsafe(model)))

    def test_the_net_finds_a_portal_right_without_a_rule(self):
        model = self.env["loyalty.card"]
        self.accesses(model)[0].write({"group_id": self.env.ref("base.group_portal").id, "perm_write": True})
        self.assertIn("lets outsiders write", " ".join(self.unsafe(model)))

    def test_the_net_finds_a_published_model_that_is_opened_wider(self):
        model = self.env["service.article"]
        self.assertFalse(list(self.unsafe(model)))
        rights = self.accesses(model).filtered(lambda access: access.group_id <= self.outsiders())
        self.assertEqual(rights.group_id, self.outsiders())
        rights.perm_write = True
        self.assertIn("lets outsiders write", " ".join(self.unsafe(model)))
        rights.perm_write = False
        rule = self.env.ref("crm_service_desk.service_article_rule_public")
        rule.domain_force = [("state", "=", "published")]
        self.assertIn("lets outsiders read", " ".join(self.unsafe(model)))

    def test_the_net_finds_a_missing_company_rule(self):
        model = self.env["loyalty.program"]
        self.assertNotIn("no rule for it", " ".join(self.unsafe(model)))
        self.rules(model).unlink()
        self.assertIn("loyalty.program has a company and no rule for it", list(self.unsafe(model)))


@tagged("post_install", "-at_install")
class TestAccessIsKept(TransactionCase):
    """What strangers see of a record of each model: another customer, a passer-by, an employee of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factory = RecordFactory(cls.env)
        cls.company = cls.env["res.company"].create({"name": "Toko Sebelah"})
        # The ledger takes no company later: what hangs on an entry hangs on one of this company.
        cls.factory.make("loyalty.ledger.entry", company_id=cls.env.company.id)
        quiet = {"no_reset_password": True, "tracking_disable": True}
        cls.portal = new_test_user(cls.env, "stranger at the portal", "base.group_portal", context=quiet)
        cls.public = cls.env.ref("base.public_user")
        groups = cls.env["res.groups"].search([("id", "in", cls._our_groups())])
        cls.elsewhere = new_test_user(
            cls.env, "manager elsewhere", "base.group_user", context=quiet, company_id=cls.company.id,
            group_ids=(groups | cls.env.ref("base.group_user")).ids,
        )  # fmt: skip

    @classmethod
    def _our_groups(cls):
        """All groups that any of our models is open to, outsiders' apart: nobody in the other company may do more."""
        names = [model._name for model in ours.models(cls.env)]
        groups = cls.env["ir.model.access"].search([("model_id.model", "in", names)]).group_id
        outsiders = cls.env.ref("base.group_portal") | cls.env.ref("base.group_public")
        return (groups - outsiders).ids

    def samples(self):
        """A record of each model that holds any, of a contact that is nobody's here."""
        somebody = {"name": "Somebody else", "email": "else@kopi.example"}
        for model in ours.models(self.env):
            if model._auto and not model._transient:
                given = {
                    name: self.factory.contacts_for(field, [somebody]).id
                    for name, field in model._fields.items()
                    if field.type == "many2one"
                    and field.comodel_name == "res.partner"
                    and field.store
                    and ours.is_given(field)
                }
                company = model._fields.get("company_id")
                if company and company.store and ours.is_given(company) and not company.compute:
                    given["company_id"] = self.env.company.id
                try:
                    yield self.factory.make(model._name, **given)
                except CannotMake as cause:
                    self.fail(f"{model._name}: no record can be made to try it: {cause}")

    def reached(self, record, user):
        """How a user gets at a record that is not for him: the operations."""
        mine = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        reached = [mode for mode in MODES if mode != "create" and mine.has_access(mode)]
        try:
            if mine.with_context(active_test=False).search([("id", "=", record.id)]):
                reached.append("search")
        except AccessError:
            pass
        return reached

    def test_another_customer_and_a_passer_by_reach_no_record(self):
        for record in self.samples():
            for user in (self.portal, self.public):
                # What the portal shows to everybody by design names its reason in a rule of its own, not here.
                self.assertFalse(self.reached(record, user), f"{user.name} reaches {record}")

    def test_another_company_reaches_no_record(self):
        for record in self.samples():
            if "company_id" in record._fields:
                if not record.company_id:
                    record.company_id = self.env.company
                    record.invalidate_recordset(["company_id"])
                self.assertTrue(record.company_id, f"{record._name} takes no company, so nothing is tried")
                self.assertFalse(self.reached(record, self.elsewhere), f"another company reaches {record}")

    def test_the_net_finds_an_open_record(self):
        country = self.env["res.country"].search([], limit=1)
        self.assertIn("read", self.reached(country, self.portal))
        self.assertIn("search", self.reached(country, self.elsewhere))
