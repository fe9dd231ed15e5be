from . import (
    test_structure,
    test_ticket_access,
    test_ticket_concurrency,
    test_ticket_conversation,
    test_ticket_customer_card,
    test_ticket_mail,
    test_ticket_number,
    test_ticket_portal_form,
    test_ticket_portal_pages,
    test_ticket_setup,
    test_ticket_speed,
    test_ticket_tours,
)
