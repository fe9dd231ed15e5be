from . import base_partner_merge, service_category_questions
