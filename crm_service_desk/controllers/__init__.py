from . import portal_ticket_actions, portal_ticket_form, portal_tickets, public_ticket_form, ticket_feedback
