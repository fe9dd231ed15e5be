from odoo import api, fields, models

from .service_sla_policy import SEVERITY_RANK, Facts
from .service_stage import DONE_CATEGORIES
from .sla_book import WAITS, SlaBook
from .sla_clock import DONE, POLICY

# What of a ticket decides on its policy, on its working hours, or on where its clocks begin.
CLASSIFYING = {
    "team_id",
    "company_id",
    "category_id",
    "type",
    "severity",
    "priority",
    "partner_id",
    "date_received",
}
FROM_RECEIPT = ("acknowledge", "first_answer", "resolve")
# A person wrote the ticket down while the customer spoke to him: he knows that we know.
SPOKEN_CHANNELS = ("phone", "counter", "chat")


class ServiceTicket(models.Model):
    """How what happens to a ticket moves its clocks. What the clocks make of it: ``sla_clock``; who keeps them:
    ``sla_book``; who is told of a deadline: ``service_sla_clock_alarm``.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    clock_ids = fields.One2many(
        "service.sla.clock", "ticket_id", string="Clocks", readonly=True, groups="base.group_user"
    )
    sla_deadline = fields.Datetime(
        string="Next Deadline",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The first deadline of what we still owe the customer. Empty while the clocks are paused.",
    )
    sla_state = fields.Selection(
        [
            ("none", "No promise"),
            ("running", "Running"),
            ("at_risk", "At risk"),
            ("breached", "Breached"),
            ("paused", "Paused"),
            ("kept", "Kept"),
        ],
        string="SLA",
        default="none",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The worst of what we still owe the customer; of a ticket that is done, how it ended.",
    )

    date_first_answer = fields.Datetime(
        string="First Answered on",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When a person of ours first wrote to the customer.",
    )

    # The lists "at risk" and by deadline: the open tickets only.
    _sla_deadline_idx = models.Index("(sla_deadline, id) WHERE sla_deadline IS NOT NULL")

    # ------------------------------------------------------------ beginning

    def _start_clocks(self):
        """Begin what the policies promise for new tickets.

        Context key ``ticket_no_clocks``: promise nothing, for imports of old tickets. Tickets that are done already get
        no clocks.
        """
        if self.env.context.get("ticket_no_clocks") or not self.env["service.sla.policy"]._rules():
            return
        book = self._book(new=True)
        open_tickets = book.tickets.filtered(lambda ticket: ticket.stage_category not in DONE_CATEGORIES)
        for ticket, targets in open_tickets._promised().items():
            for metric in FROM_RECEIPT:
                if metric in targets:
                    clock = book.start(ticket, targets[metric], ticket._plan(targets[metric], book.now))
                    if metric == "acknowledge" and ticket.channel in SPOKEN_CHANNELS:
                        book.record(clock, "reach")
        book.save()

    def _promised(self):
        """What is promised for each of the tickets now: {ticket: {metric: :class:`~.service_sla_policy.Target`}}."""
        policies = self.env["service.sla.policy"]
        rules = policies._rules()
        with_categories = any(rule.categories for rule in rules)
        with_tags = any(rule.tags for rule in rules)
        return {ticket: policies._match(ticket._sla_facts(with_categories, with_tags)) for ticket in self}

    def _sla_facts(self, with_categories, with_tags):
        """What decides on the policy; categories and tags only when a policy asks for them."""
        categories, tags = (), ()
        if with_categories and self.category_id:
            categories = [int(part) for part in (self.category_id.parent_path or "").split("/") if part]
        if with_tags:
            tags = (self.partner_id | self.commercial_partner_id).category_id.ids
        return Facts(
            company=self.company_id.id,
            team=self.team_id.id,
            type=self.type,
            severity=SEVERITY_RANK.get(self.severity, 0),
            priority=int(self.priority or 0),
            categories=frozenset(categories),
            tags=frozenset(tags),
        )

    def _plan(self, target, since):
        """The plan of a target for this ticket: from its receipt, or from ``since`` for the next answer."""
        if target.metric in FROM_RECEIPT:
            since = min(self.date_received, fields.Datetime.now())
        return target.plan(since, self.team_id._clock_calendar(self.company_id).id)

    # ------------------------------------------------------------ what happens

    def _book(self, new=False):
        # sudo: the clocks follow what happens to the ticket, whoever may do that; nobody writes them himself
        return SlaBook(self.sudo(), fields.Datetime.now(), new)

    def _follow_stages(self, former):
        """The tickets were moved: clocks pause, resume, are reached.

        :param former: {ticket: stage category before the move}
        """
        moved = self.filtered(lambda ticket: former[ticket] != ticket.stage_category)
        if not moved or not self.env["service.sla.policy"]._targets():
            return
        book = moved._book()
        for ticket in book.tickets:
            before, after = former[ticket], ticket.stage_category
            for clock in book.of(ticket):
                self._follow_stage(book, clock, before, after)
        book.save()

    @api.model
    def _follow_stage(self, book, clock, before, after):
        if after in DONE_CATEGORIES:
            if not clock.ended:
                if clock.metric == "resolve":
                    book.record(clock, "reach")
                else:
                    book.record(clock, "cancel", reason=DONE)
            return
        if before in DONE_CATEGORIES and self._goes_on(clock):
            book.record(clock, "resume")
        if clock.ended:
            return
        if clock.metric == "acknowledge" and before == "new":
            book.record(clock, "reach")
        elif after in WAITS:
            book.record(clock, "pause", reason=after)
        elif before in WAITS:
            book.record(clock, "resume")

    @api.model
    def _goes_on(self, clock):
        """Whether a clock goes on when its ticket is opened again: the resolution, and what was never done."""
        last = [event for event in clock.events if event.kind in ("reach", "cancel", "resume")]
        if not last or last[-1].kind == "resume":
            return False
        return clock.metric == "resolve" or (last[-1].kind == "cancel" and last[-1].reason == DONE)

    def _reach(self, metrics):
        """What was promised is done."""
        if not self.env["service.sla.policy"]._targets():
            return
        book = self._book()
        for clock in book.clocks:
            if clock.metric in metrics and not clock.ended:
                book.record(clock, "reach")
        book.save()

    def _reclassified(self):
        """Plan the open clocks anew, from their original start, by the policy that matches now. What is over stays."""
        if not self.env["service.sla.policy"]._targets():
            return
        open_tickets = self.filtered(lambda ticket: ticket.stage_category not in DONE_CATEGORIES)
        if not open_tickets:
            return
        book = open_tickets._book()
        for ticket, targets in book.tickets._promised().items():
            clocks = book.of(ticket)
            for clock in clocks:
                if not clock.ended:
                    self._replan(book, clock, ticket, targets.get(clock.metric))
            having = {clock.metric for clock in clocks}
            for metric in ("first_answer", "resolve"):
                if metric in targets and metric not in having and (metric == "resolve" or not ticket.date_first_answer):
                    book.start(ticket, targets[metric], ticket._plan(targets[metric], book.now))
        book.save()

    @api.model
    def _replan(self, book, clock, ticket, target):
        if target is None:
            if not clock.cancelled_by_policy:
                book.record(clock, "cancel", reason=POLICY)
            return
        former = [event.plan for event in clock.events if event.plan][-1]
        plan = ticket._plan(target, former.since)
        head = {
            "policy_id": target.policy,
            "target_id": target.id,
            "company_id": ticket.company_id.id,
            "team_id": ticket.team_id.id or None,
        }
        if plan != former or clock.cancelled_by_policy or clock.company_id != ticket.company_id.id:
            book.record(clock, "replan", plan)
        for name, value in head.items():
            if getattr(clock, name) != value:
                setattr(clock, name, value)
                clock.touched = True
        book.catch_up(clock)

    # ------------------------------------------------------------ hooks

    def write(self, vals):
        moves = "stage_id" in vals or "team_id" in vals or "company_id" in vals
        if vals.get("stage_id"):
            # both stages of a move at once: its log names them
            (self.stage_id | self.stage_id.browse(vals["stage_id"])).mapped("category")
        former = {ticket: ticket.stage_category for ticket in self} if moves else {}
        result = super().write(vals)
        if CLASSIFYING & vals.keys():
            self._reclassified()
        if former:
            self._follow_stages(former)
        return result

    def _customer_replied(self):
        """The first message that waits begins the clock of the next answer; while an answer is owed already, none."""
        answered = self.filtered(lambda ticket: not ticket.unanswered)
        result = super()._customer_replied()
        answered._start_next_answer()
        return result

    def _start_next_answer(self):
        book = self._book()
        if any(target.metric == "next_answer" for target in book.targets.values()):
            for ticket, targets in book.tickets._promised().items():
                if "next_answer" in targets and all(clock.ended for clock in book.of(ticket, ("next_answer",))):
                    book.start(ticket, targets["next_answer"], ticket._plan(targets["next_answer"], book.now))
            book.save()

    def _team_answered(self, author):
        self._reach(("acknowledge", "first_answer", "next_answer"))
        self.filtered(lambda ticket: not ticket.date_first_answer).date_first_answer = fields.Datetime.now()
        return super()._team_answered(author)

    def _acknowledged(self):
        """Called when the acknowledgement goes out to the customer."""
        if any(target.metric == "acknowledge" for target in self.env["service.sla.policy"]._targets().values()):
            self._reach(("acknowledge",))
