{
    "name": "Contact History",
    "summary": "One history of every contact with a customer; find him by anything",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm", "sale", "phone_validation"],
    "external_dependencies": {"python": ["phonenumbers"]},
}
