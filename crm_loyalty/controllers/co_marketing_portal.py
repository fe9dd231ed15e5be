import binascii

from odoo import http
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request

LONGEST_SIGNATURE = 2_000_000  # characters of a drawn signature
REASON_LENGTH = 200
PAGE = 40


class PartnerPortal(CustomerPortal):
    """What a partner's people do in the portal: sign, look at redemptions, give roles. The counter is a file of its own."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "co_marketing_role_count" in counters:
            values["co_marketing_role_count"] = len(self._people())
        return values

    # ------------------------------------------------------------ who is it

    @staticmethod
    def _people():
        """The roles of the user, as superuser."""
        return request.env["co.marketing.person"]._of_user(request.env.user)

    def _people_or_404(self):
        """:raises NotFound: for everybody who is nobody at a partner"""
        people = self._people()
        if not people:
            raise request.not_found()
        return people

    def _managers_or_404(self):
        """The roles in which the user is manager. :raises NotFound: for cashiers, and everybody else"""
        managers = self._people().filtered(lambda person: person.role == "manager")
        if not managers:
            raise request.not_found()
        return managers

    def _agreement(self, agreement_id):
        """An agreement that the user, as manager of the partner, may read and sign; as superuser.

        :raises NotFound: for any other
        """
        agreement = self._people()._managed_agreements().filtered(lambda one: one.id == agreement_id)
        if not agreement:
            raise request.not_found()
        return agreement

    @staticmethod
    def _page_number(page):
        """The number of a page of a list. :raises NotFound: for anything that is none"""
        if not (isinstance(page, str) and page.isascii() and page.isdigit() and 0 < len(page) < 6 and int(page)):
            raise request.not_found()
        return int(page)

    def _partner_page(self, template, status=200, **values):
        people = self._people()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "co_marketing",
            "people": people,
            "is_manager": any(person.role == "manager" for person in people),
            **values,
        }
        response = request.render(template, values)
        response.status_code = status
        return response

    # ------------------------------------------------------------ pages

    @http.route("/my/partner", type="http", auth="user", website=True, readonly=True)
    def partner_home(self, **kw):
        """The way to the counter, and for managers the agreements."""
        people = self._people_or_404()
        agreements = people._managed_agreements().sorted(lambda one: (one.state == "ended", -one.id))
        return self._partner_page("crm_loyalty.partner_home", agreements=agreements, outlets=people._outlets())

    @http.route("/my/partner/agreements/<int:agreement_id>", type="http", auth="user", website=True, readonly=True)
    def partner_agreement(self, agreement_id, **kw):
        """What was agreed, and what is proposed."""
        return self._agreement_page(self._agreement(agreement_id))

    def _agreement_page(self, agreement, error="", status=200):
        proposed = agreement.open_version_id.filtered(lambda version: version.state == "proposed")
        return self._partner_page(
            "crm_loyalty.partner_agreement", status, agreement=agreement, proposed=proposed, error=error
        )

    @http.route("/my/partner/agreements/<int:agreement_id>/accept", type="jsonrpc", auth="user", website=True)
    def partner_accept(self, agreement_id, name=None, signature=None, **kw):
        """Accept the proposed terms, as one signs an order: with name, date and signature.

        The address names the proposal that was on the page, so that nobody signs what he has not seen.
        """
        seen = request.httprequest.args.get("version")
        agreement = self._people()._managed_agreements().filtered(lambda one: one.id == agreement_id)
        proposed = agreement.open_version_id.filtered(lambda version: version.state == "proposed")
        if not proposed or proposed._proposal_key() != seen:
            return {"error": request.env._("These terms are not open for acceptance any more. Reload the page.")}
        if error := self._accept_terms(proposed, name, signature, request.env.user.partner_id):
            return {"error": error}
        return {"force_refresh": True, "redirect_url": f"/my/partner/agreements/{agreement.id}?signed=1"}

    @staticmethod
    def _accept_terms(version, name, signature, contact):
        """Accept terms as superuser: that ``contact`` may is the caller's to check.

        :return: a sentence that says what is wrong; empty when they are accepted
        """
        if not isinstance(name, str) or not isinstance(signature, str) or len(signature) > LONGEST_SIGNATURE:
            return request.env._("Write your name and draw your signature.")
        try:
            with request.env.cr.savepoint():
                version._accept(database_text(name), signature, contact)
                request.env.flush_all()
        except UserError as error:
            return str(error)
        except (TypeError, ValueError, binascii.Error):
            return request.env._("The signature cannot be read. Draw it again.")
        return ""

    @http.route(
        "/my/partner/agreements/<int:agreement_id>/decline", type="http", auth="user", website=True, methods=["POST"]
    )
    def partner_decline(self, agreement_id, **post):
        """Give the proposed terms back, with a reason."""
        agreement = self._agreement(agreement_id)
        reason = post.get("reason", "")
        if error := self._fault_of_reason(reason):
            return self._agreement_page(agreement, error, status=422)
        if agreement.open_version_id.state != "proposed":
            return self._agreement_page(agreement, request.env._("Nothing is proposed any more."), status=409)
        agreement.open_version_id._decline(reason, request.env.user.partner_id)
        return request.redirect("/my/partner")

    @staticmethod
    def _fault_of_reason(reason):
        """A sentence when something is no reason to decline; else nothing."""
        if not isinstance(reason, str) or not reason.strip() or len(reason) > REASON_LENGTH or "\x00" in reason:
            return request.env._("Write in %s characters at most what should be changed.", REASON_LENGTH)
        return ""

    # ------------------------------------------------------------ redemptions

    @http.route("/my/partner/redemptions", type="http", auth="user", website=True, readonly=True)
    def partner_redemptions(self, page="1", **kw):
        """What was redeemed at the partner's outlets, newest first: receipts and figures, no names of members."""
        managers, page = self._managers_or_404(), self._page_number(page)
        agreements = managers._managed_agreements()
        # sudo: of the agreements that the user manages, see above.
        redemptions = request.env["co.marketing.redemption"].sudo()
        rows = redemptions.search([("agreement_id", "in", agreements.ids)], offset=(page - 1) * PAGE, limit=PAGE + 1)
        if not rows and page > 1:
            raise request.not_found()
        return self._partner_page(
            "crm_loyalty.partner_redemptions", redemptions=rows[:PAGE], page=page, has_more=len(rows) > PAGE
        )

    # ------------------------------------------------------------ people

    @http.route("/my/partner/people", type="http", auth="user", website=True, methods=["GET"])
    def partner_people(self, **kw):
        """The manager's colleagues with a login, and their roles."""
        return self._people_page(self._managers_or_404())

    @http.route("/my/partner/people", type="http", auth="user", website=True, methods=["POST"])
    def partner_grant(self, **post):
        """Give a colleague a role, or take it away."""
        managers = self._managers_or_404()
        contact = self._colleagues().filtered(lambda one: str(one.id) == post.get("contact"))
        if not contact or post.get("role") not in ("", "cashier", "manager"):
            error = request.env._("Choose a colleague with a login, and a role.")
            return self._people_page(managers, error, status=422)
        if contact == request.env.user.partner_id:
            return self._people_page(managers, request.env._("Your own role is changed by a colleague."), status=409)
        for person in managers:
            person._grant(contact, post["role"], person.company_id)
        return request.redirect("/my/partner/people")

    @staticmethod
    def _colleagues():
        """People of the user's company who can log in to the portal, as superuser."""
        user = request.env.user
        # sudo: only contacts of the user's own company; called for its manager alone.
        contacts = request.env["res.partner"].sudo()
        company = user.partner_id.sudo().commercial_partner_id  # sudo: his own company
        return contacts.search([("commercial_partner_id", "=", company.id), ("user_ids.share", "=", True)])

    def _people_page(self, managers, error="", status=200):
        contacts = self._colleagues()
        # sudo: roles of these colleagues towards the companies for which the user is manager.
        rows = request.env["co.marketing.person"].sudo()
        rows = rows.search(
            [("partner_id", "in", contacts.ids), ("company_id", "in", managers.company_id.ids)], order="role"
        )
        roles = {row.partner_id: row.role for row in rows}
        return self._partner_page(
            "crm_loyalty.partner_people",
            status,
            contacts=contacts,
            roles=roles,
            error=error,
            me=request.env.user.partner_id,
        )
