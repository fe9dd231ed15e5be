{
    "name": "Customer Analytics",
    "summary": "Retention, cohorts and the numbers behind them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_loyalty", "crm_service_desk", "survey", "mass_mailing", "digest", "spreadsheet_dashboard"],
    "external_dependencies": {"python": ["phonenumbers"]},
}
