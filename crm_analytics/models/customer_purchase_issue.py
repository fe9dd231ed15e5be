from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CustomerPurchaseIssue(models.Model):
    """Data that make the figures less than exact: one line per company, kind and model, with how many there are.

    Nothing is dropped silently: each line says what the figures do with such records, and opens exactly these.
    """

    _name = "customer.purchase.issue"
    _description = "Data Quality of Purchases"
    _order = "company_id, kind, res_model"
    _rec_name = "kind"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [
            ("no_customer", "Without a customer"),
            ("own_contact", "Sold to oneself"),
            ("future", "Dated in the future"),
            ("negative", "Total below zero"),
            ("no_rate", "Foreign currency without a rate"),
            ("duplicate", "Customers that are likely the same"),
            ("no_timezone", "Company without a time zone"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    records = fields.Char(compute="_compute_records")
    count = fields.Integer("How Many", readonly=True)
    explanation = fields.Text("What the Figures Do with Them", compute="_compute_explanation")
    counted_at = fields.Datetime("As of", readonly=True)

    # Serves the lines of a company, when they are looked at again.
    _company_kind_model_uidx = models.UniqueIndex("(company_id, kind, res_model)")

    # ------------------------------------------------------------ what is shown

    @api.depends("res_model")
    def _compute_records(self):
        for issue in self:
            # sudo: the name of a kind of records is no secret.
            issue.records = self.env["ir.model"].sudo()._get(issue.res_model).name or issue.res_model

    @api.depends("kind")
    def _compute_explanation(self):
        explanations = self._explanations()
        for issue in self:
            issue.explanation = explanations.get(issue.kind, "")

    @api.model
    def _explanations(self):
        """:returns: {kind: what the figures do with such records, and what to do about them}"""
        return {
            "no_customer": self.env._(
                "They are in no figure, because the figures are about customers. Choose the customer on the document."
            ),
            "own_contact": self.env._(
                "They count, with the company's own contact as the customer. Choose who bought, or cancel them."
            ),
            "future": self.env._(
                "They count on the day they are dated, so months to come have figures already. Correct the date."
            ),
            "negative": self.env._(
                "They count as orders and lessen the revenue. Make a credit note instead: it lessens the revenue without"
                " counting as an order."
            ),
            "no_rate": self.env._(
                "They count at the first rate that there is later, or one to one if there is none at all. Enter the rate"
                " of the day: they are counted anew by themselves."
            ),
            "duplicate": self.env._(
                "Each of them counts as a customer, so there are too many customers, and too few come back. Same e-mail"
                " address or phone number: merge those who are the same person."
            ),
            "no_timezone": self.env._(
                "Days and months begin at midnight UTC. Choose the time zone of purchases of the company: all is counted"
                " anew then."
            ),
        }

    def action_open(self):
        """The records of this line.

        :returns: an action; its list holds exactly those that are counted, as they are now
        :raises UserError: when the reader has no right to these records
        """
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise UserError(
                self.env._("%(records)s are no part of Odoo here any more. Press Look Again.", records=self.records)
            )
        model = self.env[self.res_model]
        if not model.has_access("read"):
            raise UserError(
                self.env._(
                    "You have no right to see %(records)s. Ask somebody who has to look at “%(what)s”.",
                    records=self.records,
                    what=self._kind_label(),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self._kind_label(),
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._domain(self.company_id, self.kind, self.env[self.res_model])),
            "context": {"active_test": False, "create": False, **self._context_of(self.company_id)},
        }

    def _kind_label(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    @api.model
    def _quality(self):
        """What is found in the reader's companies.

        :returns: list of dict of ``kind``, ``label``, ``count``, in the order of the kinds
        """
        self.browse().check_access("read")
        found = dict(self._read_group([("company_id", "in", self.env.companies.ids)], ["kind"], ["count:sum"]))
        return self._told(found)

    @api.model
    def _told(self, found):
        """:param found: {kind: number}
        :returns: see ``_quality``
        """
        labels = self._fields["kind"]._description_selection(self.env)
        return [{"kind": kind, "label": label, "count": found[kind]} for kind, label in labels if found.get(kind)]

    @api.model
    def _open_kind(self, kind):
        """:returns: an action: the records of a kind in the reader's companies; the lines, where there are several"""
        lines = self.search([("company_id", "in", self.env.companies.ids), ("kind", "=", kind)])
        if len(lines) == 1:
            return lines.action_open()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_analytics.customer_purchase_issue_action")
        return {**action, "domain": [("kind", "=", kind)]}

    # ------------------------------------------------------------ what is looked for

    @api.model
    def _look(self, companies):
        """Look for such data in some companies: a few counts for each, however many records there are."""
        now = fields.Datetime.now()
        kept = self.browse()
        for company in companies:
            old = {(line.kind, line.res_model): line for line in self.search([("company_id", "=", company.id)])}
            for kind, model in self._looked_for(company):
                model = model.with_context(active_test=False, **self._context_of(company))
                count = model.search_count(self._domain(company, kind, model))
                if not count:
                    continue
                line = old.get((kind, model._name)) or self.create(
                    {"company_id": company.id, "kind": kind, "res_model": model._name}
                )
                line.write({"count": count, "counted_at": now})
                kept |= line
        (self.search([("company_id", "in", companies.ids)]) - kept).unlink()

    @api.model
    def _looked_for(self, company):
        """:returns: list of (kind, model): what is looked for, and where"""
        found = [("no_timezone", self.env["res.company"]), ("duplicate", self.env["res.partner"])]
        for source in self.env["customer.purchase"]._purchase_sources():
            if company.purchase_basis in source._purchase_source().bases:
                found += [(kind, source) for kind in source._purchase_issue_kinds()]
        return found

    @api.model
    def _domain(self, company, kind, model):
        """:returns: Domain: the records of a kind; the same for counting and for showing"""
        if kind == "no_timezone":
            return Domain("id", "=", company.id) & Domain("partner_id.tz", "=", False)
        if kind == "duplicate":
            return Domain("purchase_duplicate", "=", True)
        # A line of a model that is no source of purchases (any more) opens nothing.
        is_source = model._name in [source._name for source in self.env["customer.purchase"]._purchase_sources()]
        return model._purchase_issue_domain(kind, company) if is_source else Domain.FALSE

    @api.model
    def _context_of(self, company):
        """What the search for likely duplicates is to know."""
        return {"purchase_company_id": company.id}

    def action_look_again(self):
        """Look again, in the companies chosen in the company switcher.

        :raises AccessError: to who is no administrator of customer analytics
        """
        if not self.env.user.has_group("crm_analytics.group_analytics_manager"):
            raise AccessError(self.env._("Only administrators of customer analytics may look for such data."))
        # sudo: the right was checked above; what is told is how many there are in the companies of the reader.
        self.sudo()._look(self.env.companies)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_look(self):
        """Scheduled: look in all companies, one per transaction."""
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all  # a handful
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._look(company)
            if not cron._commit_progress(1):
                break
