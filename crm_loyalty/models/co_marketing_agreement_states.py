from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CoMarketingAgreement(models.Model):
    """From the draft to the end: each step is one method, which says what it needs."""

    _inherit = "co.marketing.agreement"

    def _check_manager(self):
        self.check_access("write")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager makes agreements with partners."))

    def _check_state(self, *allowed):
        """:raises UserError: when one of these agreements is in none of the states"""
        states = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if agreement.state not in allowed:
                raise UserError(
                    self.env._(
                        "Agreement %(number)s is “%(state)s”: this is for agreements that are “%(allowed)s”.",
                        number=agreement.name,
                        state=states[agreement.state],
                        allowed="”, “".join(states[state] for state in allowed),
                    )
                )

    def _enter(self, state, **vals):
        # sudo: nobody writes the state himself; each step that calls this has checked who may take it.
        self.sudo().write({"state": state, **vals})

    # ------------------------------------------------------------ making it

    def action_propose(self):
        """Send the draft, or changed terms, to the partner to be accepted in the portal.

        :raises UserError: when something that the partner would agree to is missing
        """
        self._check_manager()
        for agreement in self:
            version = agreement.open_version_id
            if not version or version.state != "draft":
                raise UserError(
                    self.env._(
                        "Agreement %s has no terms in draft. Press “Change the Terms” to begin a new version.",
                        agreement.name,
                    )
                )
            version._check_complete()
            version._propose()
            if agreement.state == "draft":
                agreement._enter("proposed")
            agreement._tell_partner(version)

    def _tell_partner(self, version):
        """Write to the partner's contacts that there is something to accept."""
        url = f"{self.get_base_url()}/my/partner/agreements/{self.id}"
        body = self.env._(
            "%(company)s proposes agreement %(number)s, version %(version)s of the terms. Read and accept it by the button of"
            " this message, or with your login here: %(url)s",
            company=self.company_id.name,
            number=self.name,
            version=version.number,
            url=url,
        )
        self.message_post(
            body=body, partner_ids=self.contact_ids.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def action_back_to_draft(self):
        """Take a proposal back that was not accepted yet."""
        self._check_manager()
        self._check_state("proposed")
        self.open_version_id._withdraw()
        self._enter("draft")

    def action_change_terms(self):
        """Begin a new version of the terms, as a copy of those in force; these hold until the new ones are accepted.

        :return: the action that opens it
        """
        self.ensure_one()
        self._check_manager()
        self._check_state("accepted", "running", "suspended")
        if not self.open_version_id:
            self.version_id._copy_to(self, counted=True)
            self.invalidate_recordset(["version_ids", "open_version_id"])
        return self.action_open_terms()

    def _accepted(self):
        """The terms were accepted: by ``co.marketing.version._accept`` only."""
        self._check_state("proposed", "accepted", "running", "suspended")
        if self.state == "proposed":
            self._enter("accepted")
            self._follow_dates()

    # ------------------------------------------------------------ running

    def action_suspend(self):
        """Nobody is served under it until it is resumed."""
        self._check_manager()
        self._check_state("accepted", "running")
        self._enter("suspended")

    def action_resume(self):
        """Go on after a suspension, with what the dates say."""
        self._check_manager()
        self._check_state("suspended")
        self._enter("accepted")
        for agreement in self:
            agreement._follow_dates()

    def action_give_notice(self):
        """Write down that one side gave notice: it ends on its last day and does not go on by itself."""
        self._check_manager()
        self._check_state("accepted", "running", "suspended")
        for agreement in self:
            if agreement.notice_date and agreement._today() > agreement.notice_date and agreement.renewal == "renews":
                raise UserError(
                    self.env._(
                        "Notice of agreement %(number)s had to be given by %(day)s. It goes on; end it only if both sides agree.",
                        number=agreement.name,
                        day=fields.Date.to_string(agreement.notice_date),
                    )
                )
            # sudo: the right is checked above; the field is written by this step only.
            agreement.sudo().notice_given_on = agreement._today()

    def action_end(self):
        """End it at once, because both sides agree or one had to."""
        self._check_manager()
        self._check_state("proposed", "accepted", "running", "suspended")
        for agreement in self:
            agreement.open_version_id._withdraw()
            agreement._end()

    def _end(self):
        """Nobody is served from now on; today is its last day, unless it was over before."""
        today = self._today()
        vals = {} if self.date_end and self.date_end < today else {"date_end": max(today, self.date_start)}
        self._enter("ended", **vals)

    # ------------------------------------------------------------ by the calendar

    def _follow_dates(self):
        """Begin, prolong or end as the dates say, as of today. Calling it again changes nothing."""
        self.ensure_one()
        today = self._today()
        if self.state == "accepted" and self.date_start <= today:
            self._enter("running")
        if self.state not in ("running", "suspended") or not self.date_end or self.date_end >= today:
            return
        if self.renewal == "renews" and not self.notice_given_on:
            self._prolong(today)
        else:
            self._enter("ended")

    def _prolong(self, today):
        """It goes on: by whole periods, until the last day is ahead again."""
        periods = 1
        while fields.Date.add(self.date_end, months=periods * self.renewal_months) < today:
            periods += 1
        last_day = fields.Date.add(self.date_end, months=periods * self.renewal_months)
        self._enter(self.state, date_end=last_day)
        self._message_log(body=self.env._("Nobody gave notice: the agreement goes on until %s.", last_day))

    @api.model
    def _to_follow_domain(self, today):
        """Agreements for which the calendar may have something to do."""
        begins = [("state", "=", "accepted"), ("date_start", "<=", today)]
        ends = [("state", "in", ("running", "suspended")), ("date_end", "<", today)]
        return Domain(begins) | Domain(ends)
