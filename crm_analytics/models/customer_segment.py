from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RULE_FIELDS = frozenset({"partner_domain", "metric_domain"})


class CustomerSegment(models.Model):
    """Customers chosen by a rule: a saved question over contacts and their figures.

    **Whose rights.** A rule is asked with the rights of its owner, in the segment's company: so it finds no contact that
    he may not read, whoever uses it and also when a scheduled job does. Who writes a rule becomes its owner; nobody can
    make somebody else the owner, or he could ask with that person's rights. Who opens the members sees those of them
    that he may read himself.

    **Who is a member.** A customer: a company, or a person who belongs to none (the commercial partner), as all figures
    are. A contact of a company has what his company has.

    What the rule finds is in ``customer_segment_rule``, stored members in ``customer_segment_member``.
    """

    _name = "customer.segment"
    _description = "Segment of Customers"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        tracking=True,
        help="The rule is asked with the rights of this person: whoever wrote it.",
    )
    kind = fields.Selection(
        [("live", "Always those whom the rule finds"), ("static", "Those whom the rule found when it was refreshed")],
        string="Members",
        required=True,
        default="live",
        tracking=True,
    )
    partner_domain = fields.Char(
        "Contacts",
        required=True,
        default="[]",
        tracking=True,
        help="Which contacts may be members. Relative days are written such as “today” or “-30d”.",
    )
    metric_domain = fields.Char(
        "Figures",
        required=True,
        default="[]",
        tracking=True,
        help="Which figures their purchases from this company must have. Empty: they need not have bought anything.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_owner_is_me(vals)
        segments = super().create([{"user_id": self.env.uid, **vals} for vals in vals_list])
        segments._check_rule()
        segments.filtered(lambda segment: segment.kind == "static")._refresh_members()
        return segments

    def write(self, vals):
        self._check_owner_is_me(vals)
        if "company_id" in vals and any(segment.company_id.id != vals["company_id"] for segment in self):
            raise UserError(self.env._("A segment stays in its company. Make another one in the other company."))
        frozen = self.browse() if vals.get("kind") != "static" else self.filtered(lambda one: one.kind != "static")
        if RULE_FIELDS & vals.keys() and not self.env.su:
            vals = {**vals, "user_id": self.env.uid}
        result = super().write(vals)
        if (RULE_FIELDS | {"user_id"}) & vals.keys():
            self._check_rule()
        frozen._refresh_members()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%s (copy)", segment.name)}
            for segment, vals in zip(self, vals_list, strict=True)
        ]

    def _check_owner_is_me(self, vals):
        """A rule is asked with its owner's rights: nobody lends himself those of somebody else."""
        if not self.env.su and vals.get("user_id", self.env.uid) != self.env.uid:
            raise AccessError(
                self.env._("You cannot make somebody else the owner of a segment: he can take it over himself.")
            )

    def action_take_over(self):
        """The rule is asked with my rights from now on."""
        self.write({"user_id": self.env.uid})
