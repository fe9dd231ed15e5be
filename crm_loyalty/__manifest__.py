{
    "name": "Membership Clubs",
    "summary": "Membership clubs, tiers, cards and points on Odoo loyalty",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_contact_history", "sale_loyalty", "partnership"],
    "external_dependencies": {"python": ["phonenumbers"]},
}
