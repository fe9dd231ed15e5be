from odoo import api, fields, models
from odoo.fields import Domain

from ..handing_out import Want
from .service_stage import DONE_CATEGORIES

CRON_BATCH = 50
CRON_MOST = 1000


class ServiceTicket(models.Model):
    """Who gets a ticket that nobody has: by hand, or as its team has agreed."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    turn = fields.Integer(copy=False, readonly=True, help="In which turn of its team it was handed out.")

    # The last turn of each member of a team, and of the team itself.
    _member_turn_idx = models.Index("(team_id, user_id, turn) WHERE turn IS NOT NULL")
    _team_turn_idx = models.Index("(team_id, turn) WHERE turn IS NOT NULL")

    # New tickets -----------------------------------------------------------------------------------

    @api.model
    def _assign_new(self, vals_list):
        """Add who gets each ticket to be created, and in which turn, where its team hands out by itself.

        :return: {team: number of its tickets that nobody takes}
        """
        self._complete_team(vals_list)
        # sudo: only whether a stage is one of done tickets; core checks the right to create them, and customers may not read
        # stages
        stages = self.env["service.stage"].sudo()
        stages = stages.browse({vals["stage_id"] for vals in vals_list if vals.get("stage_id")})
        done = set(stages.filtered(lambda stage: stage.category in DONE_CATEGORIES).ids)
        waiting = {}
        for vals in vals_list:
            if vals.get("team_id") and not self._given(vals, "user_id") and vals.get("stage_id") not in done:
                waiting.setdefault(vals["team_id"], []).append(vals)
        orphans = {}
        # sudo: a customer's mail or form has its ticket handed out, and may not read teams
        for team in self.env["service.team"].sudo().browse(waiting):
            if team.assignment != "manual":
                chosen = team._hand_out(self._wants_of_values(waiting[team.id]))
                for vals, (user_id, turn) in zip(waiting[team.id], chosen, strict=True):
                    vals.update(user_id=user_id, turn=turn)
                orphans[team] = [user_id for user_id, _turn in chosen].count(False)
        return {team: count for team, count in orphans.items() if count}

    @api.model
    def _given(self, vals, name):
        """The value that a ticket will be created with, as far as somebody gave one."""
        return vals[name] if name in vals else self.env.context.get(f"default_{name}")

    @api.model
    def _complete_team(self, vals_list):
        """Write the team that core would compute into the values, so that it is known before the ticket is there."""
        for vals in vals_list:
            if "team_id" not in vals and self.env.context.get("default_team_id"):
                vals["team_id"] = self.env.context["default_team_id"]
        without = [vals for vals in vals_list if "team_id" not in vals]
        companies = self.env["res.company"].browse({vals["company_id"] for vals in without})
        teams = self._teams_of(companies)
        for vals in without:
            vals["team_id"] = teams._of_company(companies.browse(vals["company_id"])).id

    @api.model
    def _wants_of_values(self, vals_list):
        # sudo: as in _assign_new
        categories, partners = self.env["service.category"].sudo(), self.env["res.partner"].sudo()
        given = [[self._given(vals, name) or [] for name in ("category_id", "partner_id")] for vals in vals_list]
        categories = categories.browse({category for category, _partner in given if category})
        partners = partners.browse({partner for _category, partner in given if partner})
        return [self._want(categories.browse(category), partners.browse(partner)) for category, partner in given]

    @api.model
    def _want(self, category, partner):
        path = (category.parent_path or "").split("/")
        return Want(categories=frozenset(int(part) for part in path if part), lang=partner.lang)

    # Tickets that are there ------------------------------------------------------------------------

    def _hand_over(self):
        """After a change of team: what nobody of the new team has is handed out, when the team does so by itself."""
        # sudo: who may move a ticket to a team need not be of it
        self.sudo().filtered(
            lambda ticket: ticket.stage_category not in DONE_CATEGORIES
            and ticket.team_id.assignment not in (False, "manual")
            and not (ticket.user_id and ticket.user_id in ticket.team_id.member_ids)
        )._hand_out()

    def _hand_out(self):
        """Give the tickets to people of their teams, as the teams have agreed; who is given one hears of it.

        :return: {team: number of its tickets that nobody takes}
        """
        orphans, by_user = {}, {}
        for team, tickets in self.filtered("team_id").grouped("team_id").items():
            if team.assignment != "manual":
                chosen = team._hand_out([self._want(ticket.category_id, ticket.partner_id) for ticket in tickets])
                for ticket, (user_id, turn) in zip(tickets, chosen, strict=True):
                    if turn:
                        ticket.turn = turn
                    if user_id != ticket.user_id.id:
                        by_user[user_id] = by_user.get(user_id, self.browse()) + ticket
                orphans[team] = [user_id for user_id, _turn in chosen].count(False)
        for user_id, tickets in by_user.items():
            tickets.write({"user_id": user_id})
        return {team: count for team, count in orphans.items() if count}

    @api.model
    def _tell_leaders(self, orphans):
        """Tell each leader that tickets of his team found nobody.

        :param orphans: {team, as superuser: number of tickets}
        """
        for team, count in orphans.items():
            if team.user_id:
                team.message_notify(
                    partner_ids=team.user_id.partner_id.ids,
                    subject=self.env._("Nobody of %s takes a new ticket", team.name),
                    body=self.env._(
                        "%(count)s new tickets of %(team)s stay unassigned: everybody is absent, has his fill, or takes "
                        "no tickets of this category or language. Assign them by hand, or change what the members "
                        "take.",
                        count=count,
                        team=team.name,
                    ),
                )

    def action_hand_out(self):
        """Hand out those of the tickets that nobody has and that are open."""
        waiting = self.filtered(lambda ticket: not ticket.user_id and ticket.stage_category not in DONE_CATEGORIES)
        by_hand = waiting.filtered(lambda ticket: ticket.team_id.assignment in (False, "manual"))
        orphans = (waiting - by_hand)._hand_out()
        left = sum(orphans.values()) + len(by_hand)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self.env._(
                    "%(given)s tickets handed out; %(left)s found nobody, since their team assigns by hand or nobody of "
                    "it is there.",
                    given=len(waiting) - left,
                    left=left,
                )
                if left
                else self.env._("%s tickets handed out.", len(waiting)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _cron_hand_out(self):
        """Once more for tickets that found nobody: somebody may be back, or have finished others."""
        domain = (
            Domain("user_id", "=", False)
            & Domain("stage_category", "not in", DONE_CATEGORIES)
            & Domain("team_id.assignment", "!=", "manual")
            & Domain("team_id", "!=", False)
        )
        waiting = self.search(domain, order="id", limit=CRON_MOST)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), CRON_BATCH):
            # Somebody may have taken one meanwhile.
            batch = waiting[start : start + CRON_BATCH]
            batch.invalidate_recordset()
            batch.exists().filtered_domain(domain)._hand_out()
            if not crons._commit_progress(len(batch)):
                break
