from . import base_partner_merge, service_category_questions
from . import service_ticket_delete
