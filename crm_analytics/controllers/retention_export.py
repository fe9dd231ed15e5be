import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RetentionExport(http.Controller):
    @http.route("/crm_analytics/retention.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def retention_xlsx(self, filters="{}"):
        """The dashboard as a workbook, for the companies chosen in the company switcher.

        :param filters: JSON of ``retention.dashboard.load``'s filters; what makes no sense is answered with 422, who may
            not read the figures with 403
        """
        dashboard = request.env["retention.dashboard"].with_context(allowed_company_ids=self._chosen_companies())
        try:
            filters = json.loads(filters)
        except (ValueError, RecursionError) as error:
            raise UserError(request.env._("The filters are no JSON. Export from the dashboard.")) from error
        content = dashboard._workbook(filters)
        name = request.env._("Retention")
        headers = [("Content-Type", TYPE), ("Content-Disposition", content_disposition(f"{name}.xlsx"))]
        return request.make_response(content, headers)

    def _chosen_companies(self):
        """The switcher's companies, as the web client keeps them in a cookie; of those that the user may choose."""
        user = request.env.user
        chosen = [int(word) for word in request.cookies.get("cids", "").split("-") if word.isdecimal()]
        allowed = set(user._get_company_ids())
        return [company_id for company_id in chosen if company_id in allowed] or user.company_id.ids
