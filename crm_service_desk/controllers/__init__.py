from . import portal_tickets, portal_ticket_form
