from . import service_ticket_return, stock_return_picking
