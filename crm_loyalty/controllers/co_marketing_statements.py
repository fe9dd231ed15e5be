from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.co_marketing_statement_steps import READABLE
from .co_marketing_portal import PAGE, PartnerPortal

LINES = 100  # of a statement, on one page


class PartnerStatements(PartnerPortal):
    """What the partner's manager does with statements: read them, confirm them, dispute single lines."""

    def _statements(self):
        """The statements that the user, as manager of the partner, may read; as superuser.

        :raises NotFound: for cashiers, and everybody else
        """
        agreements = self._managers_or_404()._managed_agreements()
        # sudo: of the agreements that the user manages, see above; drafts are ours alone.
        statements = request.env["co.marketing.statement"].sudo()
        return statements, [("agreement_id", "in", agreements.ids), ("state", "in", READABLE)]

    def _statement(self, statement_id):
        """:raises NotFound: for any that is not the partner's"""
        statements, domain = self._statements()
        statement = statements.search([*domain, ("id", "=", statement_id)])
        if not statement:
            raise request.not_found()
        return statement

    @http.route("/my/partner/statements", type="http", auth="user", website=True, readonly=True)
    def partner_statements(self, page="1", **kw):
        """Statements, newest first."""
        statements, domain = self._statements()
        page = self._page_number(page)
        rows = statements.search(domain, offset=(page - 1) * PAGE, limit=PAGE + 1)
        if not rows and page > 1:
            raise request.not_found()
        return self._partner_page(
            "crm_loyalty.partner_statements", statements=rows[:PAGE], page=page, has_more=len(rows) > PAGE
        )

    @http.route("/my/partner/statements/<int:statement_id>", type="http", auth="user", website=True, readonly=True)
    def partner_statement(self, statement_id, page="1", **kw):
        """One statement, with its lines."""
        return self._statement_page(self._statement(statement_id), self._page_number(page))

    def _statement_page(self, statement, page=1, error="", status=200):
        # sudo: lines of the statement that the user may read.
        lines = request.env["co.marketing.statement.line"].sudo()
        rows = lines.search([("statement_id", "=", statement.id)], offset=(page - 1) * LINES, limit=LINES + 1)
        if not rows and page > 1:
            raise request.not_found()
        return self._partner_page(
            "crm_loyalty.partner_statement",
            status,
            statement=statement,
            lines=rows[:LINES],
            page=page,
            has_more=len(rows) > LINES,
            error=error,
            total_key=self._total_key(statement),
        )

    @http.route("/my/partner/statements/<int:statement_id>/pdf", type="http", auth="user", website=True)
    def partner_statement_pdf(self, statement_id, **kw):
        """The same on paper."""
        statement = self._statement(statement_id)
        # sudo: the report of a statement that the user may read.
        reports = request.env["ir.actions.report"].sudo()
        content, kind = reports._render_qweb_pdf("crm_loyalty.report_co_marketing_statement", statement.ids)
        name = f"{statement.name.replace('/', '-')}.{kind}"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf" if kind == "pdf" else "text/html; charset=utf-8"),
                ("Content-Disposition", http.content_disposition(name)),
            ],
        )

    @http.route(
        "/my/partner/statements/<int:statement_id>/confirm", type="http", auth="user", website=True, methods=["POST"]
    )
    def partner_statement_confirm(self, statement_id, total="", **post):
        """Confirm what is not disputed: the total that was on the page, so that nobody confirms what he has not seen."""
        statement = self._statement(statement_id)
        if total != self._total_key(statement):
            error = request.env._("The total has changed since you opened the page. Look through it again.")
            return self._statement_page(statement, error=error, status=409)
        try:
            with request.env.cr.savepoint():
                statement._confirm(request.env.user.partner_id)
        except UserError as error:
            return self._statement_page(statement, error=str(error), status=409)
        return request.redirect(f"/my/partner/statements/{statement.id}")

    @staticmethod
    def _total_key(statement):
        return str(statement.currency_id.round(statement.total) + 0.0)

    @http.route(
        "/my/partner/statements/<int:statement_id>/lines/<int:line_id>/dispute",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def partner_statement_dispute(self, statement_id, line_id, reason="", **post):
        """Dispute a line, with a reason; the rest goes on."""
        statement = self._statement(statement_id)
        # sudo: a line of the statement that the user may read.
        lines = request.env["co.marketing.statement.line"].sudo()
        line = lines.search([("statement_id", "=", statement.id), ("id", "=", line_id)])
        if not line:
            raise request.not_found()
        if statement.state != "sent" or line.state != "open":
            error = request.env._("This line is not open for objections any more.")
            return self._statement_page(statement, error=error, status=409)
        try:
            with request.env.cr.savepoint():
                line._dispute(reason, request.env.user.partner_id)
        except UserError as error:
            return self._statement_page(statement, error=str(error), status=422)
        return request.redirect(f"/my/partner/statements/{statement.id}")
