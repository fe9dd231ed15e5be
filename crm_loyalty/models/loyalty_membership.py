from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# In these states a member has what the club gives. They are for lists, filters and what is mirrored on the contact;
# whether a membership counts on a day is asked of _running_domain.
COUNTING_STATES = ("running", "grace")
BEGUN_STATES = (*COUNTING_STATES, "frozen")


class LoyaltyMembership(models.Model):
    """That a customer is in a club from one day to another. What he may claim follows from it, and from nothing else.

    A membership is made by ``loyalty.club._enrol``, and changed only by ``_change_tier``, ``_renew``, ``_freeze``,
    ``_unfreeze``, ``_end`` and the daily cron; each writes the log. Whether it counts on a day follows from its dates
    alone (:meth:`_running_domain`), so that it stops counting in time even when the cron is late; ``state`` is how it
    stood when last looked at.
    """

    _name = "loyalty.membership"
    _description = "Club Membership"
    _inherit = ["mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"  # clerks read memberships and change them by buttons only, yet may leave a note

    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        related="partner_id.commercial_partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    club_id = fields.Many2one("loyalty.club", required=True, readonly=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="club_id.company_id", store=True, precompute=True)
    tier_id = fields.Many2one(
        "res.partner.grade",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        group_expand="_group_expand_tiers",
    )
    tier_since = fields.Date(readonly=True)
    card_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    card_code = fields.Char(related="card_id.code", string="Card Number", compute_sudo=True)
    points_display = fields.Char(related="card_id.points_display", string="Points", compute_sudo=True)
    state = fields.Selection(
        [
            ("future", "Future"),
            ("running", "Running"),
            ("grace", "In Grace"),
            ("frozen", "Frozen"),
            ("ended", "Ended"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="running",
        copy=False,
    )
    date_start = fields.Date(string="First Day", required=True, readonly=True)
    date_end = fields.Date(string="Valid Until", readonly=True, help="The last day. Empty: for life.")
    counts_until = fields.Date(
        compute="_compute_counts_until",
        store=True,
        readonly=False,
        copy=False,
        help="The last day on which it counts: the last day of validity and the club's days of grace. Empty: for life.",
    )
    ended_on = fields.Date(
        readonly=True, copy=False, help="The first day without it. Before the day after “Valid Until” when ended early."
    )
    has_left = fields.Boolean(
        readonly=True, copy=False, help="The membership was ended, or notice was given; it was not just over."
    )
    leave_reason_id = fields.Many2one(
        "loyalty.leave.reason", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    way_in = fields.Selection(
        [
            ("staff", "By our staff"),
            ("portal", "By himself in the portal"),
            ("public", "By himself on the public page"),
            ("fee", "By buying the membership"),
            ("automatic", "Automatically"),
            ("import", "By import"),
            ("batch", "By a card printed beforehand"),
        ],
        required=True,
        readonly=True,
        default="staff",
        copy=False,
        help="How the customer came to join.",
    )
    log_ids = fields.One2many("loyalty.membership.log", "membership_id")

    # Two clerks enrol the same customer at the same time: the second is refused by the database. Those that have ended are in
    # it, too, each by itself, so that it serves whoever looks for a contact's memberships: whoever moves to another tier is
    # written into every index of this table, and one more costs a night.
    _one_open_per_club = models.UniqueIndex(
        "(partner_id, club_id, (CASE WHEN state = 'ended' THEN id ELSE 0 END))",
        "This customer has just become a member of the club. Reload the page to see the membership.",
    )
    # Serves who is in a tier, a million of whom are told by it alone (``_running_query``), and the deletion of a tier.
    _tier_idx = models.Index(
        "(tier_id) INCLUDE (commercial_partner_id, date_start, counts_until, ended_on, id) WHERE tier_id IS NOT NULL"
    )
    # Serves the reminders: who is to be told before the end. Who is a member for life has none.
    _to_end_idx = models.Index("(date_end) WHERE state = 'running' AND date_end IS NOT NULL")
    _ends_after_start = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A membership cannot end before it begins."
    )

    @api.depends("partner_id", "club_id", "tier_id")
    def _compute_display_name(self):
        for membership in self:
            names = [membership.partner_id.name, membership.club_id.name, membership.tier_id.name]
            membership.display_name = " · ".join(filter(None, names))

    @api.model
    def _group_expand_tiers(self, tiers, domain):
        return tiers.search([("club_id", "!=", False)], order="club_id, sequence")

    # ------------------------------------------------------------ which count

    @api.depends("date_end", "club_id")
    def _compute_counts_until(self):
        """Worked out when the validity is set, and when the club changes its days of grace: the past stays as it was."""
        for membership in self:
            end = membership.date_end
            membership.counts_until = end and end + timedelta(days=membership.club_id.grace_days)

    @api.model
    def _running_domain(self, date):
        """Memberships that count on ``date``, in the past as well as now; the days of grace count, frozen ones do not.

        That a membership was ever frozen is looked at first: of the others, no freeze is searched.
        """
        frozen = self.env["loyalty.membership.freeze"]._covering_domain(date)
        return self._valid_domain(date) & (Domain("was_frozen", "=", False) | Domain("freeze_ids", "not any", frozen))

    def _running_query(self, date, domain):
        """The same, where all of some tiers or clubs are asked for: who is frozen is looked up once for all, and the others
        are told by an index alone.

        :param Domain domain: which of them
        :return: Query of what the user may see
        """
        freezes = self.env[
            "loyalty.membership.freeze"
        ].sudo()  # sudo: only to leave out memberships, searched as the user
        frozen = freezes._search(freezes._covering_domain(date)).subselect("membership_id")
        return self._search(self._valid_domain(date) & Domain("id", "not in", frozen) & domain)

    def _valid_domain(self, date):
        """Memberships that are valid on ``date``, by grace, too, those that are frozen among them."""
        date = fields.Date.to_date(date)
        return (
            Domain("date_start", "<=", date)
            & (Domain("counts_until", "=", False) | Domain("counts_until", ">=", date))
            & (Domain("ended_on", "=", False) | Domain("ended_on", ">", date))
        )

    @api.model
    def _ever_of(self, customers):
        """All memberships of these customers that have begun, those of the past included, as superuser.

        A bare statement: it is asked several times at every order, mostly about customers who never were members, and
        the ORM takes ten times as long to put the same question.

        :param customers: ``res.partner`` records, by which the caller has come lawfully
        """
        self.flush_model(["partner_id", "date_start"])
        customers.flush_model(["commercial_partner_id"])
        # A day more: somewhere it is tomorrow already.
        query = SQL(
            """SELECT id FROM loyalty_membership WHERE date_start <= CURRENT_DATE + 1 AND partner_id IN (
                   SELECT unnest(%(ids)s::int[]) UNION ALL SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%(ids)s)
               )""",
            ids=customers.ids,
        )
        # sudo: what holds for a customer is the same for all who serve him; what is shown of it is the caller's to check.
        return self.sudo().browse(row_id for (row_id,) in self.env.execute_query(query))

    def _counting_in(self, company, date):
        """Those of these memberships that count on ``date`` in ``company``: of its clubs, of those of the companies above
        it, and of clubs of no company.
        """
        if not self:
            return self
        companies = company.sudo().parent_ids  # sudo: only to know the companies above a branch
        counting = self.filtered_domain(self._running_domain(date))
        return counting.filtered(lambda member: not member.company_id or member.company_id in companies)

    def _best_first(self):
        """Best tier first; without a tier last; the longer member first among equals."""
        return self.sorted(lambda m: (not m.tier_id, m.tier_id.sequence, m.date_start, m.id))

    # ------------------------------------------------------------ changes

    def _change_tier(self, tier, reason):
        """Move open memberships to another tier of their club, at once.

        :param tier: ``res.partner.grade``
        :param reason: why, for the log
        :raises AccessError: unless the user manages clubs
        :raises UserError: when the tier is of another club, or a membership has ended
        """
        self._check_may_change()
        self._check_open()
        for membership in self:
            if tier.club_id != membership.club_id:
                raise UserError(
                    self.env._("%(tier)s is not a tier of %(club)s.", tier=tier.name, club=membership.club_id.name)
                )
        for old_tier, memberships in self.filtered(lambda m: m.tier_id != tier).grouped("tier_id").items():
            # The right is checked by _check_may_change; nobody may write memberships in any other way.
            memberships = memberships.sudo()
            memberships.write({"tier_id": tier.id, "tier_since": memberships.club_id[:1]._today()})
            memberships._log("tier", reason, old_tier=old_tier, new_tier=tier)
            memberships._follow_up()

    def _end(self, reason=None, date=None, leave_reason=None):
        """End open memberships.

        :param reason: why, in words, for the log
        :param date: the first day without the membership; today when not given. A later day only shortens it, without
            days of grace
        :param leave_reason: ``loyalty.leave.reason``, for the figures
        :raises AccessError: unless the user manages clubs
        :raises UserError: when a membership has ended already, or would end before it begins
        """
        self._check_may_change()
        self._check_open()
        memberships = self.sudo()  # the right is checked by _check_may_change; nobody may write memberships otherwise
        values = {"has_left": True, "leave_reason_id": leave_reason.id if leave_reason else False}
        text = ": ".join(filter(None, [leave_reason.name if leave_reason else None, reason]))
        for club, of_club in memberships.grouped("club_id").items():
            today = club._today()
            day = date or today
            if day <= today:
                of_club._close(text, day, values)
            else:
                of_club._shorten(text, day - timedelta(days=1), values)
        memberships._follow_up()

    def _close(self, reason, day, values):
        self._cut_freezes(day - timedelta(days=1))
        self.write({"state": "ended", "ended_on": day, **values})
        self._log("ended", reason)

    def _shorten(self, reason, last_day, values):
        if any(last_day < membership.date_start for membership in self):
            raise UserError(
                self.env._("A membership cannot end before it begins. To cancel a future one, leave the day empty.")
            )
        if any(membership.date_end and last_day > membership.date_end for membership in self):
            raise UserError(
                self.env._(
                    "A membership ends at the latest when its validity is over: enter an earlier day, or renew it."
                )
            )
        self._cut_freezes(last_day)
        self.write({"date_end": last_day, "counts_until": last_day, **values})
        self._follow_dates(silently=True)
        self._log("validity", reason)

    def _check_may_change(self):
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager changes tiers and ends memberships."))

    def _check_may_serve(self):
        """:raises AccessError: unless the user may renew, freeze and unfreeze memberships"""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("crm_loyalty.group_club_desk")):
            raise AccessError(
                self.env._(
                    "Ask a colleague of the group “Clubs / User: Renews and Freezes”, or a club manager: they renew, freeze"
                    " and unfreeze memberships."
                )
            )

    def _check_open(self):
        for membership in self:
            if membership.state == "ended":
                raise UserError(
                    self.env._(
                        "The membership of %(member)s in %(club)s has ended. Enrol the customer anew.",
                        member=membership.partner_id.name,
                        club=membership.club_id.name,
                    )
                )

    def _log(self, event, reason=None, old_tier=None, new_tier=None):
        # As superuser: only these methods write the log, after checks of their own.
        self.env["loyalty.membership.log"].sudo().create(
            [
                {
                    "membership_id": membership.id,
                    "event": event,
                    "old_tier_id": old_tier.id if old_tier else False,
                    "new_tier_id": new_tier.id if new_tier else False,
                    "reason": reason,
                }
                for membership in self
            ]
        )

    def _follow_up(self):
        """What else changes with memberships: the contact's level and tags, and the quotations not confirmed yet."""
        self.partner_id._mirror_memberships()
        self.partner_id._refresh_open_quotations()

    # ------------------------------------------------------------ screens

    def _badge(self):
        """The membership as a fact at the head of the customer's card."""
        self.ensure_one()
        tier = self.tier_id.name or self.env._("Member")
        if self.state == "grace":
            until = format_date(self.env, self.counts_until)
            value = self.env._("%(tier)s, to be renewed by %(day)s", tier=tier, day=until)
        else:
            since = format_date(self.env, self.tier_since or self.date_start, date_format="MMM y")
            value = self.env._("%(tier)s since %(month)s", tier=tier, month=since)
        return {
            "label": self.club_id.name,
            "value": value,
            "severity": "warning" if self.state == "grace" else "success",
            "action": {
                "type": "ir.actions.act_window",
                "res_model": "loyalty.membership",
                "res_id": self.id,
                "views": [[False, "form"]],
            },
            "sequence": 10,
        }

    def action_change_tier(self):
        """Ask for the new tier and the reason."""
        return self._open_change("tier")

    def action_renew(self):
        """Ask why it is renewed by hand."""
        return self._open_change("renew")

    def action_freeze(self):
        """Ask from when, until when and why."""
        return self._open_change("freeze")

    def action_unfreeze(self):
        """Ask why."""
        return self._open_change("unfreeze")

    def action_end(self):
        """Ask for the reason and the day."""
        return self._open_change("end")

    def _open_change(self, change):
        if change in ("renew", "freeze", "unfreeze"):
            self._check_may_serve()
        else:
            self._check_may_change()
        self._check_open()
        changes = dict(self.env["loyalty.membership.wizard"]._fields["change"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": changes[change],
            "res_model": "loyalty.membership.wizard",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_change": change,
                "default_membership_ids": self.ids,
                "default_seen_ends": {str(membership.id): str(membership.date_end) for membership in self},
            },
        }
