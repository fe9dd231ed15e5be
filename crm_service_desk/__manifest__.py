{
    "name": "Service Desk",
    "summary": "Complaint tickets with deadlines, from the first word to the remedy",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_contact_history", "rating", "portal_rating", "resource", "loyalty"],
    "external_dependencies": {"python": ["phonenumbers"]},
}
