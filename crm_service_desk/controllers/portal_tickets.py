import re
from http import HTTPStatus

from odoo import http
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request
from werkzeug.exceptions import BadRequest, NotFound

MAX_SEARCH = 100
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
        filters = {
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
        if self._sees_whole_company():
            filters["mine"] = {
                "label": request.env._("Filed for me"),
                "domain": [("partner_id", "=", request.env.user.partner_id.id)],
            }
        return filters

    def _ticket_groupings(self):
        """How the list can be grouped: label, what a ticket's group is called, and the order of the groups."""
        groupings = {
            "none": {"label": request.env._("None")},
            "state": {"label": request.env._("State"), "field": "stage_category"},
            "type": {"label": request.env._("Type"), "field": "type"},
        }
        if self._sees_whole_company():
            groupings["person"] = {"label": request.env._("Person"), "field": "partner_id"}
        return groupings

    def _ticket_search_inputs(self):
        return {
            "all": {"input": "all", "label": request.env._("Search in all")},
            "number": {"input": "number", "label": request.env._("Search in number")},
            "subject": {"input": "subject", "label": request.env._("Search in subject")},
            "text": {"input": "text", "label": request.env._("Search in what was written")},
        }

    def _ticket_search_domain(self, search_in, search):
        domains = {
            "number": Domain("number", "ilike", search),
            "subject": Domain("name", "ilike", search),
            "text": Domain("description", "ilike", search),
        }
        return domains.get(search_in) or Domain.OR(domains.values())

    def _sees_whole_company(self):
        """Whether the customer sees tickets of others of his account: its main contact, or the account itself."""
        # sudo: of the customer himself, whose tickets he sees
        partner = request.env.user.partner_id.sudo()
        return partner.tickets_of_id == partner.commercial_partner_id and (
            partner != partner.commercial_partner_id or partner.is_company
        )

    @http.route(["/my/tickets", "/my/tickets/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def my_tickets(self, page=1, sortby="date", filterby="all", groupby="none", search="", search_in="all", **_other):
        """The tickets of the customer; of its main contact, those of the whole company.

        :raise BadRequest: for a sorting, filter, grouping or kind of search that does not exist, and for what is no page
        """
        choices = {
            "sortby": (sortby, self._ticket_sortings()),
            "filterby": (filterby, self._ticket_filters()),
            "groupby": (groupby, self._ticket_groupings()),
            "search_in": (search_in, self._ticket_search_inputs()),
        }
        for name, (value, possible) in choices.items():
            self._check_choice(name, value, possible)
        sortings, filters, groupings = (choices[name][1] for name in ("sortby", "filterby", "groupby"))
        search = database_text(search).strip()[:MAX_SEARCH]
        tickets = request.env["service.ticket"]
        domain = Domain(self._own_tickets()) & Domain(filters[filterby]["domain"])
        if search:
            domain &= self._ticket_search_domain(search_in, search)
        if not tickets.has_access("read"):
            domain = Domain.FALSE
        pages = pager(
            url="/my/tickets",
            total=tickets.search_count(domain) if domain != Domain.FALSE else 0,
            page=self._ticket_page(page),
            step=self._items_per_page,
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "groupby": groupby,
                "search": search,
                "search_in": search_in,
            },
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
                "groups": self._grouped(tickets.sudo(), groupings[groupby].get("field")),
                "page_name": "ticket_list",
                "default_url": "/my/tickets",
                "pager": pages,
                "searchbar_sortings": sortings,
                "sortby": sortby,
                "searchbar_filters": filters,
                "filterby": filterby,
                "searchbar_groupby": groupings,
                "groupby": groupby,
                "searchbar_inputs": self._ticket_search_inputs(),
                "search_in": search_in,
                "search": search,
                "whole_company": self._sees_whole_company(),
            },
        )

    def _grouped(self, tickets, field):
        """The tickets of one page in groups, (value, tickets) each, in the order that the field's values have."""
        if not field:
            return [(None, tickets)] if tickets else []
        groups = tickets.grouped(field)
        if field == "partner_id":
            return sorted(groups.items(), key=lambda group: (group[0].name or "").lower())
        order = [value for value, _label in tickets._fields[field]._description_selection(request.env)]
        return sorted(groups.items(), key=lambda group: order.index(group[0]))

    def _ticket_page(self, page):
        """:param page: a number of the address, or what stands behind ``?page=``"""
        if not isinstance(page, int) and not re.fullmatch(r"[0-9]{1,9}", page):
            raise BadRequest(request.env._("This page of your tickets does not exist. Go back to /my/tickets."))
        return min(int(page), MAX_ID)

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
        done = kw.pop("done", None)
        return self._render_ticket(ticket, access_token, just_filed=bool(filed), done=done, **kw)

    def _render_ticket(self, ticket, access_token, *, error=None, done=None, typed=None, just_filed=False, **kw):
        """The page of a ticket.

        :param error: what to tell on top, and with which status: see :class:`~.ticket_form_input.BadForm`
        :param done: which action has just succeeded
        :param dict typed: what was typed in a form that was refused
        """
        values = {
            "page_name": "ticket",
            "ticket": ticket,
            "just_filed": just_filed,
            "steps": ticket._steps_in_words(),
            "remedies": ticket._remedies_shown(),
            "feedback": ticket._feedback_of_closing().filtered(
                lambda feedback: feedback.partner_id.commercial_partner_id == ticket.commercial_partner_id
            ),
            "error": error,
            "done": self._done_sentences().get(done),
            "typed": typed or {},
            "acts": self._is_customer(ticket, access_token),
            "token_query": f"?access_token={access_token}" if access_token else "",
            "files": [
                # a token of limited life: the page is also read by people without a login
                {"file": file, "token": file._get_raw_access_token()}
                for file in ticket.attachment_ids
            ],
        }
        values = self._get_page_view_values(ticket, access_token, values, "my_tickets_history", False, **kw)
        return request.render(
            "crm_service_desk.portal_ticket_page", values, status=error.status if error else HTTPStatus.OK
        )

    def _done_sentences(self):
        """What is told after an action, by its word in the address."""
        return {
            "accepted": request.env._("Thank you. You have accepted our offer."),
            "rejected": request.env._(
                "You have not accepted our offer. Your case is open again, and our team reads why."
            ),
            "closed": request.env._("Thank you. This is closed."),
            "reopened": request.env._("This is open again. Our team reads what you wrote."),
            "rated": request.env._("Thank you for your marks."),
        }

    def _is_customer(self, ticket, access_token):
        """Whether the reader may act as the customer: his own login, or the link from his mail. Not our own people, who
        see the page too."""
        user = request.env.user
        if user._is_public() or user.share:
            return True
        return user.partner_id.commercial_partner_id == ticket.commercial_partner_id

    def _ticket_for_reader(self, ticket_id, access_token):
        """The ticket, as superuser, after checking the reader's rights or his token."""
        if ticket_id > MAX_ID:
            raise MissingError(request.env._("This document does not exist."))
        return self._document_check_access("service.ticket", ticket_id, access_token)
