from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_sla_policy import Target

METRICS = [
    ("acknowledge", "Acknowledgement"),
    ("first_answer", "First answer"),
    ("next_answer", "Next answer"),
    ("resolve", "Resolution"),
]


class ServiceSlaTarget(models.Model):
    """One promise of a policy: what is done within how many working hours, and who hears of it when it is not.

    * *Acknowledgement*: from the receipt until the customer can see that we know: the acknowledgement goes out, a person
      answers, takes the ticket up (which the portal shows), or wrote it down while talking to him.
    * *First answer*: from the receipt until the first public message of a person of ours.
    * *Next answer*: from the customer's first message that waits, until the next public message of a person of ours.
    * *Resolution*: from the receipt until the ticket is resolved or closed. Opened again, the clock goes on; the time in
      between does not count.
    """

    _name = "service.sla.target"
    _description = "SLA Target"
    _order = "policy_id, id"

    policy_id = fields.Many2one("service.sla.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id")
    metric = fields.Selection(METRICS, string="Promise", required=True, default="first_answer")
    hours = fields.Float(required=True, default=8, help="Working hours of the team.")
    pause_customer = fields.Boolean(
        string="Pauses for Customer", default=True, help="The clock stands while the ticket waits for the customer."
    )
    pause_third_party = fields.Boolean(
        string="Pauses for Third Party", help="The clock stands while the ticket waits for a third party."
    )
    warning = fields.Selection(
        [("none", "No warning"), ("share", "Percent of the time left"), ("hours", "Working hours before")],
        required=True,
        default="share",
        help="Whoever the ticket is assigned to is warned: an activity, and the ticket is marked “at risk”.",
    )
    warning_before = fields.Float(string="Warn at", default=25)
    escalate_leader = fields.Boolean(string="Tell the Leader", default=True, help="The leader of the ticket's team.")
    escalation_user_ids = fields.Many2many(
        "res.users", string="Tell Also", domain=[("share", "=", False)], help="When the deadline has passed."
    )
    escalate_activity = fields.Boolean(string="By Activity", default=True)
    escalate_mail = fields.Boolean(string="By Mail")
    escalate_priority = fields.Boolean(string="Raise Priority", help="By one step, when the deadline has passed.")

    _metric_uidx = models.UniqueIndex("(policy_id, metric)", "A policy promises each thing once.")
    _hours_positive = models.Constraint("CHECK (hours > 0)", "A target needs more than 0 working hours.")

    @api.depends("metric", "hours")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for target in self:
            target.display_name = self.env._(
                "%(promise)s %(hours)g h", promise=metrics.get(target.metric), hours=target.hours
            )

    @api.constrains("warning", "warning_before", "hours")
    def _check_warning(self):
        for target in self:
            most = {"share": 100, "hours": target.hours}.get(target.warning)
            if most and not 0 < target.warning_before < most:
                raise ValidationError(
                    self.env._(
                        "“%(target)s” of the policy “%(policy)s”: warn at more than 0 and less than %(most)g.",
                        target=target.display_name,
                        policy=target.policy_id.name,
                        most=most,
                    )
                )

    def _as_target(self):
        self.ensure_one()
        share = {"share": self.warning_before / 100, "hours": self.warning_before / self.hours}.get(self.warning)
        pauses = {"waiting_customer": self.pause_customer, "waiting_third_party": self.pause_third_party}
        return Target(
            id=self.id,
            policy=self.policy_id.id,
            metric=self.metric,
            hours=self.hours,
            pauses=frozenset(reason for reason, excused in pauses.items() if excused),
            warning_share=None if share is None else 1 - share,
            escalates=bool(
                ((self.escalate_leader or self.escalation_user_ids) and (self.escalate_activity or self.escalate_mail))
                or self.escalate_priority
            ),
        )

    # ------------------------------------------------------------ working hours that hold the promise

    @api.constrains("hours", "policy_id")
    def _check_working_time(self):
        """Refuse a promise for which the working hours of a team do not suffice within ten years."""
        for policy in self.policy_id:
            policy._check_working_time()

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        self.env.registry.clear_cache()
        return targets

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class ServiceSlaPolicy(models.Model):
    _inherit = "service.sla.policy"

    @api.constrains("team_ids", "company_id")
    def _check_working_time(self):
        for policy in self.filtered("target_ids"):
            companies = policy.company_id or self.env.companies
            of_companies = [("company_id", "in", [False, *companies.ids])]
            teams = policy.team_ids or self.env["service.team"].search(of_companies)
            for company in companies:
                served = teams.filtered(lambda team, c=company: not team.company_id or team.company_id == c)
                served._check_hours(company, max(policy.target_ids.mapped("hours")))
