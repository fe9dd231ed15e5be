import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from ..lookup_term import LookupTerm
from ..plausible import database_text

GROUP = "crm_contact_history.group_front_desk"
NOTIFICATION = "crm_contact_history.incoming_call"
# E.164: the longest number in the world has 15 digits. The shortest here is an extension of our own.
MOST_DIGITS = 15
LONGEST_NUMBER = 40
LONGEST_CALL_ID = 128
# So many people under one number (a company's switchboard) are shown.
MOST_CANDIDATES = 10
# A shorter number has to be equal: many end in the same few digits.
LEAST_END = 8
TAKEN_WITHIN = timedelta(hours=1)


class ResPartner(models.Model):
    """A telephone exchange tells who calls whom; the customer's card opens on that agent's screen."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    @api.model
    def incoming_call(self, number, agent=None, call_id=None):
        """Log an incoming call and show the caller to the agent who is called.

        This is our documented interface for telephone exchanges (``docs/telephone.md``). It is called by RPC or as
        ``POST /json/2/res.partner/incoming_call``, with the API key of a user with the right "Front Desk".

        :param str number: the caller's number, in any spelling
        :param agent: login (text) or user id (number) of the person who is called; the calling user when not given
        :param str call_id: the exchange's own number of this call, up to 128 characters. A call that is told twice,
            such as by a retry or when it is passed on to another agent, is logged once and shown to each agent
        :return: ``{"touchpoint_id": int, "partners": [{"id": int, "name": str}]}``: the contact that was logged, and
            who has this number, as far as the calling user may read them
        :raises AccessError: when the calling user is not of the front desk
        :raises ValidationError: with a sentence that says what is wrong; nothing is logged then
        """
        if not self.env.user.has_group(GROUP):
            raise AccessError(self.env._("Calls are told by users with the access right “Front Desk” only."))
        number = self._incoming_number(number)
        agent = self._incoming_agent(agent)
        call_id = self._incoming_call_id(call_id)
        # The call is the agent's: he sees and logs it with his own rights, in all of his companies. The calling user
        # learns below only of contacts that he may read himself.
        companies = (agent.company_id | agent.company_ids).ids
        desk = self.with_user(agent).with_context(allowed_company_ids=companies, lang=agent.lang)
        callers = desk._partners_with_number(number)
        touchpoint_id = desk._log_incoming_call(number, callers, call_id)
        agent._bus_send(NOTIFICATION, desk._incoming_call_shown(number, callers, touchpoint_id))
        known = callers.with_env(self.env)._filtered_access("read")
        partners = [{"id": partner.id, "name": partner.display_name} for partner in known]
        return {"touchpoint_id": touchpoint_id, "partners": partners}

    @api.model
    def take_incoming_call(self, touchpoint_id, partner_id=False):
        """This person answers a call that is on his screen: it becomes his, and that of the caller he recognises.

        A call can be shown to several agents (a group that rings together, a call that is passed on), but is logged
        once, in the name of the first.

        :param int touchpoint_id: the call, of the last hour
        :param partner_id: who is calling, where the number did not tell
        :raises AccessError: when this person may not read the call or the contact, or is not of the front desk
        :raises ValidationError: when it is no call that could be taken
        """
        if not self.env.user.has_group(GROUP):
            raise AccessError(self.env._("Calls are answered by users with the access right “Front Desk” only."))
        call = self.env["crm.touchpoint"].browse(self._incoming_record_id(touchpoint_id)).exists()
        caller = partner_id and self.browse(self._incoming_record_id(partner_id)).exists()
        if not call or (partner_id and not caller):
            raise ValidationError(self.env._("This call, or this contact, is there no more."))
        call.check_access("read")
        if not call.phone or call.direction != "in" or call.start < fields.Datetime.now() - TAKEN_WITHIN:
            raise ValidationError(self.env._("Only an incoming call of the last hour can be taken."))
        values = {"user_id": self.env.uid}
        if caller:
            caller.check_access("read")
            if call.partner_id and call.partner_id != caller:
                raise ValidationError(self.env._("This call is logged with another contact already."))
            values["partner_id"] = caller.id
        # sudo: the call may be a colleague's so far. It was checked above that this person is of the front desk, reads
        # the call and the contact, that it is a call of the last hour, and that nobody else was recognised in it.
        call.sudo().write(values)

    # -- the arguments, each checked -----------------------------------------------------------------------------

    def _incoming_record_id(self, value):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
            raise ValidationError(self.env._("A record is named by its id, a whole number above zero."))
        return value

    def _incoming_number(self, number):
        if not isinstance(number, str):
            raise ValidationError(self.env._("The number is to be a text, such as “+62 812 2345 6701”."))
        if len(number) > LONGEST_NUMBER or not re.fullmatch(r"\s*\+?[0-9\s()./-]+", number):
            raise ValidationError(self.env._("“%s” is no telephone number.", database_text(number[:LONGEST_NUMBER])))
        term = LookupTerm.parse(number)
        if not term or not term.digits or len(term.digits) > MOST_DIGITS:
            raise ValidationError(
                self.env._("“%s” is no telephone number: it is to have 3 to 15 digits.", number[:LONGEST_NUMBER])
            )
        return term.text

    def _incoming_agent(self, agent):
        if agent is None or agent is False:
            return self.env.user
        # sudo: looks the agent up, who is refused unless he is of the front desk of a company of the calling user.
        users = self.env["res.users"].sudo()
        if isinstance(agent, str) and 0 < len(agent) <= LONGEST_CALL_ID and agent.isprintable():
            found = users.search([("login", "=", agent)])
        elif isinstance(agent, int) and not isinstance(agent, bool) and 0 < agent < 2**31:
            found = users.search([("id", "=", agent)])
        else:
            raise ValidationError(self.env._("The agent is to be the login (text) or the id (number) of a user."))
        if not found or not found.has_group(GROUP) or not found.company_ids & self.env.user.company_ids:
            raise ValidationError(
                self.env._("There is no agent “%s”: name a user with the access right “Front Desk”.", agent)
            )
        return found.sudo(False)

    def _incoming_call_id(self, call_id):
        if call_id is None or call_id is False or call_id == "":
            return False
        if not isinstance(call_id, str) or len(call_id) > LONGEST_CALL_ID or not call_id.isprintable():
            raise ValidationError(
                self.env._("The number of the call (call_id) is to be a text of up to %s characters.", LONGEST_CALL_ID)
            )
        return call_id.strip()

    # -- who calls -----------------------------------------------------------------------------------------------

    def _partners_with_number(self, number):
        """The contacts that have this very number, as far as this person may read them.

        :param str number: a valid spelling of a telephone number
        """
        full = self._phone_format(number=number)
        national = self._phone_format(number=number, force_format="NATIONAL")
        term = LookupTerm.parse(national or number)
        if not term or not term.digits:
            return self.browse()
        selects = [
            select
            for spec in self._contact_lookup_specs()
            if spec.match in ("phone", "phone_as_typed")
            and (select := self._contact_lookup_select(spec, term, 5 * MOST_CANDIDATES))
        ]
        rows = self.env.execute_query(SQL(" UNION ").join([SQL("(%s)", select) for select in selects]))
        partners = self.search_fetch(
            [("id", "in", list({partner_id for partner_id, *__ in rows}))],
            ["name", "display_name", "phone", "phone_sanitized", "parent_id"],
            order="id",
        )
        return partners.filtered(lambda partner: partner._has_number(full, term.digits))[:MOST_CANDIDATES]

    def _has_number(self, full, digits):
        if full and self.phone_sanitized:
            return self.phone_sanitized == full
        own = re.sub(r"\D", "", self.phone_sanitized or self.phone or "").lstrip("0")
        return own == digits or (len(digits) >= LEAST_END and own.endswith(digits))

    # -- what comes of it ----------------------------------------------------------------------------------------

    def _log_incoming_call(self, number, callers, call_id):
        """Log the call as this person's, once per call.

        :return: id of the touchpoint
        """
        touchpoints = self.env["crm.touchpoint"]
        if call_id:
            # sudo: a call has one number over all companies and agents; only the id is used.
            logged = touchpoints.sudo().with_context(active_test=False).search([("call_ref", "=", call_id)])
            if logged:
                return logged.id
        channel = self.env["crm.touchpoint.channel"].with_context(active_test=False).search([("code", "=", "phone")])
        if not channel:
            raise ValidationError(self.env._("There is no way of contact with the code “phone” to log a call by."))
        caller = callers if len(callers) == 1 else self.browse()
        values = {
            "partner_id": caller.id,
            "phone": number,
            "channel_id": channel.id,
            "direction": "in",
            "subject": self.env._("Incoming call"),
            "user_id": self.env.uid,
            "company_id": caller.company_id.id or self.env.company.id,
            "call_ref": call_id,
        }
        try:
            with self.env.cr.savepoint():
                touchpoint = touchpoints.create(values)
                touchpoint.flush_recordset()
        except UniqueViolation as error:
            # The same call is being told twice at once: when this request is tried again, it finds the other's.
            raise ConcurrencyError(f"The call {call_id} is being logged by another request") from error
        return touchpoint.id

    def _incoming_call_shown(self, number, callers, touchpoint_id):
        """What the agent's screen is told."""
        badges = callers._customer_badges()
        return {
            "touchpoint_id": touchpoint_id,
            "number": number,
            "callers": [
                {
                    "id": caller.id,
                    "name": caller.name or caller.display_name,
                    # sudo: only the company's name, of a contact that the agent may read.
                    "company": caller.parent_id.sudo().name or False,
                    "badges": [
                        {key: badge[key] for key in ("label", "value", "severity")}
                        for badge in sorted(badges[caller.id], key=lambda badge: badge["sequence"])
                    ],
                }
                for caller in callers
            ],
        }
