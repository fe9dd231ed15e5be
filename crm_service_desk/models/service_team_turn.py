from odoo import api, fields, models
from odoo.tools import SQL

from ..handing_out import Person, hand_out
from .service_stage import DONE_CATEGORIES


class ServiceTeam(models.Model):
    """Handing out tickets: who of the team is there, whose turn it is.

    Each ticket handed out gets the number of its turn, drawn from a sequence of the team in PostgreSQL. Tickets that
    come at the same time draw different numbers without waiting for each other; who draws a number beyond the next
    one knows how many are being handed out at this moment by others, and reckons as if those had been given already.
    So two customers who write in the same second go to two people, and no transaction is in another's way.
    """

    _inherit = "service.team"  # pylint: disable=consider-merging-classes-inherited

    skill_ids = fields.One2many("service.team.skill", "team_id", string="What Members Take", copy=True)

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams._ensure_turns()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if "assignment" in vals:
            self._ensure_turns()
        return result

    def unlink(self):
        names = [team._turns_name() for team in self]
        result = super().unlink()
        for name in names:
            self.env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", SQL.identifier(name)))
        return result

    def _turns_name(self):
        return f"service_team_turn_{self.id}"

    def _ensure_turns(self):
        """Teams that hand out tickets have a sequence of turns. It belongs to the column of the turns, and goes with
        it when the addon is uninstalled."""
        for team in self.filtered(lambda team: team.assignment != "manual"):
            self.env.cr.execute(
                SQL("CREATE SEQUENCE IF NOT EXISTS %s OWNED BY service_ticket.turn", SQL.identifier(team._turns_name()))
            )

    def _hand_out(self, wants):
        """Who gets each of the tickets that come to this team.

        :param wants: a ``Want`` per ticket
        :return: (user id or False when nobody is there who takes it, number of the turn) per ticket
        """
        self.ensure_one()
        people = self._people_present()
        if not any(person.takes(want) for person in people for want in wants):
            return [(False, 0)] * len(wants)
        turns = self._draw_turns(len(wants))
        newest = self._read_turns(people)
        for turn in range(newest + 1, turns[0])[: 2 * len(people)]:  # being handed out elsewhere at this moment
            hand_out(people, wants[0], turn, self.assignment)
        chosen = [hand_out(people, want, turn, self.assignment) for want, turn in zip(wants, turns, strict=True)]
        return [(person.user_id if person else False, turn) for person, turn in zip(chosen, turns, strict=True)]

    def _draw_turns(self, count):
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", self._turns_name(), count))
        return [turn for (turn,) in rows]

    def _people_present(self):
        """The members who are there, as ``Person``: not archived, not out of office, not on leave, with their load."""
        # sudo: a customer's mail or form has tickets handed out; who is absent is not for him to read
        team = self.sudo()
        users = team.member_ids.filtered("active")
        users -= users.filtered("is_out_of_office") + self._users_on_leave(users)
        skills = {skill.user_id: skill for skill in team.skill_ids}
        loads = self._loads(users)
        return [
            Person(
                user_id=user.id,
                load=loads.get(user, 0),
                max_open=skills[user].max_open if user in skills else 0,
                categories=frozenset(skills[user].category_ids.ids if user in skills else ()),
                langs=frozenset(skills[user].lang_ids.mapped("code") if user in skills else ()),
            )
            for user in users
        ]

    @api.model
    def _users_on_leave(self, users):
        """Those whose own working calendar says that they are away now (Time Off, where installed, writes it there)."""
        now = fields.Datetime.now()
        # sudo: see _people_present
        leaves = self.env["resource.calendar.leaves"].sudo()
        return leaves.search(
            [
                ("resource_id.user_id", "in", users.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", now),
                ("date_to", ">=", now),
            ]
        ).resource_id.user_id

    @api.model
    def _loads(self, users):
        """{user: number of open tickets}, of all teams and companies"""
        # sudo: see _people_present
        tickets = self.env["service.ticket"].sudo()
        domain = [("user_id", "in", users.ids), ("stage_category", "not in", DONE_CATEGORIES)]
        return dict(tickets._read_group(domain, ["user_id"], ["__count"]))

    def _read_turns(self, people):
        """Tell each person his last turn; return the team's newest one, 0 when there was none."""
        self.env["service.ticket"].flush_model(["team_id", "user_id", "turn"])
        newest = SQL("SELECT max(turn) FROM service_ticket WHERE team_id = %s AND turn IS NOT NULL", self.id)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT NULL, (%(newest)s)
                UNION ALL
                SELECT person, (%(newest)s AND user_id = person) FROM unnest(%(people)s::integer[]) AS person
                """,
                newest=newest,
                people=[person.user_id for person in people],
            )
        )
        turns = dict(rows)
        for person in people:
            person.last_turn = turns[person.user_id] or 0
        return turns[None] or 0
