from . import portal_ticket_form, portal_tickets, public_ticket_form
