from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request
from werkzeug.exceptions import BadRequest, NotFound

MAX_ID = 2**31 - 1  # PostgreSQL's integer; a larger id in an address belongs to no record


class PortalTickets(CustomerPortal):
    """The customer's tickets: the list, the single ticket as a conversation, the tile on his home page."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ticket_count" in counters:
            values["ticket_count"] = self._count_own_tickets(request.env["service.ticket"]._open_domain())
        if "ticket_waiting_count" in counters:
            values["ticket_waiting_count"] = self._count_own_tickets(
                request.env["service.ticket"]._waits_for_customer_domain()
            )
        return values

    def _count_own_tickets(self, domain):
        tickets = request.env["service.ticket"]
        return tickets.search_count(Domain(self._own_tickets()) & Domain(domain)) if tickets.has_access("read") else 0

    def _own_tickets(self):
        return request.env["service.ticket"]._own_domain(request.env.user.partner_id)

    # The list ---------------------------------------------------------------------------------------

    def _ticket_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "id desc"},
            "update": {"label": request.env._("Last change"), "order": "write_date desc, id desc"},
            "subject": {"label": request.env._("Subject"), "order": "name, id desc"},
        }

    def _ticket_filters(self):
        tickets = request.env["service.ticket"]
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "open": {"label": request.env._("Open"), "domain": tickets._open_domain()},
            "waiting": {
                "label": request.env._("Waiting for my answer"),
                "domain": tickets._waits_for_customer_domain(),
            },
            "done": {
                "label": request.env._("Done"),
                "domain": ["!", *tickets._open_domain()],
            },
        }

    @http.route(["/my/tickets", "/my/tickets/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def my_tickets(self, page=1, sortby="date", filterby="all", search="", **_other):
        """The tickets of the customer's account.

        :raise BadRequest: for a sorting or filter that does not exist
        """
        sortings, filters = self._ticket_sortings(), self._ticket_filters()
        self._check_choice("sortby", sortby, sortings)
        self._check_choice("filterby", filterby, filters)
        search = search.replace("\x00", "").strip()
        tickets = request.env["service.ticket"]
        domain = Domain(self._own_tickets()) & Domain(filters[filterby]["domain"])
        if search:
            domain &= Domain("number", "ilike", search) | Domain("name", "ilike", search)
        if not tickets.has_access("read"):
            domain = Domain.FALSE
        pages = pager(
            url="/my/tickets",
            total=tickets.search_count(domain) if domain != Domain.FALSE else 0,
            page=min(page, MAX_ID),
            step=self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
        )
        if domain != Domain.FALSE:
            tickets = tickets.search(
                domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=pages["offset"]
            )
        request.session["my_tickets_history"] = tickets.ids[:100]
        return request.render(
            "crm_service_desk.portal_my_tickets",
            self._prepare_portal_layout_values()
            | {
                # sudo: found under the reader's own rights above; names of stages are not for the portal to read
                "tickets": tickets.sudo(),
                "page_name": "ticket_list",
                "default_url": "/my/tickets",
                "pager": pages,
                "searchbar_sortings": sortings,
                "sortby": sortby,
                "searchbar_filters": filters,
                "filterby": filterby,
                "searchbar_inputs": {"all": {"input": "all", "label": request.env._("Search number or subject")}},
                "search_in": "all",
                "search": search,
            },
        )

    def _check_choice(self, name, value, choices):
        if value not in choices:
            raise BadRequest(
                request.env._(
                    "“%(value)s” is not a value of %(name)s. Choose one of: %(choices)s.",
                    value=value[:50],
                    name=name,
                    choices=", ".join(choices),
                )
            )

    # The ticket -------------------------------------------------------------------------------------

    @http.route(["/my/tickets/<int:ticket_id>"], type="http", auth="public", website=True)
    def my_ticket(self, ticket_id, access_token=None, filed=None, **kw):
        """One ticket, for its customer or for who has the link with its token.

        A ticket of somebody else and one that does not exist get the same answer.
        """
        try:
            ticket = self._ticket_for_reader(ticket_id, access_token)
        except (AccessError, MissingError) as error:
            if request.env.user._is_public() and not access_token:
                return request.redirect(f"/web/login?redirect=/my/tickets/{ticket_id}")
            raise NotFound() from error
        values = {
            "page_name": "ticket",
            "ticket": ticket,
            "just_filed": bool(filed),
            "steps": self._ticket_steps(ticket),
            "files": [
                # a token of limited life: the page is also read by people without a login
                {"file": file, "token": file._get_raw_access_token()}
                for file in ticket.attachment_ids
            ],
        }
        values = self._get_page_view_values(ticket, access_token, values, "my_tickets_history", False, **kw)
        return request.render("crm_service_desk.portal_ticket_page", values)

    def _ticket_for_reader(self, ticket_id, access_token):
        """The ticket, as superuser, after checking the reader's rights or his token."""
        if ticket_id > MAX_ID:
            raise MissingError(request.env._("This document does not exist."))
        return self._document_check_access("service.ticket", ticket_id, access_token)

    def _ticket_steps(self, ticket):
        """Where the ticket stands, in plain words: what has happened and what comes next."""
        explained = {
            "new": request.env._("We have your message. A person of our team reads it and answers you here."),
            "in_progress": request.env._("We are working on it. You can add to your message below."),
            "waiting_customer": request.env._("We wait for your answer. Please write it below."),
            "waiting_third_party": request.env._("We wait for somebody outside and tell you as soon as we know more."),
            "resolved": request.env._("We think this is solved. If it is not, write below and we go on."),
            "closed": request.env._("This is closed."),
        }
        return explained[ticket.stage_category]
