from . import service_ticket_delete
