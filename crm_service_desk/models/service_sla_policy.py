from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .sla_clock import Plan

# As on the ticket, in rising order.
SEVERITIES = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")]
SEVERITY_RANK = {code: rank for rank, (code, _label) in enumerate(SEVERITIES)}


class Facts(NamedTuple):
    """What of a ticket decides on its policy."""

    company: int
    team: int
    type: str
    severity: int
    priority: int
    categories: frozenset  # its category and those above it
    tags: frozenset


class Target(NamedTuple):
    """A target as the clocks need it."""

    id: int
    policy: int
    metric: str
    hours: float
    pauses: frozenset
    warning_share: float | None  # part of the time after which to warn, None for never
    escalates: bool

    def plan(self, since, calendar):
        return Plan(since, self.hours, calendar, self.pauses)


class Rule(NamedTuple):
    """A policy as the matching needs it. What is empty admits everything."""

    id: int
    company: int
    teams: frozenset
    categories: frozenset
    type: str
    severity: int
    priority: int
    tags: frozenset
    targets: tuple

    def matches(self, facts):
        return (
            self.company in (False, facts.company)
            and (not self.teams or facts.team in self.teams)
            and self.type in (False, facts.type)
            and facts.severity >= self.severity
            and facts.priority >= self.priority
            and (not self.categories or bool(self.categories & facts.categories))
            and (not self.tags or bool(self.tags & facts.tags))
        )


class ServiceSlaPolicy(models.Model):
    """What we promise for which tickets.

    A ticket has one policy: **the first in the list that matches**. There is no score of "most specific", which nobody
    can predict once a policy names a team and another one a category: the list is dragged into order, the special cases
    above the general ones. A policy without targets is a promise of nothing, and so an exception from those below it.

    Changing a policy does not change what was promised already: clocks keep the hours with which they were planned, until
    the ticket is reclassified.
    """

    _name = "service.sla.policy"
    _description = "SLA Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first policy that matches a ticket is its policy.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Leave empty for all companies."
    )
    # A policy would apply to everything when the last of what it is limited to is deleted: that is refused.
    team_ids = fields.Many2many(
        "service.team", string="Teams", ondelete="restrict", check_company=True, help="Leave empty for all teams."
    )
    category_ids = fields.Many2many(
        "service.category",
        string="Categories",
        ondelete="restrict",
        check_company=True,
        help="With all their parts. Leave empty for tickets of any category, or of none.",
    )
    type = fields.Selection(
        [("complaint", "Complaint"), ("question", "Question"), ("request", "Request")],
        help="Leave empty for all types.",
    )
    severity = fields.Selection(SEVERITIES, string="Severity at Least", help="Leave empty for all.")
    priority = fields.Selection(
        [("1", "Raised"), ("2", "High"), ("3", "Urgent")], string="Priority at Least", help="Leave empty for all."
    )
    partner_tag_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        ondelete="restrict",
        help="The customer, or his account, has one of them. Leave empty for all customers.",
    )
    target_ids = fields.One2many("service.sla.target", "policy_id", string="Targets", copy=True)
    target_summary = fields.Char(string="Promises", compute="_compute_target_summary")

    @api.depends("target_ids.metric", "target_ids.hours")
    def _compute_target_summary(self):
        for policy in self:
            policy.target_summary = ", ".join(policy.target_ids.mapped("display_name"))

    # ------------------------------------------------------------ matching

    @api.model
    @tools.ormcache()
    def _rules(self):
        """All active policies, in their order, as :class:`Rule` objects: for matching without a query."""
        # sudo: whichever policy matches does not depend on who files the ticket; nothing of it is shown
        return tuple(policy._rule() for policy in self.sudo().with_context({}).search(Domain.TRUE))  # pylint: disable=context-overridden

    @api.model
    @tools.ormcache()
    def _targets(self):
        """Every target, also of archived policies: {id: :class:`Target`}."""
        # sudo: as in _rules
        targets = self.env["service.sla.target"].sudo().with_context(active_test=False).search(Domain.TRUE)
        return {target.id: target._as_target() for target in targets}

    def _rule(self):
        self.ensure_one()
        return Rule(
            id=self.id,
            company=self.company_id.id,
            teams=frozenset(self.team_ids.ids),
            categories=frozenset(self.category_ids.ids),
            type=self.type,
            severity=SEVERITY_RANK.get(self.severity, -1),
            priority=int(self.priority or 0),
            tags=frozenset(self.partner_tag_ids.ids),
            targets=tuple(target._as_target() for target in self.target_ids),
        )

    @api.model
    def _match(self, facts):
        """The targets of the first policy that matches: {metric: :class:`Target`}; empty when none does."""
        for rule in self._rules():
            if rule.matches(facts):
                return {target.metric: target for target in rule.targets}
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def action_open_clocks(self):
        """The clocks that run, or ran, by this policy."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_service_desk.service_sla_clock_action")
        return action | {"display_name": self.name, "domain": [("policy_id", "=", self.id)], "context": {}}
