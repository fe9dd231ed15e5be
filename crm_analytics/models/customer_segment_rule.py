import logging
from ast import literal_eval

import psycopg2
from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.crm_contact_history.plausible import is_whole
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

_logger = logging.getLogger(__name__)

# The segments whose rules are being asked, one within the other: a rule may name another segment.
ASKED = "customer_segments_asked"
LONGEST_RULE = 20_000  # characters
# What the database answers to a comparison that makes no sense, such as of a number with a word.
REFUSED = (psycopg2.DataError, psycopg2.ProgrammingError)


class CustomerSegment(models.Model):
    """Whom the rule of a segment finds."""

    _inherit = "customer.segment"

    member_count = fields.Integer("Customers", compute="_compute_member_count")
    problem = fields.Char(compute="_compute_member_count", help="Why the rule finds nobody.")

    @api.depends("partner_domain", "metric_domain", "kind", "user_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        """How many members the reader may see. One statement for any number of segments."""
        counts, problems = self._origin._count_members(self.env["res.partner"]._search([]))
        for segment in self:
            segment.member_count = counts.get(segment._origin.id, 0)
            segment.problem = problems.get(segment._origin.id, False)

    # ------------------------------------------------------------ members

    def _members_sql(self, partner_ids=None):
        """The members now: SQL that selects their ids.

        :param partner_ids: list of ids: only whether these are
        :raises UserError: when the rule cannot be asked
        """
        self.ensure_one()
        segment = self.sudo()  # sudo: which contacts come of it depends on the owner's rights, see _rule_sql
        if segment.kind == "live":
            return segment._rule_sql(partner_ids)
        these = SQL("AND partner_id = ANY(%s)", list(partner_ids)) if partner_ids is not None else SQL()
        return SQL("SELECT partner_id AS id FROM customer_segment_member WHERE segment_id = %s %s", self.id, these)

    def _members_domain(self):
        """The members of any of these segments, for whoever takes a segment as an audience (a mailing, a program, an
        occasion): to be joined with a domain on contacts, also by a scheduled job.

        :returns: Domain on ``res.partner``; the right to the segment is the caller's to check
        :raises UserError: when a rule cannot be asked
        """
        if not self:
            return Domain.FALSE
        members = SQL(" UNION ").join(SQL("(%s)", segment._members_sql()) for segment in self)
        return Domain("id", "in", SQL("(%s)", members))

    def _count_members(self, readable=None):
        """:param Query readable: count only contacts of this query
        :returns: ``({segment_id: number}, {segment_id: problem})``; a segment whose rule is broken is in the second
        """
        only = SQL("WHERE id IN %s", readable.subselect()) if readable is not None else SQL()
        return self._ask_all(lambda segment: SQL("SELECT COUNT(*) FROM (%s) member %s", segment._members_sql(), only))

    def _segments_of(self, partners):
        """Which of these segments each customer is in; a contact of a company is in those of his company.

        One statement, whatever the number of segments and customers. A broken rule finds nobody.

        :returns: ``{partner_id: set of segment ids}``
        """
        # sudo: which customer a contact belongs to is no secret of him who works with the contact.
        customers = {partner.id: partner.commercial_partner_id.id for partner in partners.sudo()}
        wanted = list(set(customers.values()))
        found, __ = self._ask_all(
            lambda segment: SQL("SELECT array_agg(id) FROM (%s) member", segment._members_sql(wanted))
        )
        return {
            partner_id: {segment_id for segment_id, ids in found.items() if customer_id in (ids or ())}
            for partner_id, customer_id in customers.items()
        }

    def _ask_all(self, question):
        """Ask something of each segment's members, together in one statement.

        :param question: function of a segment that gives SQL with one value; may raise UserError
        :returns: ``({segment_id: value}, {segment_id: problem})``
        """
        questions, problems = {}, {}
        for segment in self:
            try:
                questions[segment.id] = question(segment)
            except UserError as error:
                problems[segment.id] = str(error)
        try:
            return self._answers(questions), problems
        except REFUSED:
            # One of them compares what cannot be compared: let the others have their answers.
            answers = {}
            for segment_id, one in questions.items():
                try:
                    answers |= self._answers({segment_id: one})
                except REFUSED as error:
                    problems[segment_id] = self.browse(segment_id)._broken(error)
            return answers, problems

    def _answers(self, questions):
        if not questions:
            return {}
        asked = SQL(" UNION ALL ").join(SQL("SELECT %s, (%s)", id_, one) for id_, one in questions.items())
        self.env.flush_query(asked)
        with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
            return dict(self.env.execute_query(asked))

    # ------------------------------------------------------------ the rule

    def _rule_sql(self, partner_ids=None):
        """Whom the rule finds now, asked with the rights of the owner: SQL that selects their ids.

        :param partner_ids: list of ids: only whether these are found
        :raises UserError: when the rule cannot be asked, and why
        """
        self.ensure_one()
        env = self._owner_env()
        try:
            within = self._company_domain()
            if partner_ids is not None:
                within &= Domain("id", "in", list(partner_ids))
            query = env["res.partner"]._search(within & self._rule_domain(env["res.partner"], self.partner_domain))
            if query.is_empty():
                return SQL("SELECT NULL::int AS id WHERE FALSE")
            partner_id = SQL.identifier(query.table, "id")
            customer_id = env["res.partner"]._field_to_sql(query.table, "commercial_partner_id", query)
            query.add_where(SQL("%s = %s", partner_id, customer_id))
            metrics = self._rule_domain(env["customer.metric"], self.metric_domain)
            if not metrics.is_true():
                figures = env["customer.metric"]._search(Domain("company_id", "=", self.company_id.id) & metrics)
                query.add_where(SQL("%s IN %s", partner_id, figures.subselect("partner_id")))
            return query.select(SQL("%s AS id", partner_id))
        except (UserError, ValueError, TypeError, KeyError, RecursionError, NotImplementedError) as error:
            raise UserError(self._broken(error)) from error

    def _rule_domain(self, model, text):
        """A domain written as a literal: nothing in it is evaluated.

        :raises ValueError: when it is none, or names what the model does not have
        """
        if len(text or "") > LONGEST_RULE:
            raise ValueError(self.env._("it is longer than %s characters", LONGEST_RULE))
        try:
            conditions = literal_eval(text or "[]")
            domain = Domain(conditions)
        except (SyntaxError, MemoryError) as error:
            raise ValueError(self.env._("“%s” is no list of conditions with fixed values", text[:80])) from error
        if not is_whole(conditions):
            raise ValueError(self.env._("it holds half a character or a zero byte"))
        domain.validate(model)
        return domain

    def _company_domain(self):
        """Contacts of the segment's company, of those above it and of none: also where the owner is the system itself."""
        return Domain("company_id", "in", [False, *self.company_id.parent_ids.ids])

    def _owner_env(self):
        """:returns: an environment with the owner's rights in the segment's company
        :raises UserError: when there are none
        """
        asked = self.env.context.get(ASKED, ())
        if self.id in asked:
            raise UserError(self.env._("The rule of “%s” leads back to itself through other segments.", self.name))
        # sudo: whose the rule is; nothing is handed out but what he may read.
        owner, company = self.sudo().user_id, self.sudo().company_id
        if owner.id != SUPERUSER_ID and not (owner.active and company in owner.company_ids):
            raise UserError(
                self.env._(
                    "The rule of “%(segment)s” is asked with the rights of %(owner)s, who does not work in"
                    " %(company)s any more. Take the segment over.",
                    segment=self.name,
                    owner=owner.name,
                    company=company.name,
                )
            )
        context = {
            "allowed_company_ids": company.ids,
            "lang": owner.lang,
            "tz": owner.tz,
            ASKED: (*asked, self.id),
        }
        return self.env(user=owner.id, su=owner.id == SUPERUSER_ID, context=context)

    def _broken(self, error):
        """The sentence that tells what is wrong with the rule."""
        if isinstance(error, AccessError):
            # sudo: the name of the owner stands on the segment, which the reader may read
            cause = self.env._("its owner %s may not read what it asks for", self.sudo().user_id.name)
        else:
            cause = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return self.env._("The rule of “%(segment)s” cannot be asked: %(cause)s", segment=self.name, cause=cause)

    @api.model
    def _tell_problems(self, problems):
        """Rules that a scheduled job could not ask: the log has them, and the segment shows them to who opens it."""
        for segment_id, problem in problems.items():
            _logger.warning("Segment %s: %s", segment_id, problem)

    def _check_rule(self):
        """:raises ValidationError: when a rule that is being saved cannot be asked"""
        for segment in self:
            # sudo: only to look at what is saved; the rule is asked with the rights of its owner, the writer.
            asked = segment.sudo()._ask_all(
                lambda one: SQL("SELECT COUNT(*) FROM (SELECT 1 FROM (%s) member LIMIT 1) one", one._rule_sql())
            )
            for problem in asked[1].values():
                raise ValidationError(problem)
