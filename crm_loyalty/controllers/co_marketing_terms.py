from odoo import http
from odoo.http import request
from odoo.tools import consteq

from .co_marketing_portal import PartnerPortal


class PartnerTerms(PartnerPortal):
    """Proposed terms by their link, without a login: read, accepted or declined, as one does with core's quotations."""

    def _terms(self, version_id, access_token):
        """The terms to which a link leads, as superuser; an empty record for any other.

        :param access_token: of the link
        """
        # sudo: who has the link may read these terms; that is checked here.
        version = request.env["co.marketing.version"].sudo().browse(version_id).exists()
        sent = isinstance(access_token, str) and access_token.isascii() and version.access_token
        good = sent and consteq(version.access_token, access_token) and version.state != "draft"
        return version if good else version.browse()

    def _terms_or_404(self, version_id, access_token):
        """:raises NotFound: without the right link"""
        version = self._terms(version_id, access_token)
        if not version:
            raise request.not_found()
        return version

    @staticmethod
    def _signer(version):
        """Who signs: the person who is logged in, where he is one of the partner's; else the partner company."""
        partner, contact = version.agreement_id.partner_id, request.env.user.partner_id
        # sudo: only to which company the user belongs.
        mine = contact.sudo().commercial_partner_id == partner.commercial_partner_id
        return contact if mine else partner

    @http.route(
        "/my/partner/terms/<int:version_id>", type="http", auth="public", website=True, sitemap=False, readonly=True
    )
    def partner_terms(self, version_id, access_token="", **kw):
        """The terms, and a place to sign while they are proposed."""
        return self._terms_page(self._terms_or_404(version_id, access_token))

    def _terms_page(self, version, error="", status=200):
        response = self._partner_page(
            "crm_loyalty.partner_terms",
            status,
            version=version,
            agreement=version.agreement_id,
            error=error,
            no_breadcrumbs=True,
        )
        response.headers["Cache-Control"] = "no-store"  # the secret stands in the address
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    @http.route("/my/partner/terms/<int:version_id>/accept", type="jsonrpc", auth="public", website=True)
    def partner_terms_accept(self, version_id, name=None, signature=None, access_token=None, **kw):
        """Accept with name, date and signature."""
        version = self._terms(version_id, access_token or request.httprequest.args.get("access_token"))
        if version.state != "proposed":
            return {"error": request.env._("These terms are not open for acceptance any more. Reload the page.")}
        if error := self._accept_terms(version, name, signature, self._signer(version)):
            return {"error": error}
        return {"force_refresh": True, "redirect_url": version.get_portal_url(query_string="&signed=1")}

    @http.route(
        "/my/partner/terms/<int:version_id>/decline",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def partner_terms_decline(self, version_id, access_token="", reason="", **post):
        """Give them back, with a reason."""
        version = self._terms_or_404(version_id, access_token)
        if error := self._fault_of_reason(reason):
            return self._terms_page(version, error, status=422)
        if version.state != "proposed":
            return self._terms_page(version, request.env._("Nothing is proposed any more."), status=409)
        version._decline(reason, self._signer(version))
        return self._partner_page(
            "crm_loyalty.partner_terms_declined", agreement=version.agreement_id, no_breadcrumbs=True
        )
