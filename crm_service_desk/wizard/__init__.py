from . import (
    base_partner_merge,
    service_category_questions,
    service_register_wizard,
    service_remedy_wizard,
    service_remedy_wizard_documents,
    service_review,
    service_ticket_bulk,
    service_ticket_delete,
    service_ticket_merge,
    service_ticket_split,
    service_ticket_wait,
)
