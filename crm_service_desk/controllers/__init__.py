from . import portal_ticket_form, portal_tickets
