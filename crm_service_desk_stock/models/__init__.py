from . import service_ticket, stock_picking
