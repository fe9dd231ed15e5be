from . import test_structure, test_ticket_return
