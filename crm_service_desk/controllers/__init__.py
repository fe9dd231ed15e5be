from . import (
    help_pages,
    portal_ticket_actions,
    portal_ticket_form,
    portal_ticket_merged,
    portal_tickets,
    public_ticket_form,
    ticket_feedback,
)
