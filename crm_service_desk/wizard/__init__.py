from . import base_partner_merge, service_category_questions
from . import service_register_wizard
from . import service_remedy_wizard, service_remedy_wizard_documents
from . import service_review
from . import service_ticket_delete
from . import service_ticket_bulk, service_ticket_merge, service_ticket_split, service_ticket_wait
